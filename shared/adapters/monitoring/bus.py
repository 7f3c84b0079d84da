"""The Redis side of a Celery application: its connections, its outbox and the cluster's policy."""

import socket
import sys
from typing import Any
from weakref import WeakKeyDictionary

from celery import Celery
from kombu import Connection

from shared.adapters.monitoring.options import MonitoringOptions
from shared.adapters.monitoring.outbox import Outbox
from shared.adapters.monitoring.policy import ClusterPolicy

# The kernel notices a peer that vanished without closing after 20 + 3 * 5 seconds, without any traffic of ours.
KEEPALIVE_IDLE, KEEPALIVE_INTERVAL, KEEPALIVE_COUNT = 20, 5, 3


def keepalive_options() -> dict[int, int]:
    """Answer the socket options that find a half-open connection; none where the platform names them otherwise."""
    if sys.platform != "linux":
        return {}
    return {
        socket.TCP_KEEPIDLE: KEEPALIVE_IDLE,
        socket.TCP_KEEPINTVL: KEEPALIVE_INTERVAL,
        socket.TCP_KEEPCNT: KEEPALIVE_COUNT,
    }


class Bus:
    """Everything that leads from one application to Redis; building it opens no connection."""

    def __init__(self, options: MonitoringOptions) -> None:
        self.options = options
        self.outbox = Outbox(self.connection, options.outbox_limit)
        self.policy = ClusterPolicy(options)

    def transport_options(self) -> dict[str, Any]:
        """Answer kombu's options: short time-outs, no retries of its own, every name under the prefix."""
        return {
            "global_keyprefix": self.options.key_prefix,
            "fanout_prefix": True,
            "fanout_patterns": True,
            "socket_timeout": self.options.redis_timeout,
            "socket_connect_timeout": self.options.redis_timeout,
            "socket_keepalive": True,
            "socket_keepalive_options": keepalive_options(),
            "retry_on_timeout": False,
            "max_retries": 0,
        }

    def connection(self) -> Connection:
        """Build a connection that connects when first used and fails within the time-out."""
        return Connection(
            self.options.redis_address,
            transport_options=self.transport_options(),
            connect_timeout=self.options.redis_timeout,
        )


_BUSES: "WeakKeyDictionary[Celery, Bus]" = WeakKeyDictionary()


def bind(app: Celery, options: MonitoringOptions) -> Bus:
    """Give an application its bus; binding again replaces it."""
    bus = Bus(options)
    _BUSES[app] = bus
    return bus


def bus_of(app: Celery) -> Bus:
    """Answer the bus of an application; raises KeyError when monitoring was not installed in it."""
    return _BUSES[app]
