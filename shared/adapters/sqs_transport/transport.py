"""The kombu transport, and the one call that makes it known."""

from __future__ import annotations

from typing import Any

from kombu.transport import TRANSPORT_ALIASES, virtual

from .channel import Channel
from .options import Options, read_options

#: The scheme of the broker's address.
ALIAS = "leased-sqs"


class Transport(virtual.Transport):
    """SQS through boto3 threads; see ``Options`` for what can be chosen. Connecting costs no call."""

    Channel = Channel
    driver_type = "sqs"
    driver_name = "sqs"
    #: Receivers wait for themselves; a pause between two drains would only delay messages.
    polling_interval = None
    implements = virtual.Transport.implements.extend(asynchronous=True, exchange_type=frozenset(["direct"]))

    def __init__(self, client: Any, **kwargs: Any) -> None:
        super().__init__(client, **kwargs)
        self.polling_interval = None
        self.options: Options = read_options(client.transport_options)
        self.hub: Any = None

    def register_with_event_loop(self, connection: Any, loop: Any) -> None:
        """Deliver in this event loop from now on. Celery calls it before it consumes."""
        self.hub = loop

    def driver_version(self) -> str:
        """boto3 is not a driver with a version that Celery would report."""
        return "N/A"


def register(alias: str = ALIAS) -> str:
    """Make the transport known to kombu; the broker's address for Celery. Again does nothing more.

    The host in the address stands for nothing, but without one kombu warns that it took ``localhost``.
    """
    TRANSPORT_ALIASES[alias] = f"{__name__}:Transport"
    return f"{alias}://sqs"
