"""The decoder alone: any split decodes alike, and nothing is kept that was only claimed."""

import tracemalloc
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.web.realtime.sockets.raw_client import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, frame
from web.realtime.sockets.decoder import Decoder, Event
from web.realtime.sockets.limits import Limits

LIMITS = Limits(max_message=400, max_fragments=6)

masks = st.binary(min_size=4, max_size=4)
firsts = st.sampled_from([0x81, 0x01, 0x80, 0x00, 0x82, 0x02, 0x89, 0x8A, 0x88, 0x81, 0x81])
payloads = st.text(max_size=150).map(str.encode) | st.binary(max_size=420)
frames = st.builds(lambda first, payload, mask: frame(TEXT, payload, first=first, mask=mask), firsts, payloads, masks)
streams = st.lists(frames | st.binary(max_size=8), max_size=12).map(b"".join)


def decode(pieces: list[bytes]) -> tuple[list[Event], int | None]:
    decoder = Decoder(LIMITS)
    events = [event for piece in pieces for event in decoder.feed(piece)]
    return events, decoder.violation.code if decoder.violation else None


def cut(stream: bytes, places: list[int]) -> list[bytes]:
    bounds = [0, *sorted(min(place, len(stream)) for place in places), len(stream)]
    return [stream[start:end] for start, end in pairwise(bounds)]


@given(streams, st.lists(st.integers(0, 2000), max_size=20))
def test_any_split_decodes_alike(stream: bytes, places: list[int]) -> None:
    whole = decode([stream])
    assert decode(cut(stream, places)) == whole
    assert decode([bytes((byte,)) for byte in stream]) == whole


@given(st.lists(st.tuples(st.text(max_size=130), masks), max_size=8))
def test_returns_what_was_encoded(texts: list[tuple[str, bytes]]) -> None:
    stream = b"".join(frame(TEXT, text.encode(), mask=mask) for text, mask in texts)
    assert decode([stream]) == ([(TEXT, text.encode()) for text, _ in texts], None)


@given(st.binary(max_size=400), st.lists(st.integers(0, 400), max_size=4))
def test_joins_any_fragments(payload: bytes, places: list[int]) -> None:
    first, *others = cut(payload, places)
    stream = frame(BINARY, first, first=0x02) + b"".join(frame(CONTINUATION, part, first=0) for part in others)
    assert decode([stream, frame(PING, b"p"), frame(CONTINUATION)])[0] in (
        [(PING, b"p"), (BINARY, payload)],
        [(PING, b"p")],  # more fragments than allowed
    )


def test_control_frames_do_not_count_as_part_of_a_message_at_its_limit() -> None:
    stream = frame(TEXT, b"x" * 400, first=0x01) + frame(PONG, b"y" * 125) + frame(CONTINUATION)
    assert decode([stream]) == ([(PONG, b"y" * 125), (TEXT, b"x" * 400)], None)


@pytest.mark.parametrize("after", [frame(TEXT, b"more"), b"\xff\xff", b""])
def test_nothing_is_decoded_after_a_close(after: bytes) -> None:
    assert decode([frame(CLOSE, b"\x03\xe8"), after]) == ([(CLOSE, b"\x03\xe8")], None)


def test_nothing_is_decoded_after_a_violation() -> None:
    assert decode([frame(TEXT, b"one"), b"\xf1\x80", frame(TEXT, b"two")]) == ([(TEXT, b"one")], 1002)


def test_a_claim_within_the_limit_takes_no_memory_in_advance() -> None:
    decoder = Decoder(Limits(max_message=1 << 30))
    tracemalloc.start()
    assert decoder.feed(b"\x81\xff" + (1 << 29).to_bytes(8, "big") + b"mask" + b"x" * 10) == []
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10_000


def test_a_message_that_comes_in_small_pieces_is_not_copied_again_for_each() -> None:
    stream = frame(TEXT, b"x" * (1 << 20))
    decoder = Decoder(Limits())
    tracemalloc.start()
    events = [event for place in range(0, len(stream), 100) for event in decoder.feed(stream[place : place + 100])]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [len(payload) for _, payload in events] == [1 << 20]
    assert peak < 5 << 20
