"""gunicorn's gevent worker, which on its way out does not wait for connections that nobody uses."""

from types import TracebackType
from typing import Any

import gevent
from gunicorn.workers.ggevent import GeventWorker

_NOW = 0.01


class _Idle(gevent.Timeout):  # type: ignore[misc]
    """The time that a kept-alive connection may wait for its next request; ended early when the worker stops."""

    def __init__(self, seconds: float, waiting: "set[_Idle]") -> None:
        super().__init__(seconds, False)
        self._waiting = waiting
        self.greenlet: Any = None

    def __enter__(self) -> "_Idle":
        self.greenlet = gevent.getcurrent()
        self._waiting.add(self)
        super().__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> bool | None:
        self._waiting.discard(self)
        ended: bool | None = super().__exit__(kind, value, traceback)
        return ended


class GatewayWorker(GeventWorker):  # type: ignore[misc]
    """Ends idle kept-alive connections when it is told to stop: gunicorn's own waits graceful_timeout for them."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        """Begin with no connection."""
        super().__init__(*arguments, **named)
        self._waiting: set[_Idle] = set()

    def timeout_ctx(self) -> _Idle:
        """Return the bound on waiting for a connection's next request: none to speak of once the worker stops."""
        return _Idle(self.cfg.keepalive if self.alive else _NOW, self._waiting)

    def end_idle(self) -> None:
        """End the connections that wait for a request; those that serve one go on."""
        for idle in list(self._waiting):
            gevent.kill(idle.greenlet, idle)
