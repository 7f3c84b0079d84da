"""What clients ask of notifications and are told, and the job that reaches who is away."""

from typing import Any, ClassVar, Literal, Self

from pydantic import Field

from shared.domains.notifications.models import Notification
from shared.kernel.contract import Command, Contract, Event, Job
from shared.kernel.queues import Queue, WhenDead


class ListNotifications(Command):
    """List one's notifications, newest first; with `unread`, only those."""

    unread: bool = False
    cursor: str | None = None
    limit: int = Field(20, ge=1, le=100)


class NotificationItem(Contract):
    """A notification as its reader sees it."""

    notification_id: str
    type: str
    title: str
    message: str
    data: dict[str, Any]
    read: bool
    created_at: str

    @classmethod
    def of(cls, one: Notification, language: str) -> Self:
        """Return a notification in a language."""
        return cls(
            notification_id=one.notification_id,
            type=one.type.value,
            title=one.title.localized(language),
            message=one.message.localized(language),
            data=one.data,
            read=one.read,
            created_at=one.created_at,
        )


class NotificationPushed(Event):
    """Something happened; `notificationType` is what, since `type` names the push."""

    type: Literal["notification"] = "notification"
    notification_id: str
    notification_type: str
    title: str
    message: str
    data: dict[str, Any]
    read: bool
    created_at: str

    @classmethod
    def of(cls, one: Notification) -> Self:
        """Return the push, in the language of the reader's account."""
        fields = NotificationItem.of(one, one.language or "en").model_dump(exclude={"type"})
        return cls(notification_type=one.type.value, **fields)


class NotificationNoted(Contract):
    """Which notification was noted as read."""

    notification_id: str


class NotificationsNoted(Contract):
    """How many notifications were noted as read."""

    count: int


class PageUser(Job):
    """Reach a person outside of the platform, unless they have a channel open by then."""

    name: ClassVar[str] = "notifications.page_user"
    queue: ClassVar[Queue] = Queue.PERSISTENCE
    when_dead: ClassVar[WhenDead] = WhenDead.DISCARD

    notification: Notification

    def fair_share_group(self) -> str | None:
        """Return the person it is for."""
        return self.notification.user_id

    def identity(self) -> str | None:
        """Return the id under which this takes effect once."""
        return f"page-{self.notification.notification_id}"
