"""How a program begins to tell its metrics: called by its first process, and by each that it forks."""

import atexit

from shared.adapters.metrics.meters import METERS
from shared.adapters.metrics.process import tell_of_process
from shared.adapters.metrics.serving import MetricsServer
from shared.kernel.settings import Settings

_SERVING: list[MetricsServer] = []


def begin_metrics(settings: Settings, process: str, *, has_children: bool = False) -> None:
    """Serve the program's metrics where a port is set; a program whose work is done in children says so.

    Again in the same process changes nothing.
    """
    if settings.metrics_port and not _SERVING:
        tell_of_process(METERS, settings, process)
        server = MetricsServer(settings.metrics_host, settings.metrics_port)
        _SERVING.append(server.start(has_children=has_children))


def begin_metrics_in_child(settings: Settings, process: str) -> None:
    """Begin to write down what a forked process counts, for its parent to tell; the last is written at its end."""
    if not _SERVING or _SERVING[0].snapshots is None:
        return
    tell_of_process(METERS, settings, process)
    snapshots = _SERVING[0].snapshots
    snapshots.write_again_and_again(METERS.collect)
    atexit.register(snapshots.write, METERS.collect)


def note_metrics() -> None:
    """Write down what this process counted, now: it ends."""
    if _SERVING and _SERVING[0].snapshots is not None:
        _SERVING[0].snapshots.write(METERS.collect)
