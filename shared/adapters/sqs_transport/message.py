"""A received message, as Celery sees it."""

from __future__ import annotations

from typing import Any

from kombu.transport import virtual

from .leases import Lease


class Message(virtual.Message):
    """kombu's message, with the lease that it came with."""

    channel: Any

    @property
    def lease(self) -> Lease | None:
        """The claim on it, or None once it is over."""
        found: Lease | None = self.channel.lease_of(self.delivery_tag)
        return found

    def set_aside(self, reason: str, error: str) -> None:
        """Send it to the queue's dead letters with the reason. After any other ending, this does nothing."""
        self.channel.quarantine(self.delivery_tag, reason, error)
        self._state = "REJECTED"

    def hand_back(self, after: float) -> None:
        """Let it come back after so many seconds. After any other ending, this does nothing."""
        self.channel.hand_back(self.delivery_tag, after)
        self._state = "REQUEUED"
