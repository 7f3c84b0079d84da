from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from shared.adapters.memory.kernel import MemoryJobs, SetClock
from shared.adapters.memory.practice import MemorySessions
from shared.domains.practice.contract import CountSession, EndSession, EndSessions, StartSession
from shared.domains.practice.errors import SessionEnded, SessionNotFound
from shared.domains.practice.models import Learner, LearningSession, SessionType
from shared.domains.practice.rules.sessions import (
    count_session,
    end_session,
    end_sessions,
    open_session,
    start_session,
    sweep_sessions,
)
from shared.domains.statistics.contract import RecordEvent
from shared.kernel.errors import Unavailable


class World:
    def __init__(self) -> None:
        self.clock, self.jobs, self.sessions = SetClock(), MemoryJobs(), MemorySessions()
        self.zone = "Asia/Seoul"

    def start(self, session_id: str = "s1", sign_in: str = "in-1", user_id: str = "ann") -> LearningSession:
        command = StartSession(session_type=SessionType.PRACTICE)
        return start_session(
            command, user_id, session_id=session_id, sign_in=sign_in, sessions=self.sessions, clock=self.clock
        )

    def end(self, speaking: float | None = None, user_id: str = "ann") -> LearningSession:
        command = EndSession(session_id="s1", speaking_duration=speaking)
        return end_session(command, user_id, sessions=self.sessions, jobs=self.jobs, clock=self.clock)

    def sweep(self) -> int:
        return sweep_sessions(sessions=self.sessions, jobs=self.jobs, clock=self.clock)

    def count(self) -> None:
        count_session(CountSession(session_id="s1"), sessions=self.sessions, learners=self, jobs=self.jobs)

    def learner(self, user_id: str) -> Learner:
        return Learner(user_id=user_id, email="ann@example.com", time_zone=self.zone)

    def watching(self, learner: Learner) -> list[str]:
        return []

    def later(self, **by: float) -> None:
        self.clock.at += timedelta(**by)

    @property
    def events(self) -> list[Any]:
        return [job.event for job in self.jobs.jobs if isinstance(job, RecordEvent)]


def test_a_session_lasts_as_long_as_the_servers_clock_says_and_ends_once() -> None:
    world = World()
    world.start()
    world.sessions.touch("s1", at="2026-01-02T03:05:00.000000Z", result_id="r1", speaking_ms=2500, suspected=[])
    world.later(seconds=90)
    first = world.end()
    world.later(seconds=90)

    assert (first.duration, first.speaking_duration) == (90, 2.5)
    assert [world.end(speaking=9.0) for _ in range(20)] == [first] * 20


def test_a_client_may_say_how_long_was_spoken() -> None:
    world = World()
    world.start()
    assert world.end(speaking=7.25).speaking_duration == 7.25


def test_a_clock_that_went_back_makes_no_negative_duration() -> None:
    world = World()
    world.start()
    world.later(minutes=-3)
    assert world.end().duration == 0


def test_somebody_elses_session_is_none() -> None:
    world = World()
    world.start()
    with pytest.raises(SessionNotFound):
        world.end(user_id="ben")
    world.end()
    with pytest.raises(SessionEnded):
        open_session("s1", "ann", sessions=world.sessions)


def test_a_session_is_counted_once_on_the_day_on_which_it_ended() -> None:
    world = World()
    world.start()
    world.later(hours=12)
    world.end()
    for _ in range(3):
        world.count()

    assert len({event.event_id for event in world.events}) == 1
    assert (world.events[0].date, world.events[0].session_seconds) == ("2026-01-03", 12 * 3600)
    assert world.sessions.waiting("9", limit=10) == []


def test_what_ended_and_could_not_be_queued_is_counted_by_the_sweep() -> None:
    world = World()
    world.start()
    world.jobs.is_away = True
    with pytest.raises(Unavailable):
        world.end()
    world.jobs.is_away = False
    world.later(hours=2)

    assert world.sweep() == 1
    assert CountSession(session_id="s1") in world.jobs.jobs


def test_a_session_whose_client_vanished_ends_at_its_last_activity() -> None:
    world = World()
    world.start()
    world.start("s2")
    world.sessions.touch("s1", at="2026-01-02T03:14:05.000000Z", result_id="r1", speaking_ms=10, suspected=[])
    world.later(hours=1, minutes=5)
    world.sweep()

    found = world.sessions.get("s1")
    assert found is not None
    assert not found.has_ended
    world.later(minutes=10)
    world.sweep()
    found = world.sessions.get("s1")
    assert found is not None
    assert (found.duration, found.ended_at) == (600, "2026-01-02T03:14:05.000000Z")


def test_the_sessions_of_a_sign_in_end_with_it() -> None:
    world = World()
    world.start("s1", "in-1")
    world.start("s2", "in-2")
    world.start("s3", "in-1", user_id="ben")

    def end(sign_in: str | None) -> int:
        job = EndSessions(user_id="ann", sign_in=sign_in)
        return end_sessions(job, sessions=world.sessions, jobs=world.jobs, clock=world.clock)

    assert [end("in-1"), end("in-1"), end(None)] == [1, 0, 1]
    assert [one.session_id for one in world.sessions.open_of("ben")] == ["s3"]


@pytest.mark.parametrize(
    "metadata",
    [{"a": 1.5}, {"a": 2**60}, {"a": "x" * 501}, {"a": {"b": 1}}, {"": 1}, {str(n): n for n in range(21)}, [1]],
)
def test_what_the_table_could_not_hold_is_refused(metadata: Any) -> None:
    with pytest.raises(ValidationError):
        StartSession.model_validate({"sessionType": "practice", "metadata": metadata})
