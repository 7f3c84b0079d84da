"""A reader that does not read: bounded, cut off in order, and nobody else's trouble."""

import pytest

from tests.web.realtime.sockets.raw_client import CLOSE, PING, PONG, TEXT, RawClient, frame
from tests.web.realtime.sockets.server import Server, eventually

SMALL = 8192  # bytes of the client's receive buffer


def read_letters(client: RawClient, size: int) -> tuple[str, int | None]:
    """Read whole messages of one letter each until three came or a close frame; return their letters and its code."""
    letters = ""
    while len(letters) < 3:
        opcode, payload = client.read()
        if opcode == CLOSE:
            return letters, int.from_bytes(payload[:2], "big")
        if opcode == TEXT:
            assert payload == payload[:1] * size, "a message that is not whole"
            letters += payload[:1].decode()
    return letters, None


def test_five_great_messages_arrive_whole_or_end_in_1013_and_mates_do_not_notice(server: Server, name: str) -> None:
    with server.connect(f"/ws?name={name}", receive_buffer=SMALL) as stalled, server.connect() as mate:
        server.eventually_noted(name, "opened")
        mate.text(f"pour:5:1000000:{name}")
        for number in range(50):
            mate.text(f"turn {number}")
            assert mate.read_text() == f"turn {number}"
        server.eventually_noted(name, "opened", "closed 1013")
        letters, code = read_letters(stalled, 1_000_000)
        stalled.read_end()
    assert code == 1013
    assert "abcde".startswith(letters)


def test_what_stays_below_the_bound_is_kept_and_pongs_never_cut_a_message(server: Server, name: str) -> None:
    with server.connect(f"/ws?name={name}", receive_buffer=SMALL) as stalled, server.connect() as mate:
        server.eventually_noted(name, "opened")
        mate.text(f"pour:3:300000:{name}")
        eventually(lambda: server.get("/state")["queued"][name], lambda queued: queued > 0)
        stalled.send(PING, b"meanwhile")
        letters, code = read_letters(stalled, 300_000)
        assert (letters, code) == ("abc", None)
        assert stalled.read() == (PONG, b"meanwhile")
        eventually(lambda: server.get("/state")["queued"][name], lambda queued: queued == 0)


def test_many_small_messages_keep_their_order_across_a_pause(server: Server, name: str) -> None:
    with server.connect(f"/ws?name={name}", receive_buffer=SMALL) as stalled, server.connect() as mate:
        server.eventually_noted(name, "opened")
        mate.text(f"pour:9000:100:{name}")
        mate.text("done")
        assert mate.read_text() == "done"
        letters = [stalled.read() for _ in range(9000)]
    assert letters == [(TEXT, bytes((97 + number % 26,)) * 100) for number in range(9000)]


def test_one_that_never_reads_is_gone_in_bounded_time(server: Server, name: str) -> None:
    with server.connect(f"/ws?name={name}", receive_buffer=SMALL) as stalled, server.connect() as mate:
        server.eventually_noted(name, "opened")
        before = server.get("/state")["connections"]
        mate.text(f"pour:9:1000000:{name}")
        server.eventually_noted(name, "opened", "closed 1013")
        eventually(lambda: server.get("/state")["connections"], lambda now: now < before)
        with pytest.raises((EOFError, ConnectionResetError)):
            read_letters(stalled, 1_000_000)


def test_closing_waits_for_a_slow_reader_to_take_what_was_sent(server: Server, name: str) -> None:
    with server.connect(f"/ws?name={name}", receive_buffer=SMALL) as stalled:
        stalled.text(f"pour:3:300000:{name}")
        stalled.text("close:4403")
        server.eventually_noted(name, "opened", "closed 4403")
        assert read_letters(stalled, 300_000) == ("abc", None)
        assert stalled.read_close() == 4403


def test_a_flood_of_pings_that_are_never_read_ends_in_1013(server: Server, name: str) -> None:
    with server.connect(f"/ws?name={name}", receive_buffer=SMALL) as stalled, server.connect() as mate:
        server.eventually_noted(name, "opened")
        mate.text(f"pour:3:300000:{name}")
        eventually(lambda: server.get("/state")["queued"][name], lambda queued: queued > 0)
        stalled.socket.sendall(frame(PING, b"p" * 125) * 3000)
        server.eventually_noted(name, "opened", "closed 1013")
        letters, code = read_letters(stalled, 300_000)
        assert (letters, code) in [("", 1013), ("a", 1013), ("ab", 1013)]
