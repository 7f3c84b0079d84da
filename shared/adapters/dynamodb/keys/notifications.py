"""Keys of notifications."""


def note(created_at: str, notification_id: str) -> str:
    """Return the sort key of a notification within its user's: text order is time order."""
    return f"NOTE#{created_at}#{notification_id}"


def note_by_id(notification_id: str) -> str:
    """Return the index partition that finds a notification by its id alone."""
    return f"NOTE#{notification_id}"


def unread(user_id: str) -> str:
    """Return the index partition of a user's unread notifications."""
    return f"USER#{user_id}#UNREAD"
