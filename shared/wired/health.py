"""What a process says of itself: the one list of checks behind its start, /readyz, `check` and `provision --check`."""

import os
import time
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from pathlib import Path

from shared.adapters.aws.queue_checks import QueueChecks
from shared.adapters.dynamodb.schedules import DynamoScheduleNotes
from shared.catalogue import SCHEDULE
from shared.kernel.errors import Unavailable
from shared.kernel.log_sinks import lost_lines
from shared.kernel.loops import broken_loops
from shared.kernel.schedules import late
from shared.kernel.times import timestamp
from shared.wired.base import Base

LOOK_AGAIN_SECONDS = 60.0
_UNKNOWN_SIGNER = (
    "nobody who is known here signed its certificate. Where that is meant, as at Heroku, set REDIS_CERTIFICATE=none."
)
WRONG_CLOCK_SECONDS = 60.0
"""AWS itself refuses what was signed by a clock that is five minutes off."""


class Health(Base):
    """Checks of which each must hold for a process to be of use, and notices of what a person should see."""

    @property
    def own_readiness(self) -> dict[str, Callable[[], object]]:
        """Return what must hold in this process and in Redis, each as a cheap question that raises where it does not.

        Redis is asked to write: one that is full, or has become a replica, answers a PING and refuses every post.
        """
        return {"redis": self._redis_is_writable, "loops": _no_loop_is_broken}

    def _redis_is_writable(self) -> None:
        try:
            self.redis.call("SET", "ready", "1", "EX", 5)
        except Unavailable as problem:
            if "CERTIFICATE_VERIFY_FAILED" not in str(problem.__cause__):
                raise
            raise Unavailable(_UNKNOWN_SIGNER) from None

    @cached_property
    def schedule_notes(self) -> DynamoScheduleNotes:
        """Return when each scheduled job last ended well."""
        return DynamoScheduleNotes(self.table)

    @property
    def notices(self) -> list[str]:
        """Return a sentence for each thing that works less well than it should; looked up anew once a minute."""
        if time.monotonic() > self._look_at:
            self._look_at = time.monotonic() + LOOK_AGAIN_SECONDS
            self._found = [*QueueChecks(self.aws, self.settings).notices(), *self._late_schedules()]
        return [*self._found, *self._of_this_process()]

    @property
    def problems(self) -> list[str]:
        """Return a sentence for each thing beside AWS that is not as it must be now; it takes a call to Redis.

        What a process logs at its start, and `check` and `provision --check` say.
        """
        unanswered = [sentence for check in self.own_readiness.items() for sentence in unanswered_by(*check)]
        return [*unanswered, *self._of_this_process()]

    @property
    def is_clock_wrong(self) -> bool:
        """Tell whether this host's clock is more than a minute off, by AWS's: what rests on ages is left to others."""
        return abs(self.aws.clock_offset.seconds_ahead) > WRONG_CLOCK_SECONDS

    def _of_this_process(self) -> list[str]:
        return [*unwritable_log(self.settings.log_file), *_lost_lines(), *self._wrong_clock()]

    def _wrong_clock(self) -> list[str]:
        ahead = self.aws.clock_offset.seconds_ahead
        if not self.is_clock_wrong:
            return []
        return [f"The clock of this host is {abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} AWS's."]

    _look_at = 0.0
    _found: list[str] = []  # noqa: RUF012 - replaced, never changed

    @cached_property
    def _since(self) -> datetime:
        return self.clock.now()

    def _late_schedules(self) -> list[str]:
        intervals = {entry.job.name: entry.every_seconds for entry in SCHEDULE}
        try:
            last = self.schedule_notes.last()
        except Unavailable:
            return []
        found = late(intervals, last, since=self._since, now=self.clock.now())
        return [f"{name} is late: last done {timestamp(last[name]) if name in last else 'never'}." for name in found]


def unanswered_by(name: str, question: Callable[[], object]) -> list[str]:
    """Return a sentence where a question raises instead of returning."""
    try:
        question()
    except Exception as problem:  # whatever a dependency raises, the service would not be ready
        return [f"{name} does not answer: {problem.__cause__ or problem}"]
    return []


def unwritable_log(path: str | None) -> list[str]:
    """Return a sentence where the log file cannot be written; lines then go to standard error alone."""
    if not path:
        return []
    place = Path(path) if Path(path).exists() else Path(path).parent
    if not os.access(place, os.W_OK):
        return [f"LOG_FILE: {path} cannot be written."]
    disk = os.statvfs(place)
    return [f"LOG_FILE: the disk of {path} is full."] if disk.f_blocks and not disk.f_bavail else []


def _lost_lines() -> list[str]:
    lost = lost_lines()
    return [f"{lost} lines of the log of this process could not be written."] if lost else []


def _no_loop_is_broken() -> None:
    if broken := broken_loops():
        raise Unavailable(f"These loops stand still: {', '.join(broken)}.")
