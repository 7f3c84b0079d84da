"""Notifications over HTTP."""

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag

from shared.domains.notifications import service
from shared.domains.notifications.contract import (
    ListNotifications,
    NotificationItem,
    NotificationNoted,
    NotificationsNoted,
)
from shared.kernel.contract import Contract
from shared.kernel.errors import Text
from web.answers import answer, listed
from web.auth import current_principal
from web.context import gateway
from web.documents.telling import tells, tells_page

blueprint = APIBlueprint(
    "notifications", __name__, url_prefix="/api/notifications", abp_tags=[Tag(name="notifications")]
)


class NotificationPath(Contract):
    """Which notification."""

    notification_id: str


@blueprint.get("")
@tells_page("notifications", NotificationItem, unread_count=int)
def list_notifications(query: ListNotifications) -> Response:
    """List one's notifications, newest first, and count the unread ones."""
    context, principal = gateway(), current_principal()
    scope = ["notifications", principal.user_id, query.unread]
    position = context.cursors.decode(query.cursor, scope)
    page, unread = service.list_notifications(query, principal, position=position, notifications=context.notifications)
    return answer(Text("Notifications", "알림 목록"), listed("notifications", page, scope) | {"unreadCount": unread})


@blueprint.post("/<notification_id>/read")
@tells(NotificationNoted)
def read_notification(path: NotificationPath) -> Response:
    """Note a notification as read."""
    context = gateway()
    service.read_notification(path.notification_id, current_principal(), notifications=context.notifications)
    return answer(Text("Read", "읽음으로 표시했습니다"), NotificationNoted(notification_id=path.notification_id))


@blueprint.post("/read-all")
@tells(NotificationsNoted)
def read_all_notifications() -> Response:
    """Note all of one's notifications as read."""
    count = service.read_all_notifications(current_principal(), notifications=gateway().notifications)
    return answer(Text("All read", "모두 읽음으로 표시했습니다"), NotificationsNoted(count=count))
