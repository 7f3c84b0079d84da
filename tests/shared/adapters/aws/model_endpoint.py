"""An HTTP endpoint that answers as Amazon Bedrock's does, byte by byte, when it works and when it does not."""

import json
import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from zlib import crc32

STRING = 7
PATIENCE = 10.0


def frame(headers: dict[str, str], payload: bytes) -> bytes:
    """A message of the event stream: prelude, its sum, headers, payload, the sum of all."""
    head = b"".join(
        struct.pack("!B", len(name)) + name.encode() + struct.pack("!BH", STRING, len(value)) + value.encode()
        for name, value in headers.items()
    )
    prelude = struct.pack("!II", 16 + len(head) + len(payload), len(head))
    checked = prelude + struct.pack("!I", crc32(prelude)) + head + payload
    return checked + struct.pack("!I", crc32(checked))


def event(name: str, fields: dict[str, Any]) -> bytes:
    headers = {":event-type": name, ":content-type": "application/json", ":message-type": "event"}
    return frame(headers, json.dumps(fields).encode())


def failure(name: str) -> bytes:
    headers = {":exception-type": name, ":content-type": "application/json", ":message-type": "exception"}
    return frame(headers, b'{"message": "no"}')


def says(text: str) -> bytes:
    return event("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": text}})


def stops(reason: str = "end_turn") -> bytes:
    return event("messageStop", {"stopReason": reason})


def counts(given: int = 12, said: int = 5) -> bytes:
    usage = {"inputTokens": given, "outputTokens": said, "totalTokens": given + said}
    return event("metadata", {"usage": usage, "metrics": {"latencyMs": 3}})


START = event("messageStart", {"role": "assistant"})
BLOCK_END = event("contentBlockStop", {"contentBlockIndex": 0})


class Conversing(BaseHTTPRequestHandler):
    """One connection; the endpoint's next answer decides what is written on it."""

    protocol_version = "HTTP/1.1"
    server: "ModelEndpoint"

    def setup(self) -> None:
        super().setup()
        self.server.connected.append(self.connection)

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        with self.server.lock:
            self.server.asked.append((self.path, asked))
            answers = self.server.answers
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
        answer(self)

    def begin(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "application/vnd.amazon.eventstream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()

    def write(self, content: bytes) -> None:
        self.wfile.write(b"%x\r\n%b\r\n" % (len(content), content))
        self.wfile.flush()

    def end(self) -> None:
        self.wfile.write(b"0\r\n\r\n")

    def whole(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in ({"content-length": str(len(body))} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


Answer = Callable[[Conversing], None]


class ModelEndpoint(ThreadingHTTPServer):
    """Answers from a list, the last entry again and again, and notes what it was asked and when somebody hung up."""

    daemon_threads = False
    answers: list[Answer]

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversing)
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.connected: list[socket.socket] = []
        self.lock = threading.Lock()
        self.hung_up = threading.Event()
        self.released = threading.Event()
        self.outwaited = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def connections(self) -> int:
        """How many there were."""
        return len(self.connected)

    def end(self) -> None:
        """Let every answer and every idle connection end, and close; `serve_forever` has returned then."""
        self.released.set()
        self.shutdown()
        for connection in self.connected:
            with suppress(OSError):  # it is closed already
                connection.shutdown(socket.SHUT_RDWR)
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nobody reads any more: as it should be where a client hangs up."""


def stream(*messages: bytes) -> Answer:
    """Everything at once, each message in a chunk of its own, and an orderly end."""

    def answer(to: Conversing) -> None:
        to.begin()
        for message in messages:
            to.write(message)
        to.end()

    return answer


def torn(*messages: bytes) -> Answer:
    """A connection that breaks after these messages: no last chunk."""

    def answer(to: Conversing) -> None:
        to.begin()
        for message in messages:
            to.write(message)
        to.close_connection = True

    return answer


def stalled(*messages: bytes) -> Answer:
    """A connection that stays open after these messages, until the test releases it."""

    def answer(to: Conversing) -> None:
        if messages:
            to.begin()
        for message in messages:
            to.write(message)
        if not to.server.released.wait(PATIENCE):
            to.server.outwaited.set()
        to.close_connection = True

    return answer


def endless(to: Conversing) -> None:
    """A model that speaks on, 200 words a second, until somebody hangs up."""
    to.begin()
    to.write(START)
    deadline = time.monotonic() + PATIENCE
    try:
        while time.monotonic() < deadline and not to.server.released.wait(0.005):
            to.write(says("on and "))
    except OSError:
        to.server.hung_up.set()
    to.close_connection = True


def refusal(code: str, status: int = 400, **fields: Any) -> Answer:
    body = json.dumps({"message": "no"} | fields).encode()
    return lambda to: to.whole(status, body, content_type="application/json", x_amzn_errortype=code)


def whole(body: dict[str, Any] | bytes) -> Answer:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return lambda to: to.whole(200, content, content_type="application/json")
