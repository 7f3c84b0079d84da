"""Limits over all processes, and in this one while Redis is away."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from embedded.running import EmbeddedProcess
from shared.adapters.rate_limits import (
    GUESSES_PER_MINUTE,
    ROOMS_COUNTED,
    GuessLimits,
    PartnerLimits,
    RateLimits,
    RoomsMadeLately,
)
from shared.kernel.errors import RateLimited


@pytest.fixture(params=["redis", "memory"])
def limits_of(request: pytest.FixtureRequest) -> Iterator[Callable[[], RateLimits]]:
    """Makes the limits of one process after another."""
    url = "redis://127.0.0.1:1/0"
    if request.param == "redis":
        process: EmbeddedProcess = request.getfixturevalue("adapter_shared_valkey")
        request.getfixturevalue("adapter_valkey")
        url = f"redis://127.0.0.1:{process.port}/0"
    made: list[RateLimits] = []

    def new() -> RateLimits:
        made.append(RateLimits(url))
        return made[-1]

    yield new
    close(made)


def close(all_limits: list[RateLimits]) -> None:
    storages: list[Any] = [limits._together.storage for limits in all_limits]
    for storage in storages:
        storage.storage.close()


def admitted(limits: RateLimits, times: int, who: str = "min", name: str = "rest", seconds: int = 60) -> int:
    return sum(wait_of(limits, who, name, seconds) is None for _ in range(times))


def wait_of(limits: RateLimits, who: str, name: str, seconds: int) -> int | None:
    """Count one hit; return None where it is let in, else the seconds to wait."""
    try:
        limits.check(name, who, allowed=5, seconds=seconds)
    except RateLimited as problem:
        return problem.retry_after or 0
    return None


def test_so_many_and_no_more_each_and_by_name(limits_of: Callable[[], RateLimits]) -> None:
    limits = limits_of()
    assert admitted(limits, 8) == 5
    assert admitted(limits, 8, who="other") == 5
    assert admitted(limits, 8, name="login") == 5
    assert wait_of(limits, "min", "rest", 60) in range(1, 61)


def test_a_refused_request_does_not_prolong_the_wait(limits_of: Callable[[], RateLimits]) -> None:
    limits = limits_of()
    admitted(limits, 20, seconds=1)
    deadline = time.monotonic() + 5
    while admitted(limits, 1, seconds=1) == 0:
        assert time.monotonic() < deadline


def test_processes_count_together(adapter_valkey: Any, adapter_shared_valkey: EmbeddedProcess) -> None:
    url = f"redis://127.0.0.1:{adapter_shared_valkey.port}/0"
    first, second = RateLimits(url), RateLimits(url)
    assert admitted(first, 3) + admitted(second, 3) == 5
    close([first, second])


def test_guesses_are_counted_by_user_and_room(limits_of: Callable[[], RateLimits]) -> None:
    guesses = GuessLimits(limits_of())
    for _ in range(GUESSES_PER_MINUTE):
        guesses.check("min", "room-1")
    with pytest.raises(RateLimited):
        guesses.check("min", "room-1")
    guesses.check("min", "room-2")
    guesses.check("other", "room-1")


def test_requests_to_the_partner_are_counted_by_user(limits_of: Callable[[], RateLimits]) -> None:
    limits = PartnerLimits(limits_of(), allowed=2)
    for user_id in ("min", "min", "ann"):
        limits.check(user_id)
    with pytest.raises(RateLimited) as refused:
        limits.check("min")
    assert refused.value.retry_after in range(1, 61)


def test_a_hit_may_cost_several_all_or_none(limits_of: Callable[[], RateLimits]) -> None:
    limits = limits_of()
    limits.check("words", "min", allowed=5, seconds=60, cost=3)
    with pytest.raises(RateLimited) as refused:
        limits.check("words", "min", allowed=5, seconds=60, cost=3)
    assert refused.value.retry_after in range(1, 61)
    limits.check("words", "min", allowed=5, seconds=60, cost=2)


def test_rooms_are_counted_by_person_over_all_processes(limits_of: Callable[[], RateLimits]) -> None:
    limits = limits_of()
    made = RoomsMadeLately(limits)
    assert [made.count("min") for _ in range(3)] == [1, 2, 3]
    assert made.count("jun") == 1
    assert [limits.count("few", "min", most=2, seconds=60) for _ in range(3)] == [1, 2, 2]
    assert ROOMS_COUNTED > 300
