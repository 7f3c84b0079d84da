"""The opening handshake."""

import pytest

from tests.web.realtime.sockets.raw_client import ACCEPT, KEY, TEXT, RawClient, frame, request_lines
from tests.web.realtime.sockets.server import Server


def test_answers_the_example_of_the_specification(server: Server) -> None:
    with RawClient(server.address) as client:
        answer = client.upgrade(changes={"Sec-WebSocket-Key": KEY})
        assert answer.headers["sec-websocket-accept"] == ACCEPT
        assert answer.headers["upgrade"].lower() == "websocket"
        assert answer.headers["connection"].lower() == "upgrade"


@pytest.mark.parametrize(
    "changes",
    [
        {"Upgrade": "WebSocket", "Connection": "upgrade"},
        {"Connection": "keep-alive, Upgrade"},
        {"Sec-WebSocket-Key": None, "sec-websocket-KEY": KEY},
    ],
    ids=["values", "list", "names"],
)
def test_is_indifferent_to_case_and_to_lists(server: Server, changes: dict[str, str | None]) -> None:
    with server.connect(changes=changes) as client:
        client.text("hello")
        assert client.read_text() == "hello"


def test_takes_a_request_byte_by_byte(server: Server) -> None:
    with RawClient(server.address) as client:
        for byte in request_lines("/ws"):
            client.socket.sendall(bytes((byte,)))
        assert client.read_answer().status == 101


def test_takes_frames_that_came_with_the_request(server: Server) -> None:
    early = frame(TEXT, b"one") + frame(TEXT, b"two") + frame(TEXT, b"three")
    with server.connect(early=early[:-3]) as client:
        assert [client.read_text(), client.read_text()] == ["one", "two"]
        client.socket.sendall(early[-3:])
        assert client.read_text() == "three"


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"Sec-WebSocket-Key": None}, 400),
        ({"Sec-WebSocket-Key": ""}, 400),
        ({"Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAA"}, 400),
        ({"Sec-WebSocket-Key": "not base64 at all!!!!!!!"}, 400),
        ({"Sec-WebSocket-Key": f"{KEY}, {KEY}"}, 400),
        ({"Sec-WebSocket-Version": None}, 426),
        ({"Sec-WebSocket-Version": "8"}, 426),
        ({"Sec-WebSocket-Version": "13, 13"}, 426),
        ({"Content-Length": "5"}, 400),
        ({"Transfer-Encoding": "chunked"}, 400),
        ({"Upgrade": None}, 426),
        ({"Connection": None}, 426),
        ({"Upgrade": "h2c"}, 426),
    ],
    ids=str,
)
def test_refuses_what_is_no_proper_upgrade(server: Server, changes: dict[str, str | None], status: int) -> None:
    with RawClient(server.address) as client:
        answer = client.ask(request_lines("/ws", changes))
    assert answer.status == status
    if status == 426:
        assert answer.headers["sec-websocket-version"] == "13"
        assert answer.headers["upgrade"] == "websocket"


def test_refuses_old_http(server: Server) -> None:
    with RawClient(server.address) as client:
        assert client.ask(request_lines("/ws").replace(b"HTTP/1.1", b"HTTP/1.0", 1)).status == 400


@pytest.mark.parametrize(("method", "status"), [("HEAD", 400), ("POST", 405)])
def test_refuses_other_methods(server: Server, method: str, status: int) -> None:
    with RawClient(server.address) as client:
        client.socket.sendall(request_lines("/ws", method=method))
        assert b" %d " % status in client.socket.recv(65536)


@pytest.mark.parametrize(("path", "status"), [("/aborts", 401), ("/refuses", 403), ("/fails", 500), ("/none", 404)])
def test_a_view_refuses_in_plain_http(server: Server, path: str, status: int) -> None:
    with RawClient(server.address) as client:
        answer = client.ask(request_lines(path))
        assert answer.status == status
        assert answer.body


def test_the_connection_is_of_use_after_a_refusal(server: Server) -> None:
    with RawClient(server.address) as client:
        assert client.ask(request_lines("/refuses", {"Connection": "keep-alive, Upgrade"})).status == 403
        client.upgrade()
        client.text("hello")
        assert client.read_text() == "hello"


def test_agrees_to_no_extension(server: Server) -> None:
    with RawClient(server.address) as client:
        answer = client.upgrade(changes={"Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits"})
        assert "sec-websocket-extensions" not in answer.headers


def test_names_the_subprotocol_that_the_view_chose(server: Server) -> None:
    with RawClient(server.address) as client:
        answer = client.upgrade("/chosen/bearer", {"Sec-WebSocket-Protocol": "bearer, ey.J.x"})
        assert answer.headers["sec-websocket-protocol"] == "bearer"


def test_names_no_subprotocol_that_the_view_did_not_choose(server: Server) -> None:
    with RawClient(server.address) as client:
        answer = client.upgrade(changes={"Sec-WebSocket-Protocol": "bearer, ey.J.x"})
        assert "sec-websocket-protocol" not in answer.headers


def test_choosing_a_subprotocol_not_offered_is_an_error_before_the_upgrade(server: Server) -> None:
    with RawClient(server.address) as client:
        assert client.ask(request_lines("/chosen/bearer")).status == 500


def test_serves_a_blueprint(server: Server) -> None:
    with server.connect("/of_a_blueprint/page") as client:
        client.text("hello")
        assert client.read_text() == "hello"
