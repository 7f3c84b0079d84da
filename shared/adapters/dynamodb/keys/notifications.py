"""Keys of notifications."""

from shared.adapters.dynamodb.key_parts import part


def note(created_at: str, notification_id: str) -> str:
    """Return the sort key of a notification within its user's: text order is time order."""
    return f"NOTE#{part(created_at)}#{part(notification_id)}"


def note_by_id(notification_id: str) -> str:
    """Return the index partition that finds a notification by its id alone."""
    return f"NOTE#{part(notification_id)}"


def unread(user_id: str) -> str:
    """Return the index partition of a user's unread notifications."""
    return f"USER#{part(user_id)}#UNREAD"
