"""Many people in one room, over both gateway processes."""

import asyncio
import time
from threading import Event

import pytest

from tests.flows.crowd import Talker, converse
from tests.flows.people import People
from tests.flows.platform import Platform, wait_for
from tests.flows.test_history import history

TALKERS = 20
LOOKING_SECONDS = 60.0
FULL = pytest.param(10_000, marks=[pytest.mark.long, pytest.mark.timeout(300)])


def talkers_of(people: People, platform: Platform, total: int) -> tuple[str, list[Talker]]:
    crowd = people.some(TALKERS)
    room = crowd[0].room()
    each = total // TALKERS
    return room, [
        Talker(f"{platform.socket}?roomToken={person.ticket(room)}", room, [f"{number}-{one}" for one in range(each)])
        for number, person in enumerate(crowd)
    ]


@pytest.mark.parametrize("total", [2_000, FULL])
def test_everybody_hears_everything_once_in_one_order(total: int, people: People, platform: Platform) -> None:
    room, talkers = talkers_of(people, platform, total)
    gateways: set[str] = set()

    looking = Event()

    def is_over() -> bool:
        heard_all = all(len(one.messages) >= total and len(one.acknowledged) == total / TALKERS for one in talkers)
        return heard_all and looking.is_set()

    async def look_who_serves() -> None:
        deadline = time.monotonic() + LOOKING_SECONDS
        while len(gateways) < 2 and time.monotonic() < deadline:
            records = await asyncio.to_thread(platform.items, f"ROOM#{room}", "CONN#", "GSI1")
            gateways.update(one["gatewayId"] for one in records)
        looking.set()

    converse(talkers, is_over, look_who_serves())

    first = talkers[0].messages
    assert [one["seq"] for one in first] == list(range(1, total + 1))
    times = [one["createdAt"] for one in first]
    assert times == sorted(set(times))
    assert {one["content"] for one in first} == {sentence for talker in talkers for sentence in talker.sentences}
    for talker in talkers:
        assert talker.messages == first
    places = {one["content"]: (one["messageId"], one["seq"], one["createdAt"]) for one in first}
    for talker in talkers:
        for sentence, ack in talker.acknowledged.items():
            assert (ack["messageId"], ack["seq"], ack["createdAt"]) == places[sentence]

    wait_for(lambda: len(platform.stored(room)) >= total, "all is stored")
    stored = platform.stored(room)
    assert [(one["messageId"], one["seq"], one["createdAt"]) for one in stored] == list(places.values())
    if len(gateways) < 2:
        pytest.skip("all that is said here holds, but the kernel gave every connection to one gateway")


def test_redis_forgets_everything_in_the_middle_of_a_talk(people: People, platform: Platform) -> None:
    total = 600
    room, talkers = talkers_of(people, platform, total)

    async def forget() -> None:
        while len(talkers[0].messages) < total // 2:
            await asyncio.sleep(0.01)
        platform.redis.flushall()

    converse(talkers, lambda: all(len(one.acknowledged) == total / TALKERS for one in talkers), forget())

    acknowledged = {ack["messageId"]: sentence for one in talkers for sentence, ack in one.acknowledged.items()}
    assert len(acknowledged) == total
    wait_for(lambda: len(platform.stored(room)) >= total, "all is stored")
    stored = platform.stored(room)
    assert {one["messageId"]: one["content"] for one in stored} == acknowledged
    assert len(stored) == total
    for talker in talkers:
        assert len(talker.resyncs) == 1
        heard = [one["messageId"] for one in talker.messages]
        assert len(heard) == len(set(heard))
    shown = history(people.some(1)[0], room, 100)
    assert [one["messageId"] for one in shown] == [one["messageId"] for one in reversed(stored)]
