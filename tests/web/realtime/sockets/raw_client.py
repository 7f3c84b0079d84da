"""A WebSocket client that can break every rule: it sends what it is told, and reads frame by frame."""

import base64
import os
import socket
import struct
from types import TracebackType
from typing import NamedTuple, Self

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
KEY = "dGhlIHNhbXBsZSBub25jZQ=="  # RFC 6455 section 1.3, with the answer below
ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
TIMEOUT = 10.0


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


class Incoming(NamedTuple):
    opcode: int
    payload: bytes

    @property
    def code(self) -> int:
        return int.from_bytes(self.payload[:2], "big") if self.payload else 1005


def frame(opcode: int, payload: bytes = b"", *, first: int | None = None, mask: bytes = b"\x01\x02\x03\x04") -> bytes:
    """One masked frame; `first` replaces the first byte (final bit, reserved bits, opcode)."""
    head = bytes((0x80 | opcode if first is None else first,))
    length = len(payload)
    if length < 126:
        head += bytes((0x80 | length,))
    elif length < 65536:
        head += struct.pack("!BH", 0x80 | 126, length)
    else:
        head += struct.pack("!BQ", 0x80 | 127, length)
    return head + mask + masked(payload, mask)


def masked(payload: bytes, mask: bytes) -> bytes:
    length = len(payload)
    repeated = (mask * (length // 4 + 1))[:length]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(repeated, "big")).to_bytes(length, "big")


def request_lines(path: str, changes: dict[str, str | None] | None = None, method: str = "GET") -> bytes:
    """An upgrade request; a header in `changes` is set, or left out where its value is None."""
    headers: dict[str, str | None] = {
        "Host": "test",
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
        "Sec-WebSocket-Version": "13",
        **(changes or {}),
    }
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items() if value is not None)]
    return "\r\n".join((*lines, "", "")).encode()


class RawClient:
    def __init__(self, address: tuple[str, int], receive_buffer: int | None = None) -> None:
        self.socket = socket.socket()
        if receive_buffer is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(TIMEOUT)
        self.socket.connect(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = bytearray()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.socket.close()

    def upgrade(self, path: str = "/ws", changes: dict[str, str | None] | None = None, early: bytes = b"") -> Answer:
        self.socket.sendall(request_lines(path, changes) + early)
        answer = self.read_answer()
        assert answer.status == 101, answer
        return answer

    def ask(self, lines: bytes) -> Answer:
        self.socket.sendall(lines)
        return self.read_answer()

    def read_answer(self) -> Answer:
        while b"\r\n\r\n" not in self.buffer:
            self._more()
        head, _, rest = bytes(self.buffer).partition(b"\r\n\r\n")
        self.buffer[:] = rest
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = dict(map(_header, lines))
        body = self._exactly(int(headers.get("content-length", "0")))
        return Answer(int(first.split()[1]), headers, body)

    def send(self, opcode: int, payload: bytes = b"", **how: int | bytes) -> None:
        self.socket.sendall(frame(opcode, payload, **how))  # type: ignore[arg-type]

    def text(self, text: str) -> None:
        self.send(TEXT, text.encode())

    def read(self) -> Incoming:
        """The next frame; the server's must be final, unmasked and without reserved bits."""
        first, second = self._exactly(2)
        assert first & 0xF0 == 0x80, "a server's frame that is fragmented or has reserved bits"
        assert second < 0x80, "a server's frame that is masked"
        length = second
        if second == 126:
            (length,) = struct.unpack("!H", self._exactly(2))
        elif second == 127:
            (length,) = struct.unpack("!Q", self._exactly(8))
        return Incoming(first & 0x0F, self._exactly(length))

    def read_text(self) -> str:
        incoming = self.read()
        assert incoming.opcode == TEXT, incoming
        return incoming.payload.decode()

    def read_close(self) -> int:
        """Read on to the close frame and then to the end of the stream; return the code."""
        while (incoming := self.read()).opcode != CLOSE:
            pass
        self.read_end()
        return incoming.code

    def read_end(self) -> None:
        """Nothing more comes, and the stream ends with FIN (a reset raises)."""
        assert not self.buffer
        assert self.socket.recv(1) == b""

    def close(self, code: int = 1000) -> None:
        """A clean end begun by the client."""
        self.send(CLOSE, struct.pack("!H", code))
        assert self.read_close() == code
        self.socket.close()

    def reset(self) -> None:
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def _exactly(self, count: int) -> bytes:
        while len(self.buffer) < count:
            self._more()
        taken = bytes(self.buffer[:count])
        del self.buffer[:count]
        return taken

    def _more(self) -> None:
        received = self.socket.recv(65536)
        if not received:
            raise EOFError(f"the stream ended; left over: {bytes(self.buffer[:80])!r}")
        self.buffer += received


def _header(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.lower(), value.strip()
