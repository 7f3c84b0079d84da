"""Seeing to it that what beat asks for is done, also where beat does not ask."""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from celery.signals import task_success, worker_ready

from shared.catalogue import SCHEDULE
from shared.kernel.errors import Unavailable
from shared.kernel.logs import get_log
from shared.kernel.loops import forever
from shared.kernel.ports import Clock, JobQueue, Metrics
from shared.kernel.queues import Queue
from shared.kernel.schedules import ScheduleNotes, late
from shared.wiring import WorkerContext

LOOK_SECONDS = 30.0
NOTE_SECONDS = 20.0
JOBS = {entry.job.name: entry.job for entry in SCHEDULE}
INTERVALS = {entry.job.name: entry.every_seconds for entry in SCHEDULE}

log = get_log()


class ScheduleWatch:
    """Notes what was done, and asks itself for what is late: such jobs may run twice at once.

    A beat that is gone, or believes that nothing is due, then costs a slower pace and no sweep at all.
    """

    def __init__(
        self,
        notes: Callable[[], ScheduleNotes],
        jobs: Callable[[], JobQueue],
        metrics: Callable[[], Metrics],
        clock: Clock,
        is_clock_wrong: Callable[[], bool] = lambda: False,
    ) -> None:
        """Keep the ports, which are asked for when they are needed."""
        self._is_clock_wrong = is_clock_wrong
        self._notes, self._jobs, self._metrics, self._clock = notes, jobs, metrics, clock
        self._since: datetime = clock.now()
        self._noted: dict[str, float] = {}

    def done(self, name: str) -> None:
        """Note that a job ended well, at most every 20 s for each; a note that cannot be written costs nothing."""
        if name not in JOBS or time.monotonic() - self._noted.get(name, -NOTE_SECONDS) < NOTE_SECONDS:
            return
        self._noted[name] = time.monotonic()
        try:
            self._notes().note(name, self._clock.now())
        except Unavailable:
            log.warning("schedule.not_noted", schedule=name)

    def look(self) -> None:
        """Ask for what is late, and log it; a host whose clock is wrong cannot tell."""
        if self._is_clock_wrong():
            return
        try:
            found = late(INTERVALS, self._notes().last(), since=self._since, now=self._clock.now())
            for name in found:
                log.error("schedule.late", schedule=name)
                self._metrics().count("schedules_late", schedule=name)
                self._jobs().enqueue(JOBS[name])
        except Unavailable:
            log.warning("schedules.not_seen")


def connect_schedules(context: WorkerContext) -> None:
    """Note every success of a scheduled job, and look after them in the workers of dead letters, which do most."""
    watch = ScheduleWatch(
        lambda: context.schedule_notes,
        lambda: context.jobs,
        lambda: context.metrics,
        context.clock,
        lambda: context.is_clock_wrong,
    )

    def note(sender: Any, **_fields: Any) -> None:
        watch.done(sender.name)

    def begin(sender: Any, **_fields: Any) -> None:
        if Queue.DEAD_LETTERS.value in sender.app.amqp.queues.consume_from:
            forever("schedules", watch.look, LOOK_SECONDS, observes=True)

    task_success.connect(note, weak=False)
    worker_ready.connect(begin, weak=False)
