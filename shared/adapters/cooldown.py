"""Not asking again at once what has just not answered."""

import time


class Cooldown:
    """After a failure, rest for a while: otherwise each request of an outage waits for its own time-out."""

    def __init__(self, seconds: float) -> None:
        """Rest so long."""
        self._seconds = seconds
        self._until = 0.0

    @property
    def is_resting(self) -> bool:
        """Tell whether the last failure is so recent that asking is not worth the wait."""
        return time.monotonic() < self._until

    def failed(self) -> None:
        """Begin to rest."""
        self._until = time.monotonic() + self._seconds
