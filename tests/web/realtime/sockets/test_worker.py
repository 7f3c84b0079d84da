"""What a process does for all its sockets: heartbeat, cap and drain."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.web.realtime.sockets.raw_client import CLOSE, PING, PONG, TEXT, RawClient, frame, request_lines
from tests.web.realtime.sockets.server import Server, eventually


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a short heartbeat and room for few."""
    log = tmp_path_factory.mktemp("strict") / "gunicorn.log"
    with Server(log, HEARTBEAT="0.15", MAX_CONNECTIONS="3") as running:
        yield running
    assert running.unexpected_errors() == []


def empty(server: Server) -> None:
    eventually(lambda: server.get("/state")["connections"], lambda count: count == 0)


def test_pings_and_keeps_whom_it_hears(strict: Server) -> None:
    with strict.connect() as client:
        for _ in range(4):
            assert client.read().opcode == PING
            client.send(PONG)
        client.close()
    empty(strict)


def test_any_frame_counts_as_a_sign_of_life(strict: Server, name: str) -> None:
    with strict.connect(f"/ws?name={name}") as client:
        for _ in range(4):
            assert client.read().opcode == PING
            client.text("note:alive")
        assert strict.journal(name)[0] == "opened"
        client.close()
    empty(strict)


def test_whoever_talks_now_and_then_is_never_closed(strict: Server) -> None:
    with strict.connect() as client:
        for _ in range(12):
            assert client.read().opcode == PING
            client.text("echo")
            client.send(PONG)
            assert client.read().opcode == TEXT
        client.close()
    empty(strict)


def test_the_silent_are_closed_with_1001_and_gone(strict: Server, name: str) -> None:
    with strict.connect(f"/ws?name={name}") as silent:
        strict.eventually_noted(name, "opened", "closed 1001")
        empty(strict)  # though the peer never ended its side
        opcodes = [silent.read().opcode for _ in range(2)]
        assert opcodes[0] == PING


def test_one_whose_receiver_is_behind_is_not_taken_for_dead(strict: Server, name: str) -> None:
    with strict.connect(f"/ws?name={name}") as client:
        client.socket.sendall(frame(TEXT, f"hold:{name}".encode()) + frame(TEXT, b"note:x") * 64)
        for _ in range(8):
            assert client.read().opcode == PING
        strict.post(f"/release/{name}")
        strict.eventually_noted(name, "opened", "held", "released", *["x"] * 64)
        client.close()
    empty(strict)


def test_refuses_with_503_when_full(strict: Server) -> None:
    with ExitStack() as clients:
        for _ in range(3):
            clients.enter_context(strict.connect())
        with RawClient(strict.address) as fourth:
            answer = fourth.ask(request_lines("/ws"))
        assert (answer.status, answer.headers["retry-after"]) == (503, "1")
    empty(strict)
    with strict.connect() as client:
        client.close()


def test_sigterm_tells_all_and_closes_them_with_1012(tmp_path: Path) -> None:
    with Server(tmp_path / "gunicorn.log") as server, ExitStack() as stack:
        clients = [stack.enter_context(server.connect(f"/ws?name=c{number}")) for number in range(150)]
        stalled = stack.enter_context(server.connect("/ws?name=stalled", receive_buffer=8192))
        stalled.text("pour:3:300000:stalled")
        eventually(lambda: server.get("/state")["queued"].get("stalled", 0), lambda queued: queued > 0)
        server.process.terminate()
        for client in clients:
            assert client.read_text() == "closing"
            assert client.read() == (CLOSE, b"\x03\xf4")
            client.read_end()
            client.socket.close()
        assert [len(stalled.read_text()) for _ in range(3)] == [300_000] * 3
        assert stalled.read_text() == "closing"
        assert stalled.read_close() == 1012
        assert server.process.wait(60) == 0
    assert server.log.read_text().count(" 1012") == 151
    assert server.unexpected_errors() == []


def test_an_upgrade_is_refused_where_it_cannot_work(tmp_path: Path) -> None:
    with Server(tmp_path / "gunicorn.log", "gthread") as server, RawClient(server.address) as client:
        assert client.ask(request_lines("/ws")).status == 500
    assert "WebSockets need gunicorn's gevent worker" in server.log.read_text()
