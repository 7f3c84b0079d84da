"""What is counted of every run of a job."""

import time
from types import TracebackType

from shared.kernel.contract import Job
from shared.kernel.ports import Metrics
from shared.kernel.runs import Arrival
from workers.outcomes import GivenUp, Later

DONE, REPEATED = "done", "repeated"


class measured:  # noqa: N801 - read as a verb, like contextlib's own
    """Count a run by its end and its length, whatever ends it; `outcome` is what it is if nothing is raised."""

    def __init__(self, metrics: Metrics, job_type: type[Job], arrival: Arrival) -> None:
        """Measure a run that begins now."""
        self._metrics, self._type, self._arrival = metrics, job_type, arrival
        self._began = 0.0
        self.outcome = DONE

    def __enter__(self) -> "measured":
        """Begin."""
        self._began = time.perf_counter()
        self._metrics.observe("job_wait_seconds", self._arrival.queue_seconds or 0.0, queue=self._type.queue.value)
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _at: TracebackType | None
    ) -> None:
        """End."""
        seconds = time.perf_counter() - self._began
        self._metrics.observe("job_seconds", seconds, task=self._type.name)
        self._metrics.count("jobs", task=self._type.name, outcome=self.outcome if error is None else ended_by(error))


def ended_by(error: BaseException) -> str:
    """Return in one word how a run ended that raised."""
    if isinstance(error, Later):
        return error.outcome
    return "given_up" if isinstance(error, GivenUp) else "fault"
