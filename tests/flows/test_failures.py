"""What dies loses nothing that was shown or acknowledged."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from tests.flows.channel import Channel
from tests.flows.people import People, Person
from tests.flows.platform import Platform, wait_for

SWEEP_SECONDS = 90.0
RECOVERY_SECONDS = 90.0


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
    wait_for(lambda: len(platform.stored(room)) >= 5, "what was shown is stored", SWEEP_SECONDS)
    stored = platform.stored(room)
    assert [(one["messageId"], one["seq"]) for one in stored] == [(one["messageId"], one["seq"]) for one in shown]
    wait_for(lambda: platform.redis.zcard("messages:unqueued") == 0, "no mark stays", SWEEP_SECONDS)
    wait_for(lambda: platform.is_answering() and len(platform.gateways() - before) == 2, "the gateways are back")
    with ann.enter(room) as back:
        again = back.ask("sendMessage", roomId=room, content="3", requestId="3")
        assert (again["messageId"], again["seq"]) == (shown[3]["messageId"], 4)
    assert len(platform.stored(room)) == 5


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
    wait_for(lambda: len(platform.stored(room)) >= 120, "all is stored", RECOVERY_SECONDS)
    assert [one["messageId"] for one in platform.stored(room)] == acknowledged
    assert platform.process("-Q persistence") != before


def test_aws_is_away_for_a_while(people: People, platform: Platform) -> None:
    crowd = people.some(4)
    room = crowd[0].room()
    channels = [person.enter(room) for person in crowd]
    try:
        for number in range(40):
            if number == 20:
                os.kill(platform.process("embedded.aws"), signal.SIGKILL)
            _insist(channels[number % 4], room, str(number))
        channels[0].barrier()
        shown = [(one["content"], one["messageId"]) for one in channels[0].messages()]
    finally:
        for channel in channels:
            channel.close()
    assert [content for content, _ in shown] == [str(number) for number in range(40)]
    wait_for(platform.is_answering, "all is ready again")
    wait_for(lambda: len(platform.stored(room)) >= 40, "all is stored", RECOVERY_SECONDS)
    assert [(one["content"], one["messageId"]) for one in platform.stored(room)] == shown


def _insist(channel: Channel, room: str, content: str) -> None:
    """Say something, again with the same requestId as long as that is asked for."""

    def is_acknowledged() -> bool:
        answer = channel.ask("sendMessage", roomId=room, content=content, requestId=content)
        assert answer["action"] == "messageAck" or (answer["error"] == "UNAVAILABLE" and answer["retryAfter"] >= 1)
        return bool(answer["action"] == "messageAck")

    wait_for(is_acknowledged, "it is acknowledged")


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
