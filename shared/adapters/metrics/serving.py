"""The address on which a program tells its metrics: one a program, however many processes it has."""

import atexit
import os
import time
import weakref
from collections.abc import Callable, Iterable
from http.server import ThreadingHTTPServer

from prometheus_client.core import Metric
from prometheus_client.exposition import MetricsHandler

from shared.adapters.metrics.meters import METERS, Meters
from shared.adapters.metrics.snapshots import Snapshots, taken, told
from shared.kernel.logs import get_log
from shared.kernel.loops import Loop

READ_SECONDS = 5.0
TURN_SECONDS = 1.0
RETRY_SECONDS = 1.0

log = get_log()


class _Handler(MetricsHandler):
    """prometheus-client's handler, with an end to every wait."""

    timeout = READ_SECONDS


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    timeout = TURN_SECONDS

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a reader that hung up."""


class _Told:
    """What prometheus-client asks for metrics."""

    def __init__(self, collect: Callable[[], Iterable[Metric]]) -> None:
        self.collect = collect

    def restricted_registry(self, _names: object) -> "_Told":
        return self


class MetricsServer:
    """Answers `GET /metrics` from a thread of the program's first process, which serves nobody else.

    A port that is taken, by a predecessor that is ending for instance, is tried again for ever, and meanwhile only the
    metrics are missing.
    """

    def __init__(self, host: str, port: int, meters: Meters = METERS) -> None:
        """Prepare; nothing listens before `start`."""
        self._address, self._meters = (host, port), meters
        self._server: _Server | None = None
        self._was_refused = False
        self._loop = Loop("metrics-server", self._turn, observes=True)
        self.snapshots: Snapshots | None = None
        _SERVERS.add(self)

    def start(self, *, has_children: bool) -> "MetricsServer":
        """Begin; before the first fork where there are children, which write down what they count."""
        if has_children:
            self.snapshots = Snapshots()
            atexit.register(self.snapshots.remove)
        self._loop.start()
        return self

    def stop(self) -> None:
        """Listen no more."""
        self._loop.stop()
        self._loop.join(2 * TURN_SECONDS)
        self.forget()

    def forget(self) -> None:
        """Close what a fork left to this process: the address is its parent's."""
        if self._server is not None:
            self._server.socket.close()
            self._server = None

    def _turn(self) -> None:
        if self._server is None and not self._listen():
            time.sleep(RETRY_SECONDS)
        elif self._server is not None:
            self._server.handle_request()

    def _listen(self) -> bool:
        """Take the port; that it is taken by another is said once."""
        try:
            handler = _Handler.factory(_Told(self._collect))
            self._server = _Server(self._address, handler)
        except OSError as problem:
            if not self._was_refused:
                log.warning("metrics.not_served", port=self._address[1], problem=problem.strerror)
            self._was_refused = True
            return False
        return True

    def _collect(self) -> Iterable[Metric]:
        if self.snapshots:
            return self.snapshots.collect(self._meters.collect)
        return told(taken(self._meters.collect()))


_SERVERS: "weakref.WeakSet[MetricsServer]" = weakref.WeakSet()


def _forget_all() -> None:
    for server in list(_SERVERS):
        server.forget()


os.register_at_fork(after_in_child=_forget_all)
