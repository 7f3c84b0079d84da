"""What beat does not ask for is asked for."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest

from shared.adapters.memory.kernel import MemoryJobs, SetClock
from shared.adapters.sqs_transport.hand_back import Settled
from shared.domains.messages.contract import SweepUnqueued
from shared.kernel.errors import Unavailable
from workers.handling import _run
from workers.schedules import INTERVALS, ScheduleWatch


class Notes:
    def __init__(self) -> None:
        self.at: dict[str, datetime] = {}
        self.is_away = False

    def note(self, name: str, at: datetime) -> None:
        if self.is_away:
            raise Unavailable("away")
        self.at[name] = at

    def last(self) -> dict[str, datetime]:
        if self.is_away:
            raise Unavailable("away")
        return self.at


class Counted:
    def __init__(self) -> None:
        self.names: list[str] = []

    def count(self, name: str, amount: float = 1, **labels: str) -> None:
        self.names.append(labels["schedule"])

    def observe(self, name: str, value: float, **labels: str) -> None:
        raise AssertionError(name)


def test_what_is_late_is_asked_for_and_counted() -> None:
    notes, jobs, counted, clock = Notes(), MemoryJobs(), Counted(), SetClock()
    watch = ScheduleWatch(lambda: notes, lambda: jobs, lambda: counted, clock)
    watch.look()
    assert jobs.jobs == []

    clock.sleep(90)
    for name in INTERVALS.keys() - {SweepUnqueued.name}:
        watch.done(name)
    watch.done("somebody.else")
    watch.look()

    assert [job.name for job in jobs.jobs] == counted.names == [SweepUnqueued.name]
    assert "somebody.else" not in notes.at


def test_a_table_that_is_away_ends_nothing() -> None:
    notes, jobs = Notes(), MemoryJobs()
    notes.is_away = True
    watch = ScheduleWatch(lambda: notes, lambda: jobs, Counted, SetClock())

    watch.done(SweepUnqueued.name)
    watch.look()

    assert jobs.jobs == []


def test_a_host_whose_clock_is_wrong_sweeps_nothing_and_calls_nothing_late() -> None:
    jobs, ran = MemoryJobs(), Mock()
    watch = ScheduleWatch(Notes, lambda: jobs, Counted, SetClock(), lambda: True)
    watch.look()
    task: Any = SimpleNamespace(request=SimpleNamespace(id="job-1"))
    context: Any = SimpleNamespace(is_clock_wrong=True, settled=Settled)

    with pytest.raises(Settled, match="the clock of this host is wrong"):
        _run(task, ran, SweepUnqueued, context, ({},))

    assert not ran.run.called
    assert jobs.jobs == []
