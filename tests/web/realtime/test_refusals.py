"""What is refused is refused by name: with the requestId wherever it can be read, and the fields that were wrong."""

from typing import Any

import pytest

from shared.domains.connections.models import ConnectionKind
from tests.web.realtime.short_scene import ALLOWED, ROOM, Line, session_on
from web.realtime.frames import FRAME_LIMIT

LONG = b"x" * FRAME_LIMIT


def heard(kind: ConnectionKind, *frames: bytes) -> list[dict[str, Any]]:
    """Return what a connection is answered."""
    line = Line()
    session = session_on(line, kind, {})
    for frame in frames:
        session.received(frame, True)
    return line.heard


@pytest.mark.parametrize(
    ("frame", "error"),
    [
        (b'{"action":"sendMessage","requestId":"q","roomId":"r1","content":"\\ud83d"}', "INVALID_REQUEST"),
        (b'{"action":"resume","requestId":"q","lastSeq":1e400}', "INVALID_REQUEST"),
        (b'{"action":"resume","requestId":"q","lastSeq":NaN}', "INVALID_REQUEST"),
        (b'{"requestId" : "q", "action":"ping"', "INVALID_REQUEST"),
        (b'{"action":"ping","requestId":"q","deep":' + b"[" * 3_000, "INVALID_REQUEST"),
        (b'{"action":"ping","requestId":"q","x":"' + LONG + b'"}', "PAYLOAD_TOO_LARGE"),
        (b'{"x":"' + LONG + b'","action":"ping","requestId":"q"}', "PAYLOAD_TOO_LARGE"),
    ],
    ids=["half an emoji", "beyond all bounds", "no number", "cut", "deep", "long behind", "long before"],
)
def test_whatever_has_a_readable_request_id_is_answered_with_it(frame: bytes, error: str) -> None:
    [answer] = heard(ConnectionKind.ROOM, frame)
    assert (answer["action"], answer["requestId"], answer["error"]) == ("error", "q", error)


@pytest.mark.parametrize(
    "frame",
    [
        b'{"action":"ping","requestId":"\\ud83d"}',
        b'{"action":"ping","requestId":"' + b"q" * 129 + b'","unknown":1}',
        b'{"action":"ping","content":"\\"requestId\\":\\"q\\"',
        b"nothing",
    ],
)
def test_what_cannot_be_given_back_is_not_made_up(frame: bytes) -> None:
    [answer] = heard(ConnectionKind.ROOM, frame)
    assert (answer["error"], "requestId" in answer) == ("INVALID_REQUEST", False)


def test_a_request_to_the_partner_is_answered_in_its_own_form_with_the_names_of_what_was_wrong() -> None:
    broken = b'{"action":"sendMessage","requestId":"q","message":"\\ud83d"}'
    unknown = b'{"action":"sendMessage","requestId":"q","message":"Hi","colour":"red","stream":1}'
    first, second = heard(ConnectionKind.USER, broken, unknown)

    assert [one["action"] for one in (first, second)] == ["messageResponse"] * 2
    assert (first["requestId"], first["status"]) == ("q", "failed")
    assert {one["field"] for one in second["details"]} == {"colour", "stream"}


@pytest.mark.parametrize(
    ("frame", "field"),
    [
        (b'{"action":"resume","lastSeq":true}', "lastSeq"),
        (b'{"action":"resume","lastSeq":"5"}', "lastSeq"),
        (b'{"action":"resume","lastSeq":5.0}', "lastSeq"),
        (b'{"action":"typing","isTyping":1}', "isTyping"),
        (b'{"action":"typing","isTyping":"true"}', "isTyping"),
    ],
)
def test_true_is_no_number_and_a_text_is_none(frame: bytes, field: str) -> None:
    [answer] = heard(ConnectionKind.ROOM, frame)
    assert [one["field"] for one in answer["details"]] == [field]


def test_frames_beyond_the_limit_are_refused_by_name_too() -> None:
    frames = [b'{"action":"dance","requestId":"%d"}' % number for number in range(ALLOWED + 1)]
    assert heard(ConnectionKind.ROOM, *frames)[-1]["error"] == "RATE_LIMITED"
    assert heard(ConnectionKind.ROOM, *frames)[-1]["requestId"] == str(ALLOWED)
    assert ROOM
