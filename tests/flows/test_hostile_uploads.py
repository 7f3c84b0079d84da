"""Uploads of every evil kind: each has its answer, nothing crashes, nothing is left, nothing costs much."""

import pytest

from tests.flows.hostile_uploads import COUNT_IN_TESTS, Judge
from tests.flows.people import People
from tests.flows.platform import Platform


@pytest.mark.timeout(900)
def test_hostile_uploads_crash_nothing_and_leave_nothing(people: People, platform: Platform) -> None:
    judge = Judge(platform, people.fresh)
    for number in range(COUNT_IN_TESTS):
        judge.send(number)
    judge.look_around()

    assert judge.faults == []
