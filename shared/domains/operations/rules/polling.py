"""The rules of watching the queues: one process asks for all, and what it sees is kept for whoever looks."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime

from shared.domains.operations.models import GroupLoad, Letters, Sample
from shared.domains.operations.ports import Published, QueueDepths, QueueHistory, WorkerSigns
from shared.domains.operations.rules.scaling import GroupWatch
from shared.kernel.errors import Unavailable
from shared.kernel.logs import get_log
from shared.kernel.ports import Clock, Gauges, Readings
from shared.kernel.queues import dead_letter_queue_name

POLL_SECONDS = 15.0
HOLD_SECONDS = 2.5 * POLL_SECONDS
LETTERS_SECONDS = 60.0
STALE_SECONDS = 4 * POLL_SECONDS
MOST_GROUPS = 20

log = get_log()


class QueuePoller:
    """Looks at the queues every 15 s and at the letters once a minute, in one of the processes that would.

    Where nobody can tell which, each looks: to know twice costs less than not to know. Numbers that are older than a
    minute are told no more, so that an alarm on missing ones sounds.
    """

    def __init__(
        self,
        name: str,
        *,
        depths: QueueDepths,
        history: QueueHistory,
        signs: WorkerSigns,
        letters: Callable[[], Letters],
        schedules: Callable[[], dict[str, datetime]],
        published: Published,
        clock: Clock,
    ) -> None:
        """Keep the ports; nothing is asked yet."""
        self._name, self._depths, self._history, self._clock = name, depths, history, clock
        self._signs, self._published, self._groups = signs, published, GroupWatch()
        self._read_letters, self._read_schedules = letters, schedules
        self._sample: Sample | None = None
        self._letters = Letters()
        self._loads: list[GroupLoad] = []
        self._schedules: dict[str, datetime] = {}
        self._letters_at = 0.0

    def look(self) -> None:
        """Look once, if it is this one's turn."""
        if not self._is_mine():
            self._sample = None
            return
        try:
            self._sample = Sample(at=self._clock.now().timestamp(), queues=self._depths.read())
            self._loads = self._look_at_groups(self._sample)
            self._look_at_letters()
        except Unavailable as problem:
            log.warning("queues.not_seen", problem=str(problem))

    @property
    def loads(self) -> list[GroupLoad]:
        """Return what each group of workers had to do when this one last looked; nothing where it does not look."""
        return self._loads if self._fresh() else []

    def tell(self, gauges: Gauges) -> None:
        """Have what was seen told with the metrics."""
        gauges.watch("queue_messages", self._messages)
        gauges.watch("queue_oldest_seconds", self._ages)
        gauges.watch("letters", lambda: self._counted(self._letters.states, "state"))
        gauges.watch("letter_group_letters", lambda: self._counted(self._letters.groups, "fingerprint"))
        gauges.watch("schedule_done_timestamp_seconds", self._done)
        gauges.watch("queues_polled_timestamp_seconds", lambda: [({}, one.at) for one in self._fresh()])

    def _is_mine(self) -> bool:
        try:
            return self._history.may_poll(self._name, HOLD_SECONDS)
        except Unavailable:
            return True

    def _look_at_groups(self, sample: Sample) -> list[GroupLoad]:
        """Return what each group has to do; nothing where Redis does not say who works, which no policy takes for 0."""
        try:
            self._history.note(sample)
            return self._groups.loads(sample, self._signs.living())
        except Unavailable as problem:
            log.warning("queues.not_kept", problem=str(problem))
            return []

    def _look_at_letters(self) -> None:
        now = self._clock.now().timestamp()
        if now - self._letters_at >= LETTERS_SECONDS:
            self._letters, self._schedules = self._read_letters(), self._read_schedules()
            self._letters_at = now
            self._published.publish(self._letters, self._loads)

    def _fresh(self) -> list[Sample]:
        sample = self._sample
        is_fresh = sample is not None and self._clock.now().timestamp() - sample.at < STALE_SECONDS
        return [sample] if sample is not None and is_fresh else []

    def _messages(self) -> Readings:
        for sample in self._fresh():
            for one in sample.queues:
                states = {"visible": one.visible, "in_flight": one.in_flight, "delayed": one.delayed}
                for state, count in states.items():
                    yield {"queue": one.queue, "state": state}, count
                yield {"queue": dead_letter_queue_name(one.queue), "state": "visible"}, one.dead

    def _ages(self) -> Readings:
        for sample in self._fresh():
            for one in sample.queues:
                if one.oldest_seconds is not None:
                    yield {"queue": one.queue}, one.oldest_seconds

    def _counted(self, counts: dict[str, int], label: str) -> Readings:
        return [({label: name}, count) for name, count in counts.items()] if self._fresh() else []

    def _done(self) -> Readings:
        return [({"schedule": name}, at.timestamp()) for name, at in self._schedules.items()] if self._fresh() else []


def counted(states: Counter[str], groups: Counter[str]) -> Letters:
    """Return the counts with the twenty largest groups: a fingerprint is a label, and labels are few."""
    return Letters(dict(states), dict(groups.most_common(MOST_GROUPS)))
