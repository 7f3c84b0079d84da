"""How gunicorn runs the gateway: gevent, several processes, sockets drained before the end."""

import math
import sys
import threading
import time
from typing import Any

import orjson

from shared.domains.connections.contract import Closing
from shared.kernel import host_names  # noqa: F401 - looked up before there is a thread or a fork
from shared.kernel.heartbeat import BEAT_SECONDS, SILENT_SECONDS, beat
from shared.kernel.loops import forever
from shared.kernel.settings import read_settings
from shared.wired.metrics import begin_metrics, begin_metrics_in_child, note_metrics
from shared.wired.tracing import begin_tracing
from web.collecting import calm_collector
from web.leaving import leave_if_done
from web.realtime.sockets.lifecycle import Lifecycle
from web.realtime.sockets.port import Frame

_settings = read_settings()
_lifecycle = Lifecycle(
    drain_seconds=_settings.drain_seconds,
    before=lambda: Frame.text(orjson.dumps(Closing(reason="restarting").wire())),
    heartbeat_seconds=_settings.ping_interval_seconds,
)

bind = f"{_settings.host}:{_settings.port}"
worker_class = "web.gunicorn_worker.GatewayWorker"
workers = _settings.web_concurrency
worker_connections = _settings.max_connections + 1_000
keepalive = 30
limit_request_line = 8_190  # gunicorn's most; an address is bounded by the worker, below it whatever the method
timeout = int(SILENT_SECONDS)
graceful_timeout = math.ceil(_settings.drain_seconds) + 8
accesslog = None
forwarded_allow_ips = ""  # what proxies say is read in one place, by TRUSTED_PROXIES (web/app.py)
loglevel = "warning"
control_socket_disable = True
_POLL_SECONDS = 0.1


def when_ready(_server: Any) -> None:
    """Have the master give signs of life, by a thread: its own loop has no place for it. Its workers report to it.

    The master also tells the metrics of all gateway processes: it answers nobody else.
    """
    forever("heartbeat", beat, BEAT_SECONDS, observes=True)
    begin_metrics(_settings, "web", has_children=True)


def post_worker_init(worker: Any) -> None:
    """Start what runs beside the requests, after the fork."""
    begin_metrics_in_child(_settings, "web")
    begin_tracing(_settings, "web")
    worker.wsgi.extensions["realtime"].start()
    _lifecycle.post_worker_init(worker)
    calm_collector()
    threading.Thread(target=_end_waiting, args=(worker,), name="waiting-end", daemon=True).start()


def worker_exit(server: Any, worker: Any) -> None:
    """Drain the sockets, then send what waits for the queue; the event loop is alive still."""
    _lifecycle.worker_exit(server, worker)
    realtime = getattr(worker, "wsgi", None) and worker.wsgi.extensions.get("realtime")
    if realtime:
        realtime.stop()
    note_metrics()
    leave_if_done(sys.exc_info()[1])


def _end_waiting(worker: Any) -> None:
    """End open event streams and idle connections when the worker is told to stop: gunicorn waits for them in vain."""
    while worker.alive:
        time.sleep(_POLL_SECONDS)
    worker.wsgi.extensions["realtime"].listeners.stop()
    worker.end_idle()
