"""Beat's schedule in Redis, which is believed about the past and never about the future."""

from datetime import datetime, timedelta
from typing import Any

from celery.utils.log import get_logger
from celery.utils.time import maybe_make_aware
from redbeat import RedBeatScheduler, RedBeatSchedulerEntry
from redbeat.schedulers import get_redis, to_timestamp

from shared.kernel.heartbeat import beat

logger = get_logger(__name__)

#: Clocks of two hosts may differ by so much and still be taken for right.
TOLERANCE = timedelta(seconds=5)


class ClampedEntry(RedBeatSchedulerEntry):  # type: ignore[misc]  # redbeat has no types
    """An entry that did not run in the future.

    A beat with its clock a day ahead for a minute left times of tomorrow; each sweep then waited for tomorrow, over
    restarts of beat. Such an entry has never run, as far as anybody can tell: it is due now.
    """

    @classmethod
    def from_key(cls, key: str, app: Any = None) -> "ClampedEntry":
        """Read an entry. Raises KeyError where there is none."""
        entry: ClampedEntry = super().from_key(key, app=app)
        last = entry.last_run_at
        if last is not None and maybe_make_aware(last) > entry._default_now() + TOLERANCE:
            logger.error("beat: %s claims to have run at %s, which is ahead: it is due now", entry.name, last)
            entry.last_run_at = None
        return entry


class ClampedScheduler(RedBeatScheduler):  # type: ignore[misc]  # redbeat has no types
    """Sends what is due, also where Redis says that nothing is for longer than a schedule's own interval.

    The lock is extended before each send, so that a queue that is away does not cost a beat its turn.
    """

    Entry = ClampedEntry

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        """Bring back what waits for a time that no clock of ours could have meant, then send what is due."""
        beat()
        self._bring_back()
        return super().tick(*args, **kwargs)

    def maybe_due(self, entry: Any, **kwargs: Any) -> Any:
        """Send an entry if it is due, as the one beat that holds the lock."""
        if self.lock_key:
            self.lock.extend(int(self.lock_timeout))
        return super().maybe_due(entry, **kwargs)

    def _bring_back(self) -> None:
        """Make due what waits for longer than its interval can explain; one call to Redis where nothing does."""
        now: datetime = self.app.now()
        client, conf = get_redis(self.app), self.app.redbeat_conf
        for key, score in client.zrangebyscore(conf.schedule_key, to_timestamp(now), "+inf", withscores=True):
            latest = _latest(conf.schedule.get(key.removeprefix(conf.key_prefix)), now)
            if latest is not None and score > to_timestamp(latest):
                logger.error("beat: %s waits until %.0f, which no interval of its explains: it is due now", key, score)
                client.hdel(key, "meta")
                client.zadd(conf.schedule_key, {key: to_timestamp(now)})


def _latest(entry: Any, now: datetime) -> datetime | None:
    """Return the last time that can be meant for an entry of `beat_schedule`; None where it has no interval.

    Twice the interval: redbeat counts an entry's pause from its last run, and once more from now.
    """
    every = entry.get("schedule") if isinstance(entry, dict) else None
    return now + 2 * (timedelta(seconds=every) + TOLERANCE) if isinstance(every, int | float) else None
