from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.adapters.memory.statistics import MemoryStatistics
from shared.domains.statistics.contract import RecordEvent, ShowDays
from shared.domains.statistics.models import Activity, LearningEvent, Streak, local_date, streak_of
from shared.domains.statistics.rules.rebuilding import rebuild_statistics
from shared.domains.statistics.rules.recording import record_event
from shared.domains.statistics.rules.showing import show_days

NEW_YEAR = datetime(2025, 12, 31, 16, 30, tzinfo=UTC)


def an_event(name: str = "practice-1", at: datetime = NEW_YEAR, zone: str = "Asia/Seoul", **more: Any) -> LearningEvent:
    given: dict[str, Any] = {"speaking_ms": 2500, "score_tenths": 875, "words": ("how", "day")}
    return LearningEvent.of(name, Activity.PRACTICE, "ann", at, zone, **given | more)


@pytest.mark.parametrize(
    ("at", "zone", "day"),
    [
        (NEW_YEAR, "Asia/Seoul", "2026-01-01"),
        (NEW_YEAR, "UTC", "2025-12-31"),
        (NEW_YEAR, "America/Los_Angeles", "2025-12-31"),
        (datetime(2024, 2, 29, 14, 59, 59, tzinfo=UTC), "Asia/Seoul", "2024-02-29"),
        (datetime(2024, 2, 29, 15, 0, tzinfo=UTC), "Asia/Seoul", "2024-03-01"),
        (datetime(2026, 3, 8, 9, 59, tzinfo=UTC), "America/Los_Angeles", "2026-03-08"),
        (datetime(2026, 3, 9, 6, 59, tzinfo=UTC), "America/Los_Angeles", "2026-03-08"),
        (datetime(2026, 11, 2, 7, 59, tzinfo=UTC), "America/Los_Angeles", "2026-11-01"),
    ],
)
def test_a_day_is_the_students_own(at: datetime, zone: str, day: str) -> None:
    assert local_date(at, zone) == day


def test_each_hour_of_a_day_that_the_clocks_change_belongs_to_one_day() -> None:
    for zone, day, hours in (
        ("America/Los_Angeles", date(2026, 3, 8), 23),
        ("America/Los_Angeles", date(2026, 11, 1), 25),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("Australia/Lord_Howe", date(2026, 4, 5), 25),
        ("Asia/Seoul", date(2028, 2, 29), 24),
    ):
        begin = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=1)
        found = [local_date(begin + timedelta(hours=hour), zone) for hour in range(72)]
        assert found == sorted(found)
        assert found.count(day.isoformat()) == hours, zone


def test_a_gateway_whose_clock_is_wrong_by_minutes_counts_on_the_day_that_it_believes_in_once() -> None:
    """The event keeps the day of its first recording: to count it again, by whichever clock, changes nothing."""
    store, midnight = MemoryStatistics(), datetime(2026, 1, 2, 15, 0, tzinfo=UTC)
    ahead = an_event(at=midnight + timedelta(minutes=4))
    behind = an_event("practice-2", at=midnight - timedelta(minutes=4))
    for event in (ahead, behind, ahead, behind):
        record_event(RecordEvent(event=event), store=store)

    days = store.days("ann", "2026-01-01", "2026-01-31")
    assert [(day.date, day.practice_count) for day in days] == [("2026-01-02", 1), ("2026-01-03", 1)]
    shown = show_days(
        ShowDays.model_validate({}), "ann", time_zone="Asia/Seoul", now=midnight - timedelta(minutes=4), store=store
    )
    assert [one.date for one in shown.days] == ["2026-01-02"]
    assert shown.streak == Streak(current=1, longest=1)


def test_a_student_who_moves_keeps_the_days_and_the_streak() -> None:
    store, noon = MemoryStatistics(), datetime(2026, 3, 6, 3, 0, tzinfo=UTC)
    for number, zone in enumerate(["Asia/Seoul", "Asia/Seoul", "America/Los_Angeles", "America/Los_Angeles"]):
        store.record(an_event(f"practice-{number}", noon + timedelta(days=number), zone))

    before = store.days("ann", "2026-03-01", "2026-03-31")
    assert [(day.date, day.practice_count) for day in before] == [
        ("2026-03-06", 1),
        ("2026-03-07", 2),
        ("2026-03-08", 1),
    ]
    for zone, at in (("Asia/Seoul", noon + timedelta(days=2)), ("America/Los_Angeles", noon + timedelta(days=4))):
        shown = show_days(ShowDays.model_validate({}), "ann", time_zone=zone, now=at, store=store)
        assert shown.streak == Streak(current=3, longest=3), zone
    store.stored.clear()
    rebuild_statistics("ann", store=store)
    assert store.days("ann", "2026-03-01", "2026-03-31") == before


def test_an_event_is_counted_once_and_a_word_learnt_once() -> None:
    store = MemoryStatistics()
    counted = [record_event(RecordEvent(event=an_event()), store=store) for _ in range(3)]
    record_event(RecordEvent(event=an_event("practice-2", words=("day", "night"), score_tenths=None)), store=store)

    (day,) = store.days("ann", "2026-01-01", "2026-01-01")
    assert counted == [True, False, False]
    assert day.model_dump(exclude={"user_id", "date"}) == {
        "practice_count": 2,
        "session_count": 0,
        "speaking_ms": 5000,
        "session_seconds": 0,
        "graded_count": 1,
        "score_tenths_sum": 875,
        "words_learnt": 3,
    }


def test_a_change_of_the_time_zone_moves_nothing_that_was_recorded() -> None:
    store = MemoryStatistics()
    store.record(an_event("practice-1", zone="Asia/Seoul"))
    store.record(an_event("practice-2", zone="America/Los_Angeles"))
    before = dict(store.stored)

    store.stored.clear()
    rebuild_statistics("ann", store=store)

    assert store.stored == before
    assert {date for _, date in before} == {"2025-12-31", "2026-01-01"}


EVENTS = st.lists(
    st.builds(
        an_event,
        name=st.integers(0, 30).map("practice-{}".format),
        at=st.datetimes(datetime(2026, 1, 1), datetime(2026, 1, 4), timezones=st.just(UTC)),
        zone=st.sampled_from(["Asia/Seoul", "UTC", "Pacific/Kiritimati"]),
        speaking_ms=st.integers(0, 60_000),
        score_tenths=st.none() | st.integers(0, 1000),
        words=st.lists(st.sampled_from("abcdef"), max_size=4, unique=True).map(tuple),
    ),
    max_size=20,
)


@given(EVENTS)
def test_days_made_again_from_events_are_the_same_numbers(events: list[LearningEvent]) -> None:
    store = MemoryStatistics()
    for event in events:
        store.record(event)
    before = {place: day.model_dump_json() for place, day in store.stored.items()}

    store.stored.clear()
    rebuild_statistics("ann", store=store)

    assert {place: day.model_dump_json() for place, day in store.stored.items()} == before


def test_one_day_can_be_made_again_alone() -> None:
    store = MemoryStatistics()
    store.record(an_event("practice-1"))
    store.record(an_event("practice-2", datetime(2026, 1, 5, tzinfo=UTC)))
    store.stored.clear()

    assert [day.date for day in rebuild_statistics("ann", store=store, day="2026-01-05")] == ["2026-01-05"]
    assert [date for _, date in store.stored] == ["2026-01-05"]


@pytest.mark.parametrize(
    ("days", "today", "streak"),
    [
        ([], "2026-01-03", Streak(current=0, longest=0)),
        (["2026-01-03"], "2026-01-03", Streak(current=1, longest=1)),
        (["2026-01-02", "2026-01-01"], "2026-01-03", Streak(current=2, longest=2)),
        (["2026-01-01"], "2026-01-03", Streak(current=0, longest=1)),
        (["2024-02-28", "2024-02-29", "2024-03-01", "2024-03-05"], "2024-03-05", Streak(current=1, longest=3)),
    ],
)
def test_a_streak_lives_until_the_end_of_the_next_day(days: list[str], today: str, streak: Streak) -> None:
    assert streak_of(days, today) == streak


def test_the_last_thirty_days_are_shown_where_nothing_is_named() -> None:
    store = MemoryStatistics()
    store.record(an_event("practice-1", speaking_ms=2500))
    store.record(an_event("practice-2", datetime(2025, 12, 1, tzinfo=UTC)))

    shown = show_days(
        ShowDays.model_validate({}), "ann", time_zone="Asia/Seoul", now=datetime(2026, 1, 2, tzinfo=UTC), store=store
    )

    assert [one.wire() for one in shown.days] == [
        {
            "date": "2026-01-01",
            "practiceCount": 1,
            "sessionCount": 0,
            "totalSpeakingTime": 2.5,
            "totalSessionTime": 0,
            "averageScore": 87.5,
            "wordsLearnt": 2,
        }
    ]
    assert shown.streak == Streak(current=1, longest=1)


@pytest.mark.parametrize("given", [{"from": "2026-02-30"}, {"from": "2026-02-02", "to": "2026-02-01"}, {"form": "x"}])
def test_what_is_no_range_of_days_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        ShowDays.model_validate(given)


def test_a_range_is_read_from_its_names_on_the_wire() -> None:
    asked = ShowDays.model_validate({"from": "2026-02-01", "to": "2026-02-28"})
    assert (asked.from_, asked.to) == (date(2026, 2, 1), date(2026, 2, 28))
