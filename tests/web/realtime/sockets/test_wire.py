"""What the server puts on the wire."""

import pytest

from web.realtime.sockets.port import Frame
from web.realtime.sockets.wire import Violation, close_code, encode_close, encode_control, encode_text, require_text


@pytest.mark.parametrize(
    ("length", "head"),
    [
        (0, b"\x81\x00"),
        (125, b"\x81\x7d"),
        (126, b"\x81\x7e\x00\x7e"),
        (65535, b"\x81\x7e\xff\xff"),
        (65536, b"\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00"),
    ],
)
def test_encodes_a_text_in_the_shortest_form(length: int, head: bytes) -> None:
    assert encode_text(b"x" * length) == head + b"x" * length


def test_a_frame_keeps_its_payload_and_is_encoded_once() -> None:
    frame = Frame.text(b"hello")
    assert (frame.payload, frame.encoded) == (b"hello", b"\x81\x05hello")
    assert frame.encoded is frame.encoded


def test_encodes_closes_and_cuts_a_long_reason_between_letters() -> None:
    assert encode_close(1005) == b"\x88\x00"
    assert encode_close(1012) == b"\x88\x02\x03\xf4"
    cut = encode_close(1000, "한" * 50)
    assert cut == encode_control(8, b"\x03\xe8" + "한".encode() * 41)


@pytest.mark.parametrize(("payload", "code"), [(b"", 1005), (b"\x03\xe8", 1000), (b"\x13\x87bye", 4999)])
def test_reads_the_code_of_a_close(payload: bytes, code: int) -> None:
    assert close_code(payload) == code


@pytest.mark.parametrize(("payload", "code"), [(b"\x03", 1002), (b"\x03\xed", 1002), (b"\x03\xe8\xff", 1007)])
def test_refuses_a_close_that_may_not_be(payload: bytes, code: int) -> None:
    with pytest.raises(Violation) as caught:
        close_code(payload)
    assert caught.value.code == code


@pytest.mark.parametrize("code", [0, 1004, 1006, 1015, 2000, 5000])
def test_does_not_send_a_code_that_may_not_be_on_the_wire(code: int) -> None:
    with pytest.raises(ValueError, match="no code to close"):
        encode_close(code)


def test_requires_text_to_be_text() -> None:
    require_text("ascii, 한글, 😀".encode())
    with pytest.raises(Violation):
        require_text(b"\xed\xa0\x80")
