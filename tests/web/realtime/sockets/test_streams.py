"""Any stream, cut anywhere, means the same."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.web.realtime.sockets.raw_client import CONTINUATION, PING, PONG, TEXT, frame
from tests.web.realtime.sockets.server import Server

texts = st.text(max_size=300).map(lambda text: "=" + text)  # no command begins so
cuts = st.lists(st.integers(0, 5000), max_size=12)


@settings(max_examples=60, deadline=None)
@given(messages=st.lists(st.tuples(texts, st.integers(0, 300)), max_size=8), places=cuts)
def test_any_split_of_a_stream_means_the_same(
    server: Server, messages: list[tuple[str, int]], places: list[int]
) -> None:
    stream = b"".join(fragmented(text.encode(), place) + frame(PING, b"p") for text, place in messages)
    with server.connect() as client:
        bounds = [0, *sorted(places), len(stream)]
        for start, end in pairwise(bounds):
            client.socket.sendall(stream[start:end])
        answers = [client.read() for _ in range(2 * len(messages))]
        client.close()
    assert [payload.decode() for opcode, payload in answers if opcode == TEXT] == [text for text, _ in messages]
    assert sum(answer == (PONG, b"p") for answer in answers) == len(messages)


def fragmented(payload: bytes, place: int) -> bytes:
    """The message in one frame, or in two with a ping between, cut at the place (inside a letter, maybe)."""
    if place >= len(payload):
        return frame(TEXT, payload)
    return frame(TEXT, payload[:place], first=0x01) + frame(CONTINUATION, payload[place:])
