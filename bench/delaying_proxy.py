"""A small HTTP proxy before the stand-in for AWS that lets writes to DynamoDB wait."""

import http.client
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

WRITES = ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems")
_HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}
_TIMEOUT_SECONDS = 60.0


class DelayingProxy:
    """Listens on a free port of loopback and hands everything on; `write_delay` in seconds may change at any time."""

    def __init__(self, target_port: int) -> None:
        """Stand before a server on loopback."""
        self.write_delay = 0.0
        proxy = self

        class Handler(_Forwarding):
            target = target_port

            def delay(self) -> float:
                action = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
                return proxy.write_delay if action in WRITES else 0.0

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> None:
        """Begin, in threads."""
        threading.Thread(target=self._server.serve_forever, name="proxy", daemon=True).start()

    def stop(self) -> None:
        """End."""
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


class _Forwarding(BaseHTTPRequestHandler):
    """Forwards each request on a connection of this thread's own."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    target: ClassVar[int]

    def delay(self) -> float:
        """Return the seconds that this request waits first."""
        raise NotImplementedError

    def _forward(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        time.sleep(self.delay())
        status, headers, content = self._ask(body)
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in _HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)
        self.wfile.flush()

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _forward  # noqa: N815 - the names that http.server calls

    def _ask(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP_BY_HOP}
        connection = getattr(self, "_connection", None)
        if connection is None:
            connection = http.client.HTTPConnection("127.0.0.1", self.target, timeout=_TIMEOUT_SECONDS)
            self._connection = connection
        connection.request(self.command, self.path, body=body, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.getheaders(), answer.read()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's own name
        """Say nothing."""
