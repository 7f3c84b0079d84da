"""Metrics of several processes of one program, told as one: each writes down what it counted, the first adds it up.

prometheus-client's own way of several processes writes every value into files mapped into memory: on a disk that is
full the kernel ends a process that does so. Here a disk that is full costs the news of the last seconds.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson
from prometheus_client.core import Metric

from shared.kernel.logs import get_log
from shared.kernel.loops import Loop
from shared.kernel.measures import MEASURES, Merged

EVERY_SECONDS = 5.0
_FOLDER = "speaktracker-metrics-"
_RULES: dict[str, Callable[[float, float], float]] = {
    **{
        measure.served_as: {Merged.LARGEST: max, Merged.SMALLEST: min}[measure.merged]
        for measure in MEASURES.values()
        if measure.merged is not Merged.SUM
    },
    "process_start_time_seconds": min,
    "process_max_fds": max,
}
"""How values of several processes come to one, where they do not add up."""

Sample = tuple[str, tuple[tuple[str, str], ...]]
Collect = Callable[[], Iterable[Metric]]

log = get_log()


class Sum:
    """Metrics that are added up; what a process that ended had counted stays."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._heads: dict[str, tuple[str, str]] = {}
        self._values: dict[str, dict[Sample, float]] = {}

    def add(self, metrics: Iterable[dict[str, Any]], *, only_counted: bool = False) -> None:
        """Add a snapshot; of a process that has ended only what was counted, since its gauges are no more."""
        for metric in metrics:
            if only_counted and metric["type"] == "gauge":
                continue
            self._heads.setdefault(metric["name"], (metric["help"], metric["type"]))
            values = self._values.setdefault(metric["name"], {})
            for name, labels, value in metric["samples"]:
                key = (name, tuple(sorted(labels.items())))
                values[key] = _joined(name, values[key], value) if key in values else value

    def snapshot(self) -> list[dict[str, Any]]:
        """Return the sum as a snapshot."""
        return [
            {
                "name": name,
                "help": told,
                "type": kind,
                "samples": [[sample, dict(labels), value] for (sample, labels), value in self._values[name].items()],
            }
            for name, (told, kind) in self._heads.items()
        ]


def _joined(name: str, one: float, other: float) -> float:
    rule = _RULES.get(name)
    return rule(one, other) if rule else one + other


def taken(metrics: Iterable[Metric]) -> list[dict[str, Any]]:
    """Return metrics as JSON can hold them, without the times at which counters began, which do not add up.

    Gives way after each metric: all of a gateway's take about 10 ms, and nobody's message shall wait for them.
    """
    found = []
    for metric in metrics:
        samples = [
            [sample.name, sample.labels, sample.value]
            for sample in metric.samples
            if not sample.name.endswith("_created")
        ]
        found.append({"name": metric.name, "help": metric.documentation, "type": metric.type, "samples": samples})
        time.sleep(0)
    return found


def told(snapshot: Iterable[dict[str, Any]]) -> Iterator[Metric]:
    """Give a snapshot back as prometheus-client's metrics."""
    for metric in snapshot:
        found = Metric(metric["name"], metric["help"], metric["type"])
        for name, labels, value in metric["samples"]:
            found.add_sample(name, labels, value)
        yield found


class Snapshots:
    """The folder in which the processes of one program write; made by the first of them, and removed with it."""

    def __init__(self) -> None:
        """Make the folder, and remove those of programs that were killed."""
        self.owner = os.getpid()
        _remove_left(Path(tempfile.gettempdir()))
        self.path = Path(tempfile.mkdtemp(prefix=f"{_FOLDER}{self.owner}-"))
        self._ended = Sum()

    def write(self, collect: Collect) -> None:
        """Write down what this process counted; where that is impossible, the last that was written stands."""
        target = self.path / f"{os.getpid()}.json"
        fresh = target.with_suffix(".new")
        try:
            fresh.write_bytes(orjson.dumps(taken(collect())))
            fresh.replace(target)
        except OSError as problem:
            log.warning("metrics.not_written", problem=type(problem).__name__)

    def write_again_and_again(self, collect: Collect) -> Loop:
        """Begin to write every few seconds, in a process that was forked."""
        return Loop("metrics", lambda: self.write(collect), EVERY_SECONDS, observes=True).start()

    def collect(self, own: Collect) -> Iterator[Metric]:
        """Give what all processes counted, this one's own at this moment."""
        total = Sum()
        total.add(taken(own()))
        for path in self.path.glob("*.json"):
            self._add(path, total)
        total.add(self._ended.snapshot())
        yield from told(total.snapshot())

    def remove(self) -> None:
        """Remove the folder; only the process that made it does."""
        if os.getpid() == self.owner:
            shutil.rmtree(self.path, ignore_errors=True)

    def _add(self, path: Path, total: Sum) -> None:
        lives = is_alive(int(path.stem))
        try:
            snapshot = orjson.loads(path.read_bytes())
        except (OSError, orjson.JSONDecodeError):
            return
        if lives:
            total.add(snapshot)
            return
        self._ended.add(snapshot, only_counted=True)
        path.unlink(missing_ok=True)


def is_alive(pid: int) -> bool:
    """Tell whether there is a process of that number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _remove_left(place: Path) -> None:
    for folder in place.glob(f"{_FOLDER}*"):
        pid = folder.name.removeprefix(_FOLDER).partition("-")[0]
        with suppress(OSError):
            if pid.isdecimal() and not is_alive(int(pid)) and folder.stat().st_uid == os.getuid():
                shutil.rmtree(folder, ignore_errors=True)
