"""What dies loses nothing that was shown or acknowledged."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.flows.people import People, Person
from tests.flows.platform import Platform, wait_for

SWEEP_SECONDS = 30.0
LEASE_SECONDS = 90.0


@contextmanager
def frozen(platform: Platform, words: str) -> Iterator[None]:
    """Let a process answer nobody for a while."""
    process = platform.process(words)
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


def test_a_gateway_is_killed_between_showing_and_queuing(
    ann: Person, ben: Person, room: str, platform: Platform
) -> None:
    before = platform.gateways()
    with ann.enter(room) as anns, ben.enter(room) as bens:
        anns.barrier()
        with frozen(platform, "embedded.aws"):
            # The first send hangs at the queue that does not answer; what comes after waits in the gateway's memory.
            for number in range(5):
                anns.say(room, f"{number}", requestId=f"{number}")
            for number in range(1, 6):
                bens.until(type="message", seq=number)
            assert not [frame for frame in anns.heard if frame.get("action") == "messageAck"]
            for gateway in before:
                os.kill(gateway, signal.SIGKILL)
        shown = bens.messages()
    stored = wait_for(
        lambda: len(found := platform.stored(room)) >= 5 and found, "what was shown is stored", SWEEP_SECONDS
    )
    assert [(one["messageId"], one["seq"]) for one in stored] == [(one["messageId"], one["seq"]) for one in shown]
    wait_for(lambda: platform.redis.zcard("messages:unqueued") == 0, "no mark stays", SWEEP_SECONDS)
    wait_for(lambda: platform.is_answering() and len(platform.gateways() - before) == 2, "the gateways are back", 20)
    with ann.enter(room) as back:
        again = back.ask("sendMessage", roomId=room, content="3", requestId="3")
        assert (again["messageId"], again["seq"]) == (shown[3]["messageId"], 4)
    assert len(platform.stored(room)) == 5


@pytest.mark.timeout(200)
def test_a_worker_is_killed_while_it_stores(people: People, platform: Platform) -> None:
    crowd = people.some(4)
    room = crowd[0].room()
    channels = [person.enter(room) for person in crowd]
    before = platform.process("-Q persistence")
    acknowledged: list[str] = []
    try:
        for number in range(120):
            if number == 60:
                os.kill(before, signal.SIGKILL)
            ack = channels[number % 4].ask("sendMessage", roomId=room, content=str(number), requestId=str(number))
            acknowledged.append(ack["messageId"])
    finally:
        for channel in channels:
            channel.close()
    wait_for(lambda: len(platform.stored(room)) >= 120, "all is stored", LEASE_SECONDS)
    assert [one["messageId"] for one in platform.stored(room)] == acknowledged
    assert platform.process("-Q persistence") != before


def test_while_the_queue_does_not_answer_a_sender_is_told_to_try_again(
    ann: Person, room: str, platform: Platform
) -> None:
    with ann.enter(room) as channel:
        channel.barrier()
        with frozen(platform, "embedded.aws"):
            refused = channel.ask("sendMessage", roomId=room, content="Hello", requestId="r")
            assert (refused["action"], refused["error"]) == ("error", "UNAVAILABLE")
            assert refused["retryAfter"] >= 1
        ack = channel.ask("sendMessage", roomId=room, content="Hello", requestId="r")
        assert ack["action"] == "messageAck"
        channel.barrier()
        assert len(channel.messages()) == 1
    wait_for(lambda: platform.stored(room), "it is stored", SWEEP_SECONDS)
    assert len(platform.stored(room)) == 1


def test_while_redis_does_not_answer(ann: Person, room: str, platform: Platform) -> None:
    with ann.enter(room) as channel:
        first = channel.ask("sendMessage", roomId=room, content="Before")
        wait_for(lambda: platform.stored(room), "it is stored")
        with frozen(platform, "valkey"):
            refused = channel.ask("sendMessage", roomId=room, content="Hello", requestId="r")
            assert (refused["action"], refused["error"]) == ("error", "UNAVAILABLE")
            listed = ann.get(f"/rooms/{room}/messages")["messages"]
            assert [one["messageId"] for one in listed] == [first["messageId"]]
            assert channel.ask("ping")["action"] == "pong"
        wait_for(
            lambda: channel.ask("sendMessage", roomId=room, content="Hello", requestId="r")["action"] == "messageAck",
            "messages are taken again",
        )
        channel.seen(type="message", content="Hello")
        channel.barrier()
        assert [one["content"] for one in channel.messages()] == ["Before", "Hello"]
