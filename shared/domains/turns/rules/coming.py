"""A recording as it comes to whoever hears it: chunk by chunk, until it ends in one of the ways that there are."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import Enum, auto
from threading import Lock

from shared.domains.turns.contract import FollowSpeech
from shared.domains.turns.models import Take
from shared.domains.turns.ports import Takes, TurnLog
from shared.kernel.errors import Unavailable
from shared.kernel.ports import Clock, JobTracker

POLL_SECONDS = 0.05
"""How long a chunk lies until it is heard, at most; each look costs Redis 30 microseconds."""
WISHES_SECONDS = 1.0
"""How often it is asked whether the student wants no more."""
QUIET_SECONDS = 60.0
LONGEST_SECONDS = 300.0
"""A minute of sound with all its cuts; what goes on for longer is not meant to end."""
RUN_SECONDS = 70.0
"""A run hands on to the next one then: the queue's limit is 90 s."""
OUTAGE_SECONDS = 10.0


class Outcome(Enum):
    """How the coming ended: all was said, or the student wants no more; or as a run's time, or the take, did.

    CLOSED means that an earlier run had its turn answered.
    """

    ENDED = auto()
    CLOSED = auto()
    STOPPED = auto()
    DROPPED = auto()
    LOST = auto()
    REFUSED = auto()
    PARTED = auto()


class Coming:
    """The chunks of a take, from the first on, for as long as it grows; several may read it at once, each all of it.

    Redis may be away for ten seconds meanwhile; reading raises Unavailable after that.
    """

    def __init__(self, job: FollowSpeech, takes: Takes, log: TurnLog, tracker: JobTracker, clock: Clock) -> None:
        """Begin now."""
        self._job, self._takes, self._log, self._tracker, self._clock = job, takes, log, tracker, clock
        self._began = self._asked = self._seen = clock.now()
        self._lock = Lock()
        self.chunks: list[bytes] = []
        self.outcome: Outcome | None = None
        self.ended_at: str | None = None
        self.refusal: str | None = None

    def __iter__(self) -> Iterator[bytes]:
        """Give chunk by chunk, waiting for each. Raises Unavailable where Redis is away for long."""
        at = 0
        while True:
            known = len(self.chunks)
            yield from self.chunks[at:known]
            at = known
            if self.outcome is not None and at == len(self.chunks):
                return
            with self._lock:
                if self.outcome is None and at == len(self.chunks):
                    self._look()

    def wait(self) -> None:
        """Return when it has ended. Raises Unavailable as reading does."""
        for _ in self:
            pass

    def _look(self) -> None:
        """Read what is new; where nothing is, rest a little."""
        try:
            take = self._takes.read(self._job.user_id, self._job.turn_id, len(self.chunks))
            outcome = self._judged(take)
        except Unavailable:
            if self._is_past(self._seen, OUTAGE_SECONDS):
                raise
            take, outcome = Take([], is_streamed=False), None
        else:
            self._seen = self._clock.now()
        self.chunks += take.chunks if take is not None else []
        self.outcome = outcome
        if outcome is None and not (take and take.chunks):
            self._clock.sleep(POLL_SECONDS)

    def _judged(self, take: Take | None) -> Outcome | None:
        if take is None:
            return Outcome.LOST
        self.ended_at, self.refusal = take.ended_at, take.refusal
        if take.is_closed:
            return Outcome.CLOSED
        if take.refusal is not None:
            return Outcome.REFUSED
        if take.ended_at is not None:
            return Outcome.ENDED
        if take.quiet >= QUIET_SECONDS or take.age >= LONGEST_SECONDS:
            return Outcome.DROPPED
        if self._is_unwanted():
            return Outcome.STOPPED
        return Outcome.PARTED if self._is_past(self._began, RUN_SECONDS) else None

    def _is_unwanted(self) -> bool:
        if not self._is_past(self._asked, WISHES_SECONDS):
            return False
        self._asked = self._clock.now()
        live = self._log.read(self._job.turn_id)
        is_over = live is not None and (live.is_stopped or live.answer is not None)
        return is_over or self._tracker.is_cancelled(self._job.turn_id)

    def _is_past(self, since: datetime, seconds: float) -> bool:
        return self._clock.now() - since >= timedelta(seconds=seconds)
