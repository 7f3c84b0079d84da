"""The port Takes, on memory and on Redis: chunks by index, bounded, and forgotten."""

import pytest

from shared.adapters.memory.kernel import SetClock
from shared.adapters.memory.takes import MemoryTakes
from shared.adapters.redis_grouped import GroupedRedis
from shared.adapters.redis_takes import KEEP_SECONDS, RedisTakes
from shared.domains.turns.models import Added, Fate, Opened
from shared.domains.turns.ports import Takes
from shared.kernel.recordings import MOST_BYTES

BYTES = bytes(range(256))


@pytest.fixture(params=["memory", "fakeredis", "valkey"])
def takes(request: pytest.FixtureRequest) -> Takes:
    if request.param == "memory":
        return MemoryTakes(SetClock())
    return RedisTakes(GroupedRedis(request.getfixturevalue(f"adapter_{request.param}")))


def test_a_take_grows_by_index_and_repetition_changes_nothing(takes: Takes) -> None:
    assert takes.open("ann", "t", is_streamed=True) == Opened(True, 0)
    assert takes.add("ann", "t", 0, BYTES) == Added(Fate.TAKEN, 1)
    assert takes.add("ann", "t", 0, b"other") == Added(Fate.TAKEN, 1)
    assert takes.add("ann", "t", 2, b"early") == Added(Fate.EARLY, 1)
    assert takes.add("ann", "t", 1, b"two") == Added(Fate.TAKEN, 2)
    assert takes.open("ann", "t", is_streamed=True) == Opened(False, 2)

    whole, rest, none = (takes.read("ann", "t", first) for first in (0, 1, 2))
    assert whole
    assert rest
    assert none
    assert (whole.chunks, rest.chunks, none.chunks) == ([BYTES, b"two"], [b"two"], [])
    assert (whole.is_streamed, whole.ended_at, whole.refusal, whole.is_closed) == (True, None, None, False)
    assert 0 <= whole.quiet <= whole.age < 60


def test_what_is_not_known_is_not_there(takes: Takes) -> None:
    takes.open("ann", "t", is_streamed=False)
    assert takes.read("ben", "t", 0) is None
    assert takes.end("ann", "other", "now") is None
    assert takes.add("ann", "other", 0, b"x") == Added(Fate.UNKNOWN, 0)
    takes.close("ann", "other")
    takes.discard("ann", "other")
    assert takes.read("ann", "other", 0) is None


def test_it_ends_once_and_takes_no_more(takes: Takes) -> None:
    takes.open("ann", "t", is_streamed=False)
    takes.add("ann", "t", 0, b"one")
    first, second = takes.end("ann", "t", "then"), takes.end("ann", "t", "later")

    assert first
    assert second
    assert (first.ended_at, second.ended_at, first.chunks) == ("then", "then", [])
    assert takes.add("ann", "t", 1, b"two") == Added(Fate.LATE, 1)
    assert takes.add("ann", "t", 0, b"one") == Added(Fate.TAKEN, 1)


def test_one_that_is_closed_is_known_without_its_chunks(takes: Takes) -> None:
    takes.open("ann", "t", is_streamed=False)
    takes.add("ann", "t", 0, b"one")
    takes.close("ann", "t")

    found = takes.read("ann", "t", 0)
    assert found
    assert (found.is_closed, found.chunks) == (True, [])
    assert takes.add("ann", "t", 0, b"one") == Added(Fate.LATE, 0)
    assert takes.open("ann", "t", is_streamed=False) == Opened(False, 0)
    takes.discard("ann", "t")
    assert takes.open("ann", "t", is_streamed=False) == Opened(True, 0)


def test_a_person_makes_two_at_once(takes: Takes) -> None:
    for turn in ("a", "b"):
        assert takes.open("ann", turn, is_streamed=False)
    assert takes.open("ann", "c", is_streamed=False) is None
    assert takes.open("ann", "b", is_streamed=False) == Opened(False, 0)
    assert takes.open("ben", "c", is_streamed=False) == Opened(True, 0)
    takes.close("ann", "a")
    assert takes.open("ann", "c", is_streamed=False) == Opened(True, 0)
    assert takes.open("ann", "d", is_streamed=False) is None
    takes.discard("ann", "b")
    assert takes.open("ann", "d", is_streamed=False) == Opened(True, 0)


def test_more_than_ten_mebibytes_end_it(takes: Takes) -> None:
    takes.open("ann", "t", is_streamed=False)
    assert takes.add("ann", "t", 0, bytes(MOST_BYTES)) == Added(Fate.TAKEN, 1)
    assert takes.add("ann", "t", 1, b"x") == Added(Fate.LARGE, 1)
    assert takes.add("ann", "t", 1, b"x").fate is Fate.LARGE

    found = takes.read("ann", "t", 0)
    assert found
    assert (found.chunks, found.refusal) == ([], "PAYLOAD_TOO_LARGE")


def test_it_is_forgotten_five_minutes_after_it_last_grew() -> None:
    clock = SetClock()
    takes = MemoryTakes(clock)
    takes.open("ann", "t", is_streamed=False)
    clock.sleep(KEEP_SECONDS - 1)
    takes.add("ann", "t", 0, b"x")
    clock.sleep(KEEP_SECONDS - 1)
    assert takes.read("ann", "t", 0)
    clock.sleep(2)
    assert takes.read("ann", "t", 0) is None


def test_redis_forgets_it_too(adapter_fakeredis: object) -> None:
    client: object = adapter_fakeredis
    takes = RedisTakes(GroupedRedis(client))  # type: ignore[arg-type]
    takes.open("ann", "t", is_streamed=False)
    takes.add("ann", "t", 0, b"x")
    left = [client.ttl(key) for key in client.scan_iter("takes:*")]  # type: ignore[attr-defined]
    assert len(left) == 3
    assert all(KEEP_SECONDS - 60 < seconds <= KEEP_SECONDS for seconds in left)
