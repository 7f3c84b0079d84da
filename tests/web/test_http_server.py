"""The gateway's server on the wire: answers that arrive, limits in every framing, refusals in the one form."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
JSON = b"Content-Type: application/json\r\n"
SUBJECT = "tests.web.gunicorn_subject:app"
DEADLINE = 60.0


class Server:
    """gunicorn with the gateway's worker, on a socket that listens already."""

    def __init__(self, log: Path) -> None:
        options = ["-k", "web.gunicorn_worker.GatewayWorker", "--keep-alive", "30", "--no-control-socket"]
        options += ["--limit-request-line", "8190"]  # as in web/gunicorn_configuration.py
        with socket.create_server(("127.0.0.1", 0), backlog=128) as listener, log.open("wb") as output:
            self.address = listener.getsockname()
            self.process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", *options, "-b", f"fd://{listener.fileno()}", SUBJECT],
                cwd=ROOT,
                pass_fds=[listener.fileno()],
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self.log = log

    def say(self, *parts: bytes, then_end: bool = False) -> tuple[int, bytes, str]:
        """Send parts; return the status, all that came, and whether the connection ended well."""
        with socket.create_connection(self.address, DEADLINE) as client:
            client.settimeout(DEADLINE)
            for part in parts:
                client.sendall(part)
            if then_end:
                client.shutdown(socket.SHUT_WR)
            return _heard(client)


def _heard(client: socket.socket) -> tuple[int, bytes, str]:
    heard, end = b"", "open"
    try:
        while more := client.recv(65536):
            heard += more
        end = "ended"
    except ConnectionResetError:
        end = "reset"
    return int(heard.split(b" ", 2)[1]) if heard else 0, heard, end


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = Server(tmp_path_factory.mktemp("server") / "gunicorn.log")
    yield made
    made.process.terminate()
    made.process.wait(60)
    assert "Traceback" not in made.log.read_text()


def chunked(body: bytes, size: int = 16_384) -> bytes:
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def post(path: bytes, *headers: bytes) -> bytes:
    return b"POST %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s\r\n" % (path, b"".join(headers))


LONG = b"x" * 300_000


@pytest.mark.parametrize(
    "request_",
    [
        post(b"/refuse", b"Content-Length: 300000\r\n") + LONG,
        post(b"/refuse", b"Transfer-Encoding: chunked\r\n") + chunked(LONG),
    ],
    ids=["length", "chunks"],
)
def test_an_answer_given_before_the_body_is_read_arrives(server: Server, request_: bytes) -> None:
    for _ in range(10):
        status, _heard, end = server.say(request_)
        assert (status, end) == (403, "ended")


@pytest.mark.parametrize(("size", "status"), [(99_999, 200), (100_000, 200), (100_001, 413), (300_000, 413)], ids=str)
def test_a_limit_holds_in_every_framing(server: Server, size: int, status: int) -> None:
    body = b"x" * size
    by_length = server.say(post(b"/read", b"Content-Length: %d\r\n" % size) + body)
    in_chunks = server.say(post(b"/read", b"Transfer-Encoding: chunked\r\n") + chunked(body))
    assert (by_length[0], in_chunks[0]) == (status, status)
    assert (by_length[2], in_chunks[2]) == ("ended", "ended")
    if status == 200:
        assert by_length[1].endswith(b"%d" % size)
        assert b"%d" % size in in_chunks[1]


@pytest.mark.parametrize(
    "rest", [b"zz\r\n{}\r\n0\r\n\r\n", b"0x2\r\n{}\r\n0\r\n\r\n", b"-1\r\n{}\r\n", b"2\r\n{}XX0\r\n\r\n"]
)
def test_chunks_that_are_none_are_the_clients_fault(server: Server, rest: bytes) -> None:
    head = post(b"/fields", JSON, b"Transfer-Encoding: chunked\r\n").replace(b"Connection: close\r\n", b"")
    status, _heard, end = server.say(head + rest)
    assert (status, end) == (400, "ended")


def test_a_body_that_is_cut_ends_the_connection(server: Server) -> None:
    status, _heard, end = server.say(post(b"/read", b"Content-Length: 1000\r\n") + b"{", then_end=True)
    assert (status, end) == (400, "ended")


def test_a_connection_goes_on_behind_a_body_that_nobody_wanted(server: Server) -> None:
    first = post(b"/refuse", b"Content-Length: 5000\r\n").replace(b"Connection: close\r\n", b"")
    with socket.create_connection(server.address, DEADLINE) as client:
        client.settimeout(DEADLINE)
        client.sendall(first + b"x" * 5000)
        heard = b""
        while not heard.endswith(b"not for you"):
            heard += client.recv(65536)
        assert b" 403 " in heard
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert _heard(client)[0] == 200


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 9_000 + b"\r\n\r\n", 431),
        (b"POST /read HTTP/1.1\r\nHost: x\r\nExpect: cake\r\nContent-Length: 2\r\n\r\n{}", 417),
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/9.1\r\nHost: x\r\n\r\n", 400),
        (b"POST /read HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gold\r\n\r\n", 501),
    ],
    ids=["long address", "long header", "expectation", "nonsense", "version", "coding"],
)
def test_what_the_server_itself_refuses_has_the_one_form(server: Server, request_: bytes, status: int) -> None:
    found, heard, end = server.say(request_)
    assert (found, end) == (status, "ended")
    head, _, body = heard.partition(b"\r\n\r\n")
    said = json.loads(body)
    assert set(said) == {"success", "error", "message", "requestId"}
    assert said["success"] is False
    assert b"X-Request-Id: " + said["requestId"].encode() in head


@pytest.mark.parametrize("method", [b"GET", b"OPTIONS", b"DELETE", b"A-METHOD-OF-20-CHARS"])
def test_an_address_may_have_8000_bytes_whatever_the_method(server: Server, method: bytes) -> None:
    def status(length: int) -> int:
        address = b"/?" + b"a" * (length - 2)
        return server.say(method + b" " + address + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")[0]

    assert (status(8_000) != 414, status(8_001), status(8_160)) == (True, 414, 414)


def test_a_body_that_stops_coming_is_given_up(server: Server) -> None:
    began = time.monotonic()
    with socket.create_connection(server.address, 60) as client:
        client.settimeout(60)
        client.sendall(post(b"/read", b"Content-Length: 1000\r\n") + b"{")
        assert _heard(client)[0] == 408
    assert time.monotonic() - began < 50
