"""gunicorn's hooks for a worker that carries sockets: limits and heartbeat at the start, the drain at the end.

In gunicorn's configuration file:

    lifecycle = Lifecycle(drain_seconds=10, before=closing_frame)
    post_worker_init = lifecycle.post_worker_init
    worker_exit = lifecycle.worker_exit
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from web.realtime.sockets.descriptors import raise_descriptor_limit
from web.realtime.sockets.port import Frame
from web.realtime.sockets.sockets import EXTENSION, Sockets

_log = logging.getLogger(__name__)
_POLL = 0.1  # s between looks at whether the worker shall stop
_GRACE = 2.0  # s that gunicorn and the last clean-up need beyond the drain


class Lifecycle:
    """Made once in the configuration file, used in each worker after the fork.

    The drain starts as soon as the worker is told to stop (SIGTERM, SIGINT, a reload, max_requests), beside
    gunicorn's own waiting: gunicorn does not see these sockets, so it would exit at once.
    """

    def __init__(
        self,
        drain_seconds: float = 10.0,
        before: Callable[[], Frame] | None = None,
        heartbeat_seconds: float = 25.0,
    ) -> None:
        """Say how long a drain may take, what to send before the close frames, and how often to ping."""
        self._drain_seconds = drain_seconds
        self._before = before
        self._heartbeat_seconds = heartbeat_seconds
        self._drained: threading.Event | None = None

    def post_worker_init(self, worker: Any) -> None:
        """Prepare a worker whose application is loaded: descriptor limit, heartbeat, and the watch for its end."""
        if worker.cfg.is_ssl:
            raise RuntimeError("sockets need TLS to be ended by the proxy, not by gunicorn")
        sockets = sockets_of(worker.wsgi)
        raise_descriptor_limit(sockets.limits.max_connections)
        self._check_time(worker.cfg)
        sockets.start_heartbeat(self._heartbeat_seconds)
        self._drained = threading.Event()  # not before: only now are threads gevent's
        threading.Thread(target=self._watch, args=(worker, sockets), name="sockets-drain", daemon=True).start()

    def worker_exit(self, _server: Any, _worker: Any) -> None:
        """Wait until the drain is over; gunicorn calls this in the worker while the hub is still alive."""
        if self._drained is not None:
            self._drained.wait(self._drain_seconds + _GRACE)

    def _watch(self, worker: Any, sockets: Sockets) -> None:
        while worker.alive:
            time.sleep(_POLL)
        assert self._drained is not None
        try:
            sockets.drain(self._drain_seconds, self._before() if self._before else None)
        finally:
            self._drained.set()

    def _check_time(self, cfg: Any) -> None:
        if self._drain_seconds + _GRACE > cfg.graceful_timeout:
            _log.warning(
                "draining may take %s s and gunicorn kills after graceful_timeout = %s s: sockets may be cut",
                self._drain_seconds,
                cfg.graceful_timeout,
            )


def sockets_of(application: Any) -> Sockets:
    """Return the sockets of a Flask application; raise LookupError if it has none."""
    sockets = getattr(application, "extensions", {}).get(EXTENSION)
    if not isinstance(sockets, Sockets):
        raise LookupError("the WSGI application is not a Flask application with sockets (init_app was not called?)")
    return sockets
