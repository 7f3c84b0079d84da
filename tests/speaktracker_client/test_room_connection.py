import asyncio
from collections.abc import AsyncIterator

import pytest
from websockets.asyncio.server import ServerConnection

from speaktracker_client.client import SpeakTracker
from speaktracker_client.errors import (
    Ended,
    Forbidden,
    InvalidRequest,
    NotFound,
    TimedOut,
    Unavailable,
    Unreachable,
)
from speaktracker_client.models import Push
from speaktracker_client.room_connection import RoomConnection
from tests.speaktracker_client.platform import OTHER, ROOM, FakePlatform, Fields, eventually, heard, next_push, one_of

pytestmark = pytest.mark.anyio


@pytest.fixture
async def room(client: SpeakTracker, platform: FakePlatform) -> AsyncIterator[RoomConnection]:
    async with client.room(ROOM, settling_seconds=0.0) as connection:
        yield connection


def sent(platform: FakePlatform, action: str) -> list[Fields]:
    return [frame for frame in platform.frames if frame["action"] == action]


async def test_a_message_is_acknowledged_and_heard(room: RoomConnection, platform: FakePlatform) -> None:
    ack = await room.send_message("Hello")
    await platform.say("Hi!")

    assert (ack.seq, ack.message_id) == (1, "m1")
    assert await heard(room, 2) == ["Hello", "Hi!"]


async def test_late_acks_in_another_order_reach_their_senders(room: RoomConnection, platform: FakePlatform) -> None:
    waiting: list[Fields] = []

    async def hold(socket: ServerConnection, fields: Fields) -> bool:
        await platform.accept(fields)
        waiting.append(fields)
        if len(waiting) == 3:
            for one in reversed(waiting):
                await platform.push(platform.ack(one))
                await platform.push(platform.ack(one))  # an ack that comes twice changes nothing
        return True

    platform.intercept = hold
    acks = await asyncio.gather(*(room.send_message(text) for text in "abc"))

    seqs = {message["content"]: message["seq"] for message in platform.log}
    assert [ack.seq for ack in acks] == [seqs[text] for text in "abc"]
    assert await heard(room, 3) == [message["content"] for message in platform.log]


async def test_a_cut_loses_and_repeats_nothing(room: RoomConnection, platform: FakePlatform) -> None:
    async def take_and_die(socket: ServerConnection, fields: Fields) -> bool:
        if fields["action"] != "sendMessage":
            return False
        platform.intercept = None
        await platform.accept(fields)  # seen, and never acknowledged
        platform.cut()
        platform.place("said while away 1")
        platform.place("said while away 2")
        return True

    await platform.say("before")
    platform.intercept = take_and_die
    ack = await room.send_message("in flight")
    await platform.say("after")

    assert await heard(room, 5) == ["before", "in flight", "said while away 1", "said while away 2", "after"]
    assert ack.seq == 2
    requests = [frame["requestId"] for frame in sent(platform, "sendMessage")]
    assert len(requests) == 2
    assert len(set(requests)) == 1
    tickets = [opening.path for opening in platform.openings]
    assert len(set(tickets)) == len(tickets) == room.openings == 2
    assert sent(platform, "resume")[-1]["epoch"] == "epoch-1"


async def test_what_is_said_while_cut_off_waits(room: RoomConnection, platform: FakePlatform) -> None:
    await platform.stop()
    await eventually(lambda: not room.is_live, "cut off")
    sending = asyncio.create_task(room.send_message("patience"))
    await platform.start()

    assert (await sending).seq == 1
    assert await heard(room, 1) == ["patience"]


async def test_a_network_lost_on_our_side_comes_back(room: RoomConnection, platform: FakePlatform) -> None:
    room.abort()
    await eventually(lambda: not room.is_live, "cut off")
    platform.place("missed")
    await room.wait_live()

    assert await heard(room, 1) == ["missed"]


async def test_what_comes_twice_is_heard_once(room: RoomConnection, platform: FakePlatform) -> None:
    first = platform.place("one")
    for _ in range(2):
        await platform.push(first)
    second = platform.place("two")
    for message in (second, second, first):
        await platform.push(message)
    await platform.say("three")

    assert await heard(room, 3) == ["one", "two", "three"]
    assert len(sent(platform, "resume")) == 1


async def test_a_push_that_is_missing_is_asked_for(room: RoomConnection, platform: FakePlatform) -> None:
    platform.place("never pushed")
    await platform.say("two")
    await platform.say("three")

    assert await heard(room, 3) == ["never pushed", "two", "three"]
    assert room.openings == 1


async def test_too_long_away_reads_the_history_once(room: RoomConnection, platform: FakePlatform) -> None:
    await platform.say("0")
    assert await heard(room, 1) == ["0"]
    platform.history_gate.clear()
    platform.cut()
    await eventually(lambda: not room.is_live, "cut off")
    for number in range(1, 251):
        platform.place(str(number))
    del platform.log[:-200]
    await eventually(lambda: platform.history_reads == 1, "the history is being read")
    await platform.say("251")  # while it is read: comes after it, and is in it too
    ack = await room.send_message("252")  # and nothing else waits for it
    platform.history_gate.set()

    assert ack.seq == 253
    assert await heard(room, 252) == [str(number) for number in range(1, 253)]
    await platform.say("253")
    assert await heard(room, 1) == ["253"]


@pytest.mark.parametrize("above", [1, 3], ids=["sequence-overlaps", "sequence-goes-on"])
async def test_a_room_that_lost_its_memory_begins_a_new_epoch(
    room: RoomConnection, platform: FakePlatform, above: int
) -> None:
    for text in ("one", "two", "three"):
        await platform.say(text)
    assert await heard(room, 3) == ["one", "two", "three"]
    platform.place("said in the old epoch, not yet seen")
    platform.forget(above=above)
    await platform.push({"type": "resync", **platform.resync()})
    assert await heard(room, 1) == ["said in the old epoch, not yet seen"]
    await platform.say("four")
    await platform.say("five")

    assert await heard(room, 2) == ["four", "five"]
    assert room.place is not None
    assert (room.place.epoch, room.place.seq) == (platform.epoch, platform.seq)
    room.abort()
    await room.send_message("six")
    assert await heard(room, 1) == ["six"]


async def test_a_new_epoch_begun_while_away_hides_nothing(room: RoomConnection, platform: FakePlatform) -> None:
    for number in range(1, 151):
        await platform.say(str(number))
    assert len(await heard(room, 150)) == 150
    await platform.stop()
    platform.forget(above=100)
    for text in ("new 101", "new 102"):
        platform.place(text)
    await platform.start()

    assert await heard(room, 2) == ["new 101", "new 102"]
    assert platform.history_reads == 1  # and no further back than needed
    await platform.say("new 103")
    assert await heard(room, 1) == ["new 103"]


async def test_a_history_that_cannot_be_read_is_tried_again(room: RoomConnection, platform: FakePlatform) -> None:
    platform.refusals += [("/messages", 503, "UNAVAILABLE"), ("/join", 503, "UNAVAILABLE")]
    platform.place("missed")
    platform.forget(above=1)
    await platform.push({"type": "resync", **platform.resync()})

    assert await heard(room, 1) == ["missed"]
    assert room.openings == 2


async def test_a_gateway_that_stops_before_it_greets_is_left(room: RoomConnection, platform: FakePlatform) -> None:
    await room.send_message("Hello")
    platform.stopping = 2
    platform.cut()
    await room.send_message("I am back")

    assert (await heard(room, 2), platform.stopping) == (["Hello", "I am back"], 0)


async def test_a_resume_that_is_refused_is_tried_again(room: RoomConnection, platform: FakePlatform) -> None:
    async def refuse(socket: ServerConnection, fields: Fields) -> bool:
        platform.intercept = None
        await platform.push({"action": "error", "requestId": fields["requestId"], "error": "UNAVAILABLE"})
        return True

    platform.intercept = refuse
    platform.cut()
    await eventually(lambda: room.openings == 3 and room.is_live, "back at the second attempt")


async def test_a_stale_ticket_is_replaced(room: RoomConnection, platform: FakePlatform) -> None:
    platform.stale_tickets = 1
    platform.cut()
    await eventually(lambda: len(platform.openings) == 3 and room.is_live, "opened with the third ticket")


async def test_no_answer_in_time_names_the_request_to_send_again(room: RoomConnection, platform: FakePlatform) -> None:
    async def swallow(socket: ServerConnection, fields: Fields) -> bool:
        await platform.accept(fields)
        return True

    platform.intercept = swallow
    with pytest.raises(TimedOut) as late:
        await room.send_message("Hello?", seconds=0.05)
    platform.intercept = None
    ack = await room.send_message("Hello?", request_id=late.value.request_id)

    assert ack.seq == platform.seq == 1


async def test_refusals_are_typed_and_those_that_pass_are_tried_again(
    room: RoomConnection, platform: FakePlatform
) -> None:
    codes = ["UNAVAILABLE", "RATE_LIMITED", "INVALID_REQUEST"]

    async def refuse(socket: ServerConnection, fields: Fields) -> bool:
        code = codes.pop(0)
        await platform.push(
            {"action": "error", "requestId": fields["requestId"], "error": code, "message": "no", "retryAfter": 0.01}
        )
        return True

    platform.intercept = refuse
    with pytest.raises(InvalidRequest, match="no") as refused:
        await room.send_message(" ")
    assert (codes, refused.value.code) == ([], "INVALID_REQUEST")
    codes.extend(["UNAVAILABLE"] * 1000)
    with pytest.raises(Unavailable):
        await room.send_message("Hello", seconds=0.1)


async def test_one_request_is_not_asked_twice_at_once(room: RoomConnection, platform: FakePlatform) -> None:
    async def swallow(socket: ServerConnection, fields: Fields) -> bool:
        return True

    platform.intercept = swallow
    first = asyncio.create_task(room.send_message("a", request_id="same"))
    await eventually(lambda: bool(sent(platform, "sendMessage")), "sent")
    with pytest.raises(ValueError, match="same"):
        await room.send_message("a", request_id="same")
    first.cancel()


@pytest.mark.parametrize("code", [4401, 4403, 4404])
async def test_an_end_for_good_reaches_everybody(room: RoomConnection, platform: FakePlatform, code: int) -> None:
    async def swallow(socket: ServerConnection, fields: Fields) -> bool:
        return True

    platform.intercept = swallow
    waiting = asyncio.create_task(room.send_message("never"))
    await eventually(lambda: bool(sent(platform, "sendMessage")), "sent")
    await platform.say("the last word")
    await platform.close(code)

    with pytest.raises(Ended):
        await waiting
    assert await heard(room, 1) == ["the last word"]
    for _ in range(2):
        with pytest.raises(Ended) as ended:
            await one_of(room)
        assert ended.value.code == code
    with pytest.raises(Ended):
        await room.send_message("too late")


async def test_closing_here_stops_the_iteration(room: RoomConnection, platform: FakePlatform) -> None:
    await platform.say("one")
    assert await heard(room, 1) == ["one"]
    await room.close()
    await room.close()

    assert [push async for push in room] == []
    with pytest.raises(Ended, match="closed here"):
        await room.ping()
    await eventually(lambda: not platform.sockets, "closed there too")


async def test_coming_back_refused_ends_it(room: RoomConnection, platform: FakePlatform) -> None:
    platform.refusals.append(("/join", 404, "NOT_FOUND"))
    platform.cut()
    with pytest.raises(NotFound):
        await one_of(room)


async def test_the_first_opening_says_what_is_wrong(client: SpeakTracker, platform: FakePlatform) -> None:
    platform.refusals.append(("/join", 403, "FORBIDDEN"))
    with pytest.raises(Forbidden):
        await client.room(ROOM, password="wrong").open()
    await platform.stop()
    with pytest.raises(Unreachable):
        await client.room(ROOM).open()
    await platform.start()


async def test_a_kept_place_goes_on_where_an_earlier_run_stopped(client: SpeakTracker, platform: FakePlatform) -> None:
    async with client.room(ROOM) as first:
        await platform.say("one")
        await heard(first, 1)
    platform.place("two")
    async with client.room(ROOM, place=first.place) as second:
        assert await heard(second, 1) == ["two"]
    async with client.room(ROOM) as newcomer:
        await platform.say("three")
        assert await heard(newcomer, 1) == ["three"]


async def test_the_rest_of_the_room(room: RoomConnection, platform: FakePlatform) -> None:
    await room.ping()
    assert await room.presence() == ["ann", OTHER]
    await room.show_typing(True)
    await eventually(lambda: bool(sent(platform, "typing")), "typing")
    await platform.push({"type": "typing", "userId": OTHER, "isTyping": True})
    await platform.push({"action": "error", "error": "RATE_LIMITED"})

    assert await next_push(room) == Push("typing", {"type": "typing", "userId": OTHER, "isTyping": True})
    assert (await next_push(room)).type == "error"
