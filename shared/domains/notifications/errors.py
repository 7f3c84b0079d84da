"""Refusals of notifications."""

from shared.kernel.errors import NotFound


class NotificationNotFound(NotFound):
    """There is no such notification, or it is somebody else's."""

    def __init__(self) -> None:
        super().__init__("Notification not found", "알림을 찾을 수 없습니다.")
