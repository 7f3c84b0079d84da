"""What the WebSocket side needs beyond the domains' ports."""

from typing import Protocol

from shared.kernel.attendance import Attendance
from shared.kernel.contract import Event
from shared.kernel.ports import ClosingChannels, TakenPushes


class UserChannels(ClosingChannels, Protocol):
    """A user's open channels over all gateways."""

    def open(self, user_id: str, connection_id: str, connected_at: float, *, allowed: int) -> list[str]:
        """Note a channel and return the ids of the earliest ones beyond what is allowed."""

    def is_known(self, gateway_id: str) -> bool:
        """Tell whether Redis remembers this gateway; if not, it has lost what the gateway told it."""

    def know(self, gateway_id: str) -> None:
        """Have Redis remember this gateway."""


class ConfirmationBus(TakenPushes, Protocol):
    """Has the processes with a user's channels confirm a push, and confirms; `ask` and `confirm` raise Unavailable."""

    def ask(self, user_id: str, event: Event, *, token: str, reply_to: str) -> int:
        """Push, ask for a confirmation on a topic, and return how many processes heard it."""

    def confirm(self, token: str, reply_to: str) -> None:
        """Say that a channel took a push: to the process that asked, and to later askers."""


class EventStream(Protocol):
    """What was pushed to each user, kept for a while; every method raises Unavailable where it does not answer."""

    def attend(self, user_id: str, listener: str) -> Attendance:
        """Note for 45 s that a listener is open; listeners came in the order of their names."""

    def depart(self, user_id: str, listener: str) -> None:
        """Note that a listener is gone; again changes nothing."""

    def latest(self, user_id: str) -> str:
        """Return the id from which a listener goes on that has heard everything until now."""

    def is_known(self, user_id: str, event_id: str) -> bool:
        """Tell whether nothing after an id was forgotten; False too for what is no id."""

    def since(self, user_id: str, event_id: str) -> list[tuple[str, bytes]]:
        """Return the pushes after an id with theirs, oldest first."""
