"""Counters as lines of the log."""

from shared.kernel.logs import get_log

log = get_log()


class LogMetrics:
    """The port Metrics, for processes that nothing scrapes; each call is one line at level info."""

    def count(self, name: str, amount: float = 1, **labels: str) -> None:
        """Write what was counted."""
        log.info("metric.counted", metric=name, amount=amount, labels=labels)

    def observe(self, name: str, value: float, **labels: str) -> None:
        """Write what was measured."""
        log.info("metric.observed", metric=name, value=value, labels=labels)
