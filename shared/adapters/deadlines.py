"""How long an outside call may take while a job runs: its three tries are one budget, which the deadline ends."""

from shared.adapters.sqs_transport.deadlines import remaining
from shared.kernel.errors import Unavailable


class TaskDeadline:
    """The port Deadline, by the worker's pool of threads; outside it, and in processes, nothing is limited here."""

    def remaining(self) -> float | None:
        """Return the seconds left to the running job."""
        return remaining()


def call_seconds(most: float) -> float:
    """Return the time-out of an outside call with all its tries: at most so many seconds, less near the deadline.

    Raises:
        Unavailable: the deadline has passed; the job's next run has time again.
    """
    left = remaining()
    if left is None:
        return most
    if left <= 0:
        raise Unavailable("The time for this job is up.", "작업 시간이 끝났습니다.")
    return min(most, left)
