"""What a Receiver is promised."""

from contextlib import ExitStack

import pytest

from tests.web.realtime.sockets.raw_client import CLOSE, PING, PONG, TEXT, RawClient, frame
from tests.web.realtime.sockets.server import Server, eventually


def test_is_opened_and_closed_once_and_in_order(server: Server, name: str) -> None:
    with server.connect(f"/ws?name={name}") as client:
        client.socket.sendall(frame(TEXT, b"note:one") + frame(TEXT, b"note:two"))
        client.close(1001)
        server.eventually_noted(name, "opened", "one", "two", "closed 1001")


@pytest.mark.parametrize("path", ["/ws", "/hub"])
def test_learns_that_the_peer_gave_no_code(server: Server, name: str, path: str) -> None:
    with server.connect(f"{path}?name={name}") as client:
        client.send(CLOSE)
        server.eventually_noted(name, "opened", "closed 1005")


def test_learns_of_a_loss(server: Server, name: str) -> None:
    with server.connect(f"/ws?name={name}") as client:
        client.text("note:bye")
    server.eventually_noted(name, "opened", "bye", "closed 1006")


def test_learns_of_a_reset(server: Server, name: str) -> None:
    client = server.connect(f"/ws?name={name}")
    server.eventually_noted(name, "opened")
    client.reset()
    server.eventually_noted(name, "opened", "closed 1006")


def test_closes_with_code_and_reason_after_all_that_was_sent(server: Server, name: str) -> None:
    with server.connect(f"/ws?name={name}") as client:
        client.socket.sendall(frame(TEXT, f"pour:20:10000:{name}".encode()) + frame(TEXT, b"close:4403:" + b"r" * 150))
        assert [len(client.read_text()) for _ in range(20)] == [10000] * 20
        assert client.read() == (CLOSE, b"\x11\x33" + b"r" * 123)
        client.read_end()
        server.eventually_noted(name, "opened", "closed 4403")


@pytest.mark.parametrize("path", ["/ws", "/hub"])
def test_a_failure_closes_with_1011_and_harms_no_other(server: Server, name: str, path: str) -> None:
    with server.connect() as mate, server.connect(f"{path}?name={name}") as client:
        client.socket.sendall(frame(TEXT, b"raise:") + frame(TEXT, b"note:never"))
        assert client.read_close() == 1011
        mate.text("hello")
        assert mate.read_text() == "hello"
        server.eventually_noted(name, "opened", "closed 1011")


def test_a_failure_to_open_closes_with_1011(server: Server, name: str) -> None:
    with server.connect(f"/ws?name=unopenable{name}") as client:
        assert client.read_close() == 1011
        server.eventually_noted(f"unopenable{name}", "opened", "closed 1011")


def test_one_that_waits_delays_no_other_and_keeps_its_order(server: Server, name: str) -> None:
    with server.connect() as mate, server.connect(f"/ws?name={name}") as client:
        client.socket.sendall(frame(TEXT, f"hold:{name}".encode()) + frame(TEXT, b"note:after") + frame(PING, b"?"))
        assert client.read() == (PONG, b"?")
        server.eventually_noted(name, "opened", "held")
        for number in range(20):
            mate.text(f"turn {number}")
            assert mate.read_text() == f"turn {number}"
        assert server.journal(name) == ["opened", "held"]
        mate.text(f"release:{name}")
        server.eventually_noted(name, "opened", "held", "released", "after")


def test_closing_does_not_wait_for_a_receiver_that_does(server: Server, name: str) -> None:
    with server.connect(f"/ws?name={name}") as client:
        client.socket.sendall(frame(TEXT, f"hold:{name}".encode()) + frame(TEXT, b"note:after"))
        client.close(1000)
        server.eventually_noted(name, "opened", "held")
        server.post(f"/release/{name}")
        server.eventually_noted(name, "opened", "held", "released", "after", "closed 1000")


def test_one_that_waits_slows_its_sender_down_and_loses_nothing(server: Server, name: str) -> None:
    with server.connect(f"/ws?name={name}") as client:
        client.text(f"hold:{name}")
        server.eventually_noted(name, "opened", "held")
        sent, rest = send_until_stuck(client, frame(TEXT, b"count:" + b"z" * 60_000), at_most=2000)
        server.post(f"/release/{name}")
        client.socket.settimeout(10)
        client.socket.sendall(bytes(rest) + frame(TEXT, b"counted:"))
        assert client.read_text() == str(sent + 1)


def send_until_stuck(client: RawClient, message: bytes, at_most: int) -> tuple[int, memoryview]:
    """Send the message until the kernels' buffers are full; return how often it went out whole, and what did not."""
    client.socket.settimeout(0.5)
    for sent in range(at_most):
        rest = memoryview(message)
        while rest:
            try:
                rest = rest[client.socket.send(rest) :]
            except TimeoutError:
                return sent, rest
    raise AssertionError("the sender was never slowed down")


def test_takes_messages_in_the_hub_only_in_order(server: Server, name: str) -> None:
    with server.connect(f"/hub?name={name}") as client:
        client.text(f"hold:{name}")
        server.eventually_noted(name, "opened", "held")
        client.socket.sendall(frame(TEXT, b"note:first") + frame(TEXT, b"quick second") + frame(PING))
        assert client.read().opcode == PONG
        server.post(f"/release/{name}")
        server.eventually_noted(name, "opened", "held", "released", "first", "quick second in turn")
        client.text("quick third")
        eventually(lambda: server.journal(name)[-1], lambda note: note == "quick third in the hub")


def test_nothing_passes_a_message_that_is_taken_for_later(server: Server, name: str) -> None:
    with server.connect(f"/hub?name={name}") as client:
        server.eventually_noted(name, "opened")
        client.socket.sendall(frame(TEXT, b"soon first") + frame(TEXT, b"quick second") + frame(PING))
        assert client.read().opcode == PONG
        assert server.journal(name) == ["opened", "soon first taken"]
        server.post(f"/go-on/{name}")
        server.eventually_noted(name, "opened", "soon first taken", "quick second in turn")


def test_a_message_taken_for_later_can_come_back_to_its_turn(server: Server, name: str) -> None:
    with server.connect(f"/hub?name={name}") as client:
        server.eventually_noted(name, "opened")
        client.socket.sendall(frame(TEXT, b"soon again") + frame(TEXT, b"quick second"))
        server.eventually_noted(name, "opened", "soon again taken")
        client.close()
        server.post(f"/go-on/{name}")
        noted = ["opened", "soon again taken", "soon again in turn", "quick second in turn", "closed 1006"]
        eventually(lambda: server.journal(name), lambda seen: [*seen[:-1], "closed 1006"] == noted)


def test_a_failure_in_the_hub_closes_with_1011(server: Server, name: str) -> None:
    with server.connect(f"/hub?name={name}") as client:
        client.text("hello")
        assert client.read_text() == "hello"
        client.text("quick raise")
        assert client.read_close() == 1011
        server.eventually_noted(name, "opened", "closed 1011")


def test_one_frame_goes_to_all_whoever_has_left(server: Server, name: str) -> None:
    with ExitStack() as stack:
        mates = [stack.enter_context(server.connect(f"/ws?name={name}.{number}")) for number in range(5)]
        for number in range(5):
            server.eventually_noted(f"{name}.{number}", "opened")
        mates[0].reset()
        mates[1].text("all:hello everybody")
        assert [mate.read_text() for mate in mates[1:]] == ["hello everybody"] * 4


def test_ends_level_after_many_connections(server: Server) -> None:
    before = server.get("/state")
    for _ in range(2000):
        with server.connect() as client:
            client.socket.sendall(frame(TEXT, b"hello") + frame(CLOSE, b"\x03\xe8"))
            assert client.read_close() == 1000
    for _ in range(300):
        server.connect().socket.close()
    eventually(
        lambda: server.get("/state"),
        lambda now: now["descriptors"] <= before["descriptors"] + 2 and now["connections"] <= before["connections"],
    )
