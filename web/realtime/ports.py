"""What the WebSocket side needs beyond the domains' ports."""

from typing import Protocol


class UserChannels(Protocol):
    """A user's open channels over all gateways."""

    def open(self, user_id: str, connection_id: str, connected_at: float, *, allowed: int) -> list[str]:
        """Note a channel and return the ids of the earliest ones beyond what is allowed."""

    def close(self, user_id: str, connection_id: str) -> None:
        """Note that a channel is gone."""

    def is_known(self, gateway_id: str) -> bool:
        """Tell whether Redis remembers this gateway; if not, it has lost what the gateway told it."""

    def know(self, gateway_id: str) -> None:
        """Have Redis remember this gateway."""
