"""Which schedules are late."""

from datetime import UTC, datetime, timedelta

from shared.kernel.schedules import late

NOW = datetime(2026, 1, 2, tzinfo=UTC)
INTERVALS = {"often": 5.0, "seldom": 600.0}


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


def test_three_intervals_and_a_minute_are_waited() -> None:
    since = ago(86_400)
    assert late(INTERVALS, {"often": ago(74), "seldom": ago(1_859)}, since=since, now=NOW) == []
    assert late(INTERVALS, {"often": ago(76), "seldom": ago(1_861)}, since=since, now=NOW) == ["often", "seldom"]


def test_a_start_is_given_its_time_and_tomorrow_is_not_believed() -> None:
    assert late(INTERVALS, {}, since=ago(70), now=NOW) == []
    assert late(INTERVALS, {}, since=ago(80), now=NOW) == ["often"]
    assert late(INTERVALS, {"often": ago(-86_400)}, since=ago(80), now=NOW) == ["often"]
