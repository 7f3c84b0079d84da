"""The port Metrics over prometheus-client, in the memory of each process."""

import os
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from shared.kernel.measures import MEASURES, PREFIX, Kind, Measure
from shared.kernel.ports import Readings

MOST_LABEL_SETS = 1_000
"""Of one measure: what comes beyond is told together, since each costs memory here and in Prometheus for ever."""
OTHERS = "other"

Labels = tuple[tuple[str, str], ...]


class Meters:
    """Counts, and never fails: a fault of a measurement is counted itself, and costs nothing but the measurement.

    A forked child begins at zero with locks of its own: what its parent counted, the parent tells.
    """

    def __init__(self) -> None:
        """Begin at zero."""
        self._begin()
        _ALIVE.add(self)

    def count(self, name: str, amount: float = 1, **labels: str) -> None:
        """Add to a counter."""
        try:
            self._child(name, tuple(labels.items())).inc(amount)
        except Exception:  # what is measured never decides about what it is measured of
            self._faults += 1

    def observe(self, name: str, value: float, **labels: str) -> None:
        """Record one value of a distribution."""
        try:
            self._child(name, tuple(labels.items())).observe(value)
        except Exception:  # as above
            self._faults += 1

    def watch(self, name: str, read: Callable[[], Readings]) -> None:
        """Have a counter or a gauge read whenever metrics are told; of the same name, all readings are told."""
        with self._lock:
            self._watched.append((MEASURES[name], read))

    def collect(self) -> Iterator[Metric]:
        """Give what is known now, as prometheus-client's collectors do."""
        yield from self.registry.collect()
        yield from self._read_all()

    def _begin(self) -> None:
        self._lock = threading.Lock()
        self._children: dict[tuple[str, Labels], Any] = {}
        self._sizes: dict[str, int] = {}
        self._families: dict[str, Any] = {}
        self._watched: list[tuple[Measure, Callable[[], Readings]]] = []
        self._faults = 0
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)

    def _child(self, name: str, labels: Labels) -> Any:
        found = self._children.get((name, labels))
        return self._new_child(name, labels) if found is None else found

    def _new_child(self, name: str, labels: Labels) -> Any:
        with self._lock:
            family = self._families.get(name)
            if family is None:
                family = self._families[name] = _family(MEASURES[name], self.registry)
            size = self._sizes[name] = self._sizes.get(name, 0) + 1
            told = {label: OTHERS for label, _ in labels} if size > MOST_LABEL_SETS else dict(labels)
            child = family.labels(**told) if labels else family
            if size <= MOST_LABEL_SETS:
                self._children[name, labels] = child
            return child

    def _read_all(self) -> Iterator[Metric]:
        families: dict[str, Any] = {}
        for measure, read in list(self._watched):
            try:
                for labels, value in read():
                    family = families.setdefault(measure.name, _read_family(measure))
                    family.add_metric([str(labels[label]) for label in measure.labels], value)
            except Exception:  # one reading that fails must not keep the others from being told
                self._faults += 1
        yield from families.values()
        yield CounterMetricFamily(
            f"{PREFIX}measuring_faults", MEASURES["measuring_faults"].meaning, value=float(self._faults)
        )


def _family(measure: Measure, registry: CollectorRegistry) -> Any:
    kinds: dict[Kind, Any] = {Kind.COUNTER: Counter, Kind.HISTOGRAM: Histogram}
    options: dict[str, Any] = {"buckets": measure.buckets} if measure.kind is Kind.HISTOGRAM else {}
    name = f"{PREFIX}{measure.name}"
    return kinds[measure.kind](name, measure.meaning, measure.labels, registry=registry, **options)


def _read_family(measure: Measure) -> CounterMetricFamily | GaugeMetricFamily:
    kind = CounterMetricFamily if measure.kind is Kind.COUNTER else GaugeMetricFamily
    return kind(f"{PREFIX}{measure.name}", measure.meaning, labels=measure.labels)


def readings(values: Iterable[tuple[str, float]], label: str) -> Readings:
    """Return readings of one label."""
    return [({label: name}, value) for name, value in values]


_ALIVE: "weakref.WeakSet[Meters]" = weakref.WeakSet()


def _begin_anew() -> None:
    for meters in list(_ALIVE):
        meters._begin()


os.register_at_fork(after_in_child=_begin_anew)

METERS = Meters()
"""The meters of this process."""
