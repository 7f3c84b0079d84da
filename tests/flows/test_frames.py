"""Frames in and out: what each says, and what is said to those that are wrong."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.flows.channel import Channel
from tests.flows.people import Person

NOBODY = "00000000-0000-4000-8000-000000000000"
FRAME_LIMIT = 65_536
MESSAGE_FIELDS = {"type", "messageId", "roomId", "userId", "content", "messageType", "createdAt", "seq"}


@pytest.fixture
def talk(ann: Person, ben: Person, room: str) -> Iterator[tuple[Channel, Channel]]:
    """Ann and Ben in one room."""
    with ann.enter(room) as anns, ben.enter(room) as bens:
        yield anns, bens


def say(**fields: Any) -> dict[str, Any]:
    return {"action": "sendMessage", "roomId": "{room}", "content": "Hello"} | fields


WRONG_IN_A_ROOM: list[tuple[dict[str, Any], str, set[str]]] = [
    ({}, "INVALID_REQUEST", set()),
    ({"action": None}, "INVALID_REQUEST", set()),
    ({"action": 5}, "INVALID_REQUEST", set()),
    ({"action": "dance"}, "INVALID_REQUEST", set()),
    ({"action": "stop"}, "INVALID_REQUEST", set()),
    ({"action": "ping", "loud": True}, "INVALID_REQUEST", {"loud"}),
    ({"action": "typing"}, "INVALID_REQUEST", {"isTyping"}),
    ({"action": "typing", "isTyping": "perhaps"}, "INVALID_REQUEST", {"isTyping"}),
    ({"action": "resume"}, "INVALID_REQUEST", {"lastSeq"}),
    ({"action": "resume", "lastSeq": -1}, "INVALID_REQUEST", {"lastSeq"}),
    ({"action": "resume", "lastSeq": 0, "epoch": 5}, "INVALID_REQUEST", {"epoch"}),
    (say(content=""), "INVALID_REQUEST", {"content"}),
    (say(content=" \n\t"), "INVALID_REQUEST", set()),
    (say(content="x" * 4001), "INVALID_REQUEST", {"content"}),
    (say(content=5), "INVALID_REQUEST", {"content"}),
    (say(content=None), "INVALID_REQUEST", {"content"}),
    (say(messageType="AI_RESPONSE"), "INVALID_REQUEST", {"messageType"}),
    (say(messageType="VIDEO"), "INVALID_REQUEST", {"messageType"}),
    (say(messageType="IMAGE"), "INVALID_REQUEST", set()),
    (say(key="uploads/x"), "INVALID_REQUEST", set()),
    (say(messageType="IMAGE", key="uploads/{room}/someone/x.png"), "INVALID_REQUEST", set()),
    (say(messageType="IMAGE", key="tts/x.mp3"), "INVALID_REQUEST", set()),
    (say(roomId=NOBODY), "INVALID_REQUEST", set()),
    (say(roomId=None), "INVALID_REQUEST", {"roomId"}),
    (say(room_id="{room}"), "INVALID_REQUEST", {"room_id"}),
    (say(colour="red", size=1), "INVALID_REQUEST", {"colour", "size"}),
    (say(userId=NOBODY), "FORBIDDEN", set()),
    (say(userId=5), "FORBIDDEN", set()),
]


def shown(value: Any) -> str:
    """Return what stands for a value in the name of a test, in every process the same."""
    return str(sorted(value) if isinstance(value, set) else value)[:60]


@pytest.mark.parametrize(("frame", "code", "names"), WRONG_IN_A_ROOM, ids=shown)
def test_wrong_frames_are_answered_and_the_socket_stays_open(
    frame: dict[str, Any], code: str, names: set[str], socket: Channel, platform_room: str
) -> None:
    request_id = f"wrong-{len(socket.heard)}"
    socket.send_raw(json.dumps(frame | {"requestId": request_id}).replace("{room}", platform_room))
    answer = socket.until(requestId=request_id)

    assert (answer["action"], answer["error"]) == ("error", code)
    assert answer["message"]
    assert names <= {detail["field"] for detail in answer.get("details", [])}
    assert socket.ask("ping")["action"] == "pong"
    assert socket.messages() == []


UNREADABLE: list[tuple[str | bytes, str]] = [
    ("", "INVALID_REQUEST"),
    ("{", "INVALID_REQUEST"),
    ("[]", "INVALID_REQUEST"),
    ("null", "INVALID_REQUEST"),
    ('"ping"', "INVALID_REQUEST"),
    ('{"action": "ping"} {"action": "ping"}', "INVALID_REQUEST"),
    ('{"action": "ping", "requestId": "\\ud800"}', "INVALID_REQUEST"),
    ("[" * 10_000, "INVALID_REQUEST"),
    (b'{"action": "ping"}', "INVALID_REQUEST"),
    (b"\x00\xff", "INVALID_REQUEST"),
    (json.dumps({"action": "ping", "requestId": "x" * 129}), "INVALID_REQUEST"),
    (json.dumps({"action": "ping", "requestId": 5}), "INVALID_REQUEST"),
    (json.dumps({"action": "ping", "requestId": ""}), "INVALID_REQUEST"),
    (json.dumps({"action": "ping", "requestId": "x" * FRAME_LIMIT}), "PAYLOAD_TOO_LARGE"),
    ("가" * (FRAME_LIMIT // 3 + 1), "PAYLOAD_TOO_LARGE"),
    ("x" * 1_000_000, "PAYLOAD_TOO_LARGE"),
]


@pytest.mark.parametrize(("frame", "code"), UNREADABLE, ids=lambda value: str(value)[:40])
def test_frames_that_cannot_be_answered_by_requestid(frame: str | bytes, code: str, socket: Channel) -> None:
    socket.send_raw(frame)
    answer = socket.until(action="error")

    assert answer["error"] == code
    assert "requestId" not in answer
    assert socket.ask("ping")["action"] == "pong"


def test_the_largest_frame_that_is_taken(socket: Channel) -> None:
    frame = json.dumps({"action": "ping", "requestId": "largest"})
    socket.send_raw(frame + " " * (FRAME_LIMIT - len(frame)))

    assert socket.until(requestId="largest")["action"] == "pong"


def test_above_a_mebibyte_the_socket_closes(ann: Person, room: str) -> None:
    with ann.enter(room) as channel:
        channel.send_raw("x" * (1024 * 1024 + 1))
        assert channel.closed() == 1009


@pytest.mark.parametrize(
    "frame",
    [{"action": "resume", "requestId": "x", "lastSeq": 0}, {"action": "presence"}, {"action": "typing"}],
)
def test_a_user_channel_refuses_what_is_for_rooms(frame: dict[str, Any], ann: Person) -> None:
    with ann.channel() as channel:
        channel.send_raw(json.dumps(frame))
        assert channel.next().get("error") == "INVALID_REQUEST"
        assert channel.ask("ping", requestId="p") == {"action": "pong", "requestId": "p"}


def test_a_message_is_pushed_to_all_and_acknowledged(talk: tuple[Channel, Channel], room: str, ann: Person) -> None:
    anns, bens = talk
    ack = anns.ask("sendMessage", roomId=room, content="Hello 👋 안녕", userId=ann.user_id, messageType=None, key=None)
    heard = [channel.until(type="message") if not channel.messages() else channel.messages()[0] for channel in talk]

    assert heard[0] == heard[1]
    assert set(heard[0]) == MESSAGE_FIELDS
    assert heard[0]["content"] == "Hello 👋 안녕"
    assert (heard[0]["userId"], heard[0]["messageType"], heard[0]["seq"]) == (ann.user_id, "TEXT", 1)
    assert heard[0]["createdAt"].endswith("Z")
    assert ack == {
        "action": "messageAck",
        "requestId": ack["requestId"],
        "messageId": heard[0]["messageId"],
        "seq": 1,
        "createdAt": heard[0]["createdAt"],
    }
    assert bens.ask("sendMessage", roomId=room, content="x" * 4000)["seq"] == 2


def test_without_a_requestid_nothing_is_acknowledged(talk: tuple[Channel, Channel], room: str) -> None:
    anns, bens = talk
    anns.say(room, "Hello")
    anns.say(room, "Hello")
    first, second = bens.until(type="message"), bens.until(type="message")

    assert first["messageId"] != second["messageId"]
    assert not [frame for frame in anns.barrier() if frame.get("action") == "messageAck"]


def test_the_same_requestid_is_one_message(talk: tuple[Channel, Channel], room: str, ann: Person) -> None:
    anns, bens = talk
    first = anns.ask("sendMessage", roomId=room, content="Once", requestId="1")
    assert anns.ask("sendMessage", roomId=room, content="Twice", requestId="1") == first
    with ann.enter(room) as another:
        assert another.ask("sendMessage", roomId=room, content="Thrice", requestId="1") == first
    other = bens.ask("sendMessage", roomId=room, content="Ben's", requestId="1")
    bens.barrier()

    assert other["messageId"] != first["messageId"]
    assert [one["content"] for one in bens.messages()] == ["Once", "Ben's"]


def test_typing_is_shown_to_others_only(talk: tuple[Channel, Channel], ann: Person, room: str) -> None:
    anns, bens = talk
    with ann.enter(room) as second:
        anns.send("typing", isTyping=True)
        assert bens.until(type="typing") == {"type": "typing", "userId": ann.user_id, "isTyping": True}
        anns.say(room, "Done")
        for own in (anns, second):
            own.until(type="message")
            assert not [frame for frame in own.heard if frame.get("type") == "typing"]


def test_presence_is_answered_and_pushed(ann: Person, ben: Person, room: str) -> None:
    both = sorted((ann.user_id, ben.user_id))
    with ann.enter(room) as anns:
        with ben.enter(room) as bens:
            assert anns.until(lambda frame: sorted(frame["members"]) == both, type="presence")
            answer = anns.ask("presence", requestId="who")
            assert answer == {"action": "presence", "requestId": "who", "members": answer["members"]}
            assert sorted(answer["members"]) == both
            with ben.enter(room) as second:
                assert sorted(second.ask("presence")["members"]) == both
            assert sorted(bens.ask("presence")["members"]) == both
        assert anns.until(type="presence")["members"] == [ann.user_id]


def test_more_than_forty_frames_in_two_seconds(ann: Person, room: str) -> None:
    with ann.enter(room) as channel:
        for number in range(45):
            channel.send("sendMessage", requestId=str(number), roomId=room, content=str(number))
        answers = channel.answers(45)
        refused = {number: one for number, one in answers.items() if one["action"] == "error"}

        assert {(one["error"], one["retryAfter"]) for one in refused.values()} == {("RATE_LIMITED", 2)}
        assert sorted(map(int, refused)) == list(range(40, 45))
        assert sorted(one["seq"] for number, one in answers.items() if number not in refused) == list(range(1, 41))
        said = ann.get(f"/rooms/{room}/messages?limit=100")["messages"]
        assert [one["content"] for one in said] == [str(number) for number in reversed(range(40))]
