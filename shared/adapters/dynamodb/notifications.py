"""Notifications in the table."""

from typing import Any

from boto3.dynamodb.conditions import Key

from shared.adapters.dynamodb.items import METADATA
from shared.adapters.dynamodb.keys import accounts as account_keys
from shared.adapters.dynamodb.keys import notifications as keys
from shared.adapters.dynamodb.table import NEW, PRESENT, ConditionFailed, Item, Put, Table, Update
from shared.domains.notifications.models import MOST_COUNTED, Notification
from shared.kernel.pages import Page, Position

_LOOK_BACK = 25
_NOTES = "NOTE#"


class DynamoNotifications:
    """The port NotificationStore; the unread ones are those that the first index has."""

    def __init__(self, table: Table) -> None:
        """Use the table."""
        self._table = table

    def add(self, notification: Notification) -> None:
        """Store a new notification; where it is there already nothing changes."""
        try:
            self._table.write(put_new(notification))
        except ConditionFailed:
            return

    def of_user(self, user_id: str, *, unread_only: bool, limit: int, position: Position | None) -> Page[Notification]:
        """Return a user's notifications, newest first."""
        where: dict[str, Any] = {"limit": limit, "newest_first": True, "start": position}
        if unread_only:
            page = self._table.query(keys.unread(user_id), index="GSI1", **where)
        else:
            notes = Key("SK").begins_with(_NOTES)
            page = self._table.query(account_keys.user(user_id), sort=notes, consistent=True, **where)
        return Page([_notification(item) for item in page.items], page.position)

    def unread_count(self, user_id: str) -> int:
        """Count the unread ones, up to MOST_COUNTED."""
        return len(self._table.query(keys.unread(user_id), index="GSI1", limit=MOST_COUNTED).items)

    def find(self, notification_id: str, user_id: str) -> Notification | None:
        """Return a user's notification by its id, one that the index does not have yet too."""
        page = self._table.query(keys.note_by_id(notification_id), index="GSI2", limit=1)
        found = [_notification(item) for item in page.items]
        if not found:
            newest = self.of_user(user_id, unread_only=False, limit=_LOOK_BACK, position=None).items
            found = [one for one in newest if one.notification_id == notification_id]
        return next((one for one in found if one.user_id == user_id), None)

    def mark_read(self, notification: Notification) -> None:
        """Take a notification out of the unread ones; again changes nothing."""
        read = Update(
            account_keys.user(notification.user_id),
            keys.note(notification.created_at, notification.notification_id),
            put={"read": True},
            remove=("GSI1PK", "GSI1SK"),
            condition=PRESENT,
        )
        try:
            self._table.write(read)
        except ConditionFailed:
            return

    def mark_all_read(self, user_id: str) -> int:
        """Take all out of the unread ones, 25 a call, and return how many."""
        unread = [_notification(item) for item in self._table.query(keys.unread(user_id), index="GSI1").items]
        self._table.batch_write(Put(_item(one.model_copy(update={"read": True}))) for one in unread)
        return len(unread)


def put_new(notification: Notification) -> Put:
    """Return the write of a new notification, for a transaction that it is part of."""
    return Put(_item(notification), NEW)


def _item(one: Notification) -> Item:
    at = f"{one.created_at}#{one.notification_id}"
    unread = {} if one.read else {"GSI1PK": keys.unread(one.user_id), "GSI1SK": at}
    return (
        one.model_dump(mode="json", by_alias=True, exclude_none=True)
        | unread
        | {
            "PK": account_keys.user(one.user_id),
            "SK": keys.note(one.created_at, one.notification_id),
            "GSI2PK": keys.note_by_id(one.notification_id),
            "GSI2SK": METADATA,
        }
    )


def _notification(item: Item) -> Notification:
    return Notification.model_validate(item, extra="ignore")
