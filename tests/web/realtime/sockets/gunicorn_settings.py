"""gunicorn's settings for the application under test, as a product would write them."""

import os

from web.realtime.sockets.lifecycle import Lifecycle
from web.realtime.sockets.port import Frame

lifecycle = Lifecycle(
    drain_seconds=5.0,
    before=lambda: Frame.text(b"closing"),
    heartbeat_seconds=float(os.environ.get("HEARTBEAT", "3600")),
)
post_worker_init = lifecycle.post_worker_init
worker_exit = lifecycle.worker_exit
control_socket_disable = True
graceful_timeout = 15
worker_connections = 4000
