"""Answers that are written or given by a quicker way say what the usual way says."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from shared.domains.connections.models import ConnectionKind
from shared.domains.messages.contract import MessageAck
from tests.builders import a_message
from tests.web.realtime.quick_scene import ALLOWED, Line, session_on
from web.realtime.frames import ack_frame, frame_of
from web.realtime.session import Session
from web.realtime.sockets.port import Taken


class Nobody:
    """The way back to a message, which an answer on the spot does not take."""

    def go_on(self, again: bytes | None = None) -> None:
        raise AssertionError("nothing is taken for later")


NOBODY = Nobody()


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def session(line: Line) -> Session:
    return session_on(line, ConnectionKind.USER)


@given(request_id=some.text(some.characters(codec="utf-8"), min_size=1, max_size=128), seq=some.integers(1, 2**53))
def test_an_acknowledgement_reads_as_its_contract_says(request_id: str, seq: int) -> None:
    message = a_message(seq=seq)
    contract = MessageAck(request_id=request_id, message_id=message.message_id, seq=seq, created_at=message.created_at)

    assert ack_frame(request_id, message) == frame_of(contract)


@pytest.mark.parametrize(
    ("frame", "answer"),
    [
        (b'{"action":"ping"}', {"action": "pong"}),
        (b'{"action":"ping","requestId":"r","userId":"u1"}', {"action": "pong", "requestId": "r"}),
    ],
)
def test_a_ping_is_answered_on_the_spot_and_in_turn_alike(
    session: Session, line: Line, frame: bytes, answer: dict[str, Any]
) -> None:
    assert session.received_in_hub(frame, NOBODY) is Taken.NOW
    session.received(frame, True)

    assert line.heard == [answer, answer]


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b'"ping"',
        b'{"action":"typing","isTyping":true,"requestId":"ping"}',
        b'{"action":"ping","unknown":1}',
        b'{"action":"ping","userId":"other"}',
        b'{"action":"ping","requestId":"' + b"x" * 500 + b'"}',
    ],
)
def test_what_is_no_plain_ping_is_left_to_its_turn_and_not_counted(session: Session, line: Line, frame: bytes) -> None:
    for _ in range(ALLOWED + 1):
        assert session.received_in_hub(frame, NOBODY) is Taken.NO
    assert line.heard == []

    assert session.received_in_hub(b'{"action":"ping"}', NOBODY) is Taken.NOW


def test_pings_beyond_the_limit_are_refused_in_their_turn(session: Session, line: Line) -> None:
    for _ in range(ALLOWED):
        assert session.received_in_hub(b'{"action":"ping"}', NOBODY) is Taken.NOW
    assert session.received_in_hub(b'{"action":"ping","requestId":"r"}', NOBODY) is Taken.NO
    session.received(b'{"action":"ping","requestId":"r"}', True)

    assert [one.get("error") for one in line.heard] == [None] * ALLOWED + ["RATE_LIMITED"]
