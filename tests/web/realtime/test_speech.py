"""Recordings over a user's channel: awaited by index, resumed on another connection, one answer to each."""

import base64
from typing import Any

import pytest

from shared.domains.turns.contract import CHUNK_BYTES
from shared.domains.turns.models import Answer
from tests.shared.domains.turns.asked import TURN, Platform, completed
from tests.web.realtime.asking import Channel, Gateway
from web.realtime.frames import FRAME_LIMIT


@pytest.fixture
def platform() -> Platform:
    made = Platform()
    made.begin_conversation()
    return made


@pytest.fixture
def channel(platform: Platform) -> Channel:
    return Channel(Gateway(platform))


def start(channel: Channel, **fields: Any) -> None:
    given = {"requestId": "r1", "conversationId": "c1", "contentType": "audio/webm"} | fields
    channel.say(action="audioStart", **given)


def send(channel: Channel, index: int, sound: bytes = b"sound", **fields: Any) -> None:
    channel.say(
        **{"action": "audioChunk", "requestId": "r1", "index": index, "data": base64.b64encode(sound).decode()} | fields
    )


def end(channel: Channel, request_id: str = "r1") -> None:
    channel.say(action="audioEnd", requestId=request_id)


def acks(channel: Channel) -> list[int]:
    return [one["nextIndex"] for one in channel.of("audioAck")]


def test_a_recording_has_an_index_and_one_answer(platform: Platform, channel: Channel) -> None:
    start(channel, stream=True)
    send(channel, 0)
    send(channel, 1, bytes(CHUNK_BYTES))
    end(channel)
    assert channel.line.heard == [{"action": "audioAck", "requestId": "r1", "nextIndex": 0}]
    run = platform.log.begin(TURN).run
    platform.log.say(TURN, run, "Hi!")
    platform.log.end(TURN, completed("Hi!"))

    assert channel.deltas == [(0, "Hi!")]
    assert [one["response"] for one in channel.responses] == ["Hi!"]


def test_the_largest_chunk_fits_into_a_frame() -> None:
    assert len(base64.b64encode(bytes(CHUNK_BYTES))) + 2 * 128 + 200 < FRAME_LIMIT


def test_another_connection_goes_on_and_both_are_answered(platform: Platform, channel: Channel) -> None:
    start(channel, stream=True)
    send(channel, 0)
    second, third = Channel(Gateway(platform)), Channel(Gateway(platform))
    start(second, stream=True)
    assert acks(second) == [1]
    send(second, 1)
    send(third, 2)
    end(third)
    run = platform.log.begin(TURN).run
    platform.log.say(TURN, run, "Hi!")
    platform.log.end(TURN, completed("Hi!"))

    for one in (channel, second, third):
        assert (one.deltas, len(one.responses)) == ([(0, "Hi!")], 1)
    end(third)
    assert len(third.responses) == 2


def test_a_recording_that_was_dropped_is_answered_so(platform: Platform, channel: Channel) -> None:
    start(channel)
    send(channel, 0)
    platform.log.end(TURN, Answer.failure("SPEECH_DROPPED", "c1"))

    [answer] = channel.responses
    assert (answer["status"], answer["error"], answer["response"]) == ("failed", "SPEECH_DROPPED", "")
    assert "dropped" in answer["message"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"contentType": "audio/midi"}, "UNSUPPORTED_MEDIA_TYPE"),
        ({"contentType": None}, "INVALID_REQUEST"),
        ({"contentType": 5}, "INVALID_REQUEST"),
        ({"conversationId": "nowhere"}, "NOT_FOUND"),
        ({"colour": "blue"}, "INVALID_REQUEST"),
        ({"userId": "somebody"}, "FORBIDDEN"),
    ],
)
def test_a_start_that_is_refused_is_answered(channel: Channel, fields: dict[str, Any], code: str) -> None:
    start(channel, **fields)
    [answer] = channel.line.heard
    assert (answer["action"], answer["status"], answer["error"]) == ("messageResponse", "failed", code)


def test_an_end_without_a_recording_is_answered(channel: Channel) -> None:
    end(channel, "never")
    [answer] = channel.of("messageResponse", "never")
    assert answer["error"] == "NOT_FOUND"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"index": -1}, "INVALID_REQUEST"),
        ({"index": 1500}, "INVALID_REQUEST"),
        ({"index": "0"}, "INVALID_REQUEST"),
        ({"index": True}, "INVALID_REQUEST"),
        ({"index": 1}, "CONFLICT"),
        ({"data": "?"}, "INVALID_REQUEST"),
        ({"data": ""}, "INVALID_REQUEST"),
        ({"data": "A" * 44_000}, "INVALID_REQUEST"),
        ({"requestId": "r2"}, "NOT_FOUND"),
    ],
    ids=str,
)
def test_a_chunk_that_is_refused_is_an_error_and_the_recording_goes_on(
    channel: Channel, fields: dict[str, Any], code: str
) -> None:
    start(channel)
    send(channel, **{"index": 0} | fields)
    [refused] = [one for one in channel.line.heard if one["action"] == "error"]
    assert (refused["error"], refused["requestId"]) == (code, fields.get("requestId", "r1"))
    send(channel, 0)
    start(channel)
    assert acks(channel) == [0, 1]
    assert channel.responses == []


def test_a_third_recording_at_once_is_answered_with_a_time(channel: Channel) -> None:
    for request_id in ("r1", "r2", "r3"):
        start(channel, requestId=request_id)
    [answer] = channel.of("messageResponse", "r3")
    assert (answer["error"], answer["retryAfter"]) == ("RATE_LIMITED", 10)
