"""Notifications in a dictionary, and a pager that remembers."""

from shared.domains.notifications.models import MOST_COUNTED, Notification
from shared.kernel.pages import Page, Position


class MemoryNotifications:
    """The port NotificationStore for one thread."""

    def __init__(self) -> None:
        """Begin with none."""
        self.stored: dict[str, Notification] = {}

    def add(self, notification: Notification) -> None:
        """Store a new notification."""
        self.stored.setdefault(notification.notification_id, notification)

    def of_user(self, user_id: str, *, unread_only: bool, limit: int, position: Position | None) -> Page[Notification]:
        """Return a user's notifications, newest first."""
        own = [one for one in self.stored.values() if one.user_id == user_id and not (unread_only and one.read)]
        newest = sorted(own, key=lambda one: (one.created_at, one.notification_id), reverse=True)
        start = position["start"] if position else 0
        more = len(newest) > start + limit
        return Page(newest[start : start + limit], {"start": start + limit} if more else None)

    def unread_count(self, user_id: str) -> int:
        """Count the unread ones, up to MOST_COUNTED."""
        return min(MOST_COUNTED, sum(one.user_id == user_id and not one.read for one in self.stored.values()))

    def find(self, notification_id: str, user_id: str) -> Notification | None:
        """Return a user's notification by its id."""
        found = self.stored.get(notification_id)
        return found if found and found.user_id == user_id else None

    def mark_read(self, notification: Notification) -> None:
        """Take a notification out of the unread ones."""
        found = self.stored.get(notification.notification_id)
        if found is not None:
            self.stored[found.notification_id] = found.model_copy(update={"read": True})

    def mark_all_read(self, user_id: str) -> int:
        """Take all out of the unread ones, and return how many."""
        unread = [one for one in self.stored.values() if one.user_id == user_id and not one.read]
        for one in unread:
            self.mark_read(one)
        return len(unread)


class MemoryPager:
    """The port Pager, which lists whom it reached."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self.paged: list[Notification] = []

    def page(self, notification: Notification) -> None:
        """Remember a notification."""
        self.paged.append(notification)
