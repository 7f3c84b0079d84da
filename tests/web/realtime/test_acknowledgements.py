"""Answers that are written by hand say what their contracts say."""

from hypothesis import given
from hypothesis import strategies as some

from shared.domains.messages.contract import MessageAck
from tests.builders import a_message
from web.realtime.frames import ack_frame, frame_of


@given(request_id=some.text(some.characters(codec="utf-8"), min_size=1, max_size=128), seq=some.integers(1, 2**53))
def test_an_acknowledgement_reads_as_its_contract_says(request_id: str, seq: int) -> None:
    message = a_message(seq=seq)
    contract = MessageAck(request_id=request_id, message_id=message.message_id, seq=seq, created_at=message.created_at)

    assert ack_frame(request_id, message) == frame_of(contract)
