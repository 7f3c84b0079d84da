"""What every process tells of itself."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from shared.adapters.metrics.meters import readings
from shared.adapters.sqs_transport import health
from shared.kernel.log_sinks import lost_lines
from shared.kernel.loops import loops
from shared.kernel.ports import Gauges, Readings
from shared.kernel.settings import Settings


def tell_of_process(gauges: Gauges, settings: Settings, process: str) -> None:
    """Have a process tell what it is, how its loops, its log and its consumers do; once, and again after a fork."""
    gauges.watch("build_info", lambda: [({"version": settings.version, "process": process}, 1)])
    gauges.watch("feature_info", lambda: readings(((name, 1) for name in _features(settings)), "feature"))
    gauges.watch("loop_faults", lambda: readings(((one.name, one.faults) for one in loops()), "loop"))
    gauges.watch("loops_broken", lambda: [({}, sum(one.is_broken for one in loops()))])
    gauges.watch("log_lines_lost", lambda: [({}, lost_lines())])
    gauges.watch("log_disk_free_bytes", lambda: [({}, free) for free, _ in _disk(settings.log_file)])
    gauges.watch("log_disk_size_bytes", lambda: [({}, size) for _, size in _disk(settings.log_file)])
    gauges.watch("receiver_silence_seconds", _silence)
    gauges.watch("messages_received", lambda: readings(health.received().items(), "queue"))
    gauges.watch("transport_events", lambda: readings(health.counters().items(), "event"))


def _features(settings: Settings) -> list[str]:
    found = [f"python-{sys.version_info.major}.{sys.version_info.minor}", f"pool-{settings.worker_pool}"]
    found.append("aws-stand-in" if settings.aws_endpoint_url else "aws")
    return found


def _disk(log_file: str | None) -> Iterator[tuple[int, int]]:
    if log_file and Path(log_file).parent.exists():
        usage = shutil.disk_usage(Path(log_file).parent)
        yield usage.free, usage.total


def _silence() -> Readings:
    silent: dict[str, float] = {}
    for one in health.queue_health():
        silent[one.queue] = max(one.seconds_since_receive, silent.get(one.queue, 0.0))
    return readings(silent.items(), "queue")
