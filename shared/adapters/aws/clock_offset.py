"""How far this host's clock is from AWS's, by the Date of AWS's own answers."""

import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any

LOOK_SECONDS = 10.0


class ClockOffset:
    """Reads the Date header of what AWS answers, at most once in ten seconds, since parsing one costs 10 µs.

    It is right to within a second and the time that the answer took: enough to tell a clock that is minutes off.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        """Know nothing yet; the clock is the host's own, in epoch seconds."""
        self._clock = clock
        self._look_at = 0.0
        self._ahead = 0.0

    @property
    def seconds_ahead(self) -> float:
        """Return by how much this host's clock is ahead, negative where it is behind; 0 before the first answer."""
        return self._ahead

    def listen(self, client: Any) -> None:
        """Read the answers that a boto3 client gets from now on."""
        client.meta.events.register("after-call", self._after_call)

    def _after_call(self, http_response: Any, **_fields: Any) -> None:
        if time.monotonic() >= self._look_at:
            self._look_at = time.monotonic() + LOOK_SECONDS
            self._read(http_response.headers.get("Date", ""))

    def _read(self, date: str) -> None:
        """Take a date; one that cannot be read says nothing."""
        try:
            theirs = parsedate_to_datetime(date).timestamp()
        except ValueError:
            return
        self._ahead = self._clock() - theirs
