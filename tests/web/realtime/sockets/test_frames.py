"""RFC 6455 sections 5 to 8, rule by rule."""

import struct
from collections.abc import Iterator

import pytest

from tests.web.realtime.sockets.raw_client import (
    BINARY,
    CLOSE,
    CONTINUATION,
    PING,
    PONG,
    TEXT,
    RawClient,
    frame,
)
from tests.web.realtime.sockets.server import Server

LIMIT = 1 << 20
HANGUL = "한".encode()  # three bytes


@pytest.fixture
def client(server: Server) -> Iterator[RawClient]:
    with server.connect() as connected:
        yield connected


def claim(first: int, marker: int, length: int, width: int) -> bytes:
    """The header of a frame that says its length in so many bytes, and no payload."""
    return bytes((first, 0x80 | marker)) + length.to_bytes(width, "big")


@pytest.mark.parametrize("length", [0, 1, 125, 126, 127, 65535, 65536, LIMIT])
def test_echoes_every_class_of_length(client: RawClient, length: int) -> None:
    client.send(TEXT, b"x" * length)
    assert client.read() == (TEXT, b"x" * length)


def test_decodes_any_mask(client: RawClient) -> None:
    for mask in (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x80\x00\x7f\x01"):
        client.send(TEXT, "가나다 and ascii".encode(), mask=mask)
        assert client.read_text() == "가나다 and ascii"


def test_closes_above_the_limit_with_fin_and_not_reset(client: RawClient) -> None:
    client.socket.sendall(frame(TEXT, b"x" * (LIMIT + 1)) + frame(TEXT, b"more that nobody reads" * 1000))
    assert client.read_close() == 1009


def test_a_claim_above_the_limit_is_refused_before_any_payload(client: RawClient) -> None:
    client.socket.settimeout(1.0)
    client.socket.sendall(claim(0x81, 127, 1 << 62, 8))
    assert client.read_close() == 1009


@pytest.mark.parametrize(
    "header",
    [claim(0x81, 126, 125, 2), claim(0x81, 127, 65535, 8), claim(0x81, 127, 1 << 63, 8)],
    ids=["two for one", "eight for two", "top bit"],
)
def test_refuses_lengths_not_in_their_shortest_form(client: RawClient, header: bytes) -> None:
    client.socket.sendall(header)
    assert client.read_close() == 1002


def test_takes_a_byte_at_a_time(client: RawClient) -> None:
    stream = frame(TEXT, "가 byte".encode()) + frame(PING, b"p") + frame(TEXT, b"y" * 130)
    for byte in stream:
        client.socket.sendall(bytes((byte,)))
    incoming = [client.read(), client.read(), client.read()]
    assert (PONG, b"p") in incoming  # anywhere: pongs do not wait for the receiver
    assert [one.payload for one in incoming if one.opcode == TEXT] == ["가 byte".encode(), b"y" * 130]


def test_takes_many_frames_in_one_segment(client: RawClient) -> None:
    client.socket.sendall(b"".join(frame(TEXT, b"%d" % number) for number in range(500)))
    assert [client.read_text() for _ in range(500)] == [str(number) for number in range(500)]


def test_joins_fragments_with_control_frames_between(client: RawClient) -> None:
    client.send(TEXT, b"one ", first=0x01)
    client.send(PING, b"now")
    assert client.read() == (PONG, b"now")
    client.send(CONTINUATION, b"two ", first=0x00)
    client.send(CONTINUATION, b"three")
    assert client.read_text() == "one two three"
    client.text("and usual again")
    assert client.read_text() == "and usual again"


def test_joins_empty_fragments(client: RawClient) -> None:
    client.socket.sendall(frame(TEXT, first=0x01) + frame(CONTINUATION, first=0x00) + frame(CONTINUATION))
    assert client.read() == (TEXT, b"")


def test_joins_fragments_cut_inside_a_letter(client: RawClient) -> None:
    client.socket.sendall(frame(TEXT, HANGUL[:1], first=0x01) + frame(CONTINUATION, HANGUL[1:2], first=0x00))
    client.send(CONTINUATION, HANGUL[2:])
    assert client.read_text() == "한"


def test_joins_binary_fragments(client: RawClient) -> None:
    client.socket.sendall(frame(BINARY, b"\xff", first=0x02) + frame(CONTINUATION, b"\x00"))
    assert client.read_text() == "binary:ff00"


def test_passes_binary_on_as_such(client: RawClient) -> None:
    client.send(BINARY, b"\xff\xfe")
    assert client.read_text() == "binary:fffe"


@pytest.mark.parametrize(
    "stream",
    [
        frame(CONTINUATION, b"x"),
        frame(CONTINUATION, b"x", first=0x00),
        frame(TEXT, b"x", first=0x01) + frame(TEXT, b"x"),
        frame(TEXT, b"x", first=0x01) + frame(BINARY, b"x", first=0x02),
    ],
    ids=["stray end", "stray middle", "new message inside", "new fragment inside"],
)
def test_refuses_fragments_out_of_order(client: RawClient, stream: bytes) -> None:
    client.socket.sendall(stream)
    assert client.read_close() == 1002


def test_bounds_the_sum_of_fragments(client: RawClient) -> None:
    client.socket.sendall(frame(TEXT, b"x" * LIMIT, first=0x01) + frame(PING) + frame(CONTINUATION, b"x"))
    assert client.read_close() == 1009


def test_bounds_the_number_of_fragments(client: RawClient) -> None:
    client.socket.sendall(frame(TEXT, first=0x01) + frame(CONTINUATION, first=0x00) * 100_000)
    assert client.read_close() == 1008


@pytest.mark.parametrize("bits", [0x40, 0x20, 0x10])
def test_refuses_reserved_bits(client: RawClient, bits: int) -> None:
    client.send(TEXT, b"x", first=0x81 | bits)
    assert client.read_close() == 1002


@pytest.mark.parametrize("opcode", [3, 4, 5, 6, 7, 11, 12, 13, 14, 15])
def test_refuses_reserved_opcodes_by_their_header(client: RawClient, opcode: int) -> None:
    client.socket.sendall(bytes((0x80 | opcode, 0x80)))
    assert client.read_close() == 1002


def test_refuses_an_unmasked_frame_of_two_bytes(client: RawClient) -> None:
    client.socket.sendall(bytes((0x81, 0x00)))
    assert client.read_close() == 1002


@pytest.mark.parametrize("opcode", [CLOSE, PING, PONG])
def test_refuses_long_control_frames(client: RawClient, opcode: int) -> None:
    client.send(opcode, b"x" * 126)
    assert client.read_close() == 1002


@pytest.mark.parametrize("opcode", [CLOSE, PING, PONG])
def test_refuses_fragmented_control_frames(client: RawClient, opcode: int) -> None:
    client.send(opcode, first=opcode)
    assert client.read_close() == 1002


def test_answers_thirty_pings_of_one_segment_in_order(client: RawClient) -> None:
    client.socket.sendall(b"".join(frame(PING, b"%d" % number) for number in range(30)) + frame(PING, b"z" * 125))
    assert [client.read() for _ in range(31)] == [*((PONG, b"%d" % n) for n in range(30)), (PONG, b"z" * 125)]


def test_ignores_a_stray_pong(client: RawClient) -> None:
    client.send(PONG, b"nobody asked")
    client.text("still here")
    assert client.read_text() == "still here"


@pytest.mark.parametrize(
    "payload",
    [b"\xff", b"ok \xc3\x28", b"\xc0\xaf", b"\xe0\x80\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", HANGUL[:2]],
    ids=["never", "continuation", "overlong two", "overlong three", "surrogate", "above the range", "cut"],
)
def test_refuses_what_is_not_utf8(client: RawClient, payload: bytes) -> None:
    client.send(TEXT, payload)
    assert client.read_close() == 1007


def test_refuses_fragments_that_are_not_utf8_together(client: RawClient) -> None:
    client.socket.sendall(frame(TEXT, HANGUL[:2], first=0x01) + frame(CONTINUATION, b"x"))
    assert client.read_close() == 1007


def test_a_message_before_a_violation_is_still_received(server: Server, name: str) -> None:
    with server.connect(f"/ws?name={name}") as client:
        client.socket.sendall(frame(TEXT, b"note:last words") + bytes((0x83, 0x80)))
        assert client.read_close() == 1002
        server.eventually_noted(name, "opened", "last words", "closed 1002")


def test_echoes_an_empty_close(client: RawClient) -> None:
    client.send(CLOSE)
    assert client.read() == (CLOSE, b"")
    client.read_end()


@pytest.mark.parametrize(
    "code", [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999]
)
def test_echoes_the_code_of_a_close(client: RawClient, code: int) -> None:
    client.send(CLOSE, struct.pack("!H", code) + "끝".encode())
    assert client.read_close() == code


@pytest.mark.parametrize("code", [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535])
def test_refuses_codes_that_no_peer_may_send(client: RawClient, code: int) -> None:
    client.send(CLOSE, struct.pack("!H", code))
    assert client.read_close() == 1002


def test_refuses_a_close_of_one_byte(client: RawClient) -> None:
    client.send(CLOSE, b"\x03")
    assert client.read_close() == 1002


def test_refuses_a_reason_that_is_not_utf8(client: RawClient) -> None:
    client.send(CLOSE, b"\x03\xe8\xff")
    assert client.read_close() == 1007


def test_ignores_what_follows_a_close(server: Server, name: str) -> None:
    with server.connect(f"/ws?name={name}") as client:
        client.socket.sendall(frame(CLOSE, b"\x03\xe8") + frame(TEXT, b"note:too late") + b"\xff" * 70_000)
        assert client.read_close() == 1000
        server.eventually_noted(name, "opened", "closed 1000")


def test_closes_inside_a_fragmented_message(client: RawClient) -> None:
    client.socket.sendall(frame(TEXT, b"half", first=0x01) + frame(CLOSE, b"\x0f\xa0"))
    assert client.read_close() == 4000
