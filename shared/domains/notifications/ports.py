"""What notifications need from outside."""

from typing import Protocol

from shared.domains.notifications.models import Notification
from shared.kernel.pages import Page, Position


class NotificationStore(Protocol):
    """Notifications of each user, and an index of the unread ones."""

    def add(self, notification: Notification) -> None:
        """Store a new notification; where it is there already nothing changes."""

    def of_user(self, user_id: str, *, unread_only: bool, limit: int, position: Position | None) -> Page[Notification]:
        """Return a user's notifications, newest first."""

    def unread_count(self, user_id: str) -> int:
        """Count the unread ones, up to MOST_COUNTED."""

    def find(self, notification_id: str, user_id: str) -> Notification | None:
        """Return a user's notification by its id; None for somebody else's."""

    def mark_read(self, notification: Notification) -> None:
        """Take a notification out of the unread ones; again changes nothing."""

    def mark_all_read(self, user_id: str) -> int:
        """Take all out of the unread ones, and return how many; again changes nothing."""


class Pager(Protocol):
    """Reaches people outside of the platform."""

    def page(self, notification: Notification) -> None:
        """Hand a notification on; where no way is set, nothing happens.

        Raises:
            Unavailable: it could not be handed on; doing so again may reach the person twice.
        """
