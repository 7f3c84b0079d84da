"""The rules of notifications: stored, told at once, read, and sent after who is away."""

from contextlib import suppress

from shared.domains.notifications.contract import ListNotifications, NotificationItem, NotificationPushed, PageUser
from shared.domains.notifications.errors import NotificationNotFound
from shared.domains.notifications.models import PAGED, Notification
from shared.domains.notifications.ports import NotificationStore, Pager
from shared.kernel.errors import Unavailable
from shared.kernel.pages import Page, Position
from shared.kernel.ports import EventBus, JobQueue, OpenChannels
from shared.kernel.principal import Principal
from shared.kernel.topics import user_topic


def announce(notification: Notification, *, events: EventBus, jobs: JobQueue) -> None:
    """Tell a person at once of what is stored already, and have them paged who are away.

    What is not paged because the queue is away is found on the next visit: it is stored.
    """
    events.publish(user_topic(notification.user_id), NotificationPushed.of(notification))
    if notification.type in PAGED:
        with suppress(Unavailable):
            jobs.enqueue(PageUser(notification=notification))


def keep(notification: Notification, *, notifications: NotificationStore, events: EventBus, jobs: JobQueue) -> None:
    """Store a notification, where it is not there yet, and tell the person of it; again shows it again."""
    notifications.add(notification)
    announce(notification, events=events, jobs=jobs)


def page_user(job: PageUser, *, channels: OpenChannels, pager: Pager) -> bool:
    """Reach a person who has no channel open, and tell whether that was so."""
    if channels.is_open(job.notification.user_id):
        return False
    pager.page(job.notification)
    return True


def list_notifications(
    command: ListNotifications,
    principal: Principal,
    *,
    position: Position | None,
    notifications: NotificationStore,
) -> tuple[Page[NotificationItem], int]:
    """Return one's notifications, newest first, in one's language, and how many are unread."""
    found = notifications.of_user(principal.user_id, unread_only=command.unread, limit=command.limit, position=position)
    items = [NotificationItem.of(one, principal.language) for one in found.items]
    return Page(items, found.position), notifications.unread_count(principal.user_id)


def read_notification(notification_id: str, principal: Principal, *, notifications: NotificationStore) -> None:
    """Note a notification as read; again changes nothing.

    Raises:
        NotificationNotFound: there is none, or it is somebody else's.
    """
    found = notifications.find(notification_id, principal.user_id)
    if found is None:
        raise NotificationNotFound
    notifications.mark_read(found)


def read_all_notifications(principal: Principal, *, notifications: NotificationStore) -> int:
    """Note all of one's notifications as read, and return how many were not."""
    return notifications.mark_all_read(principal.user_id)
