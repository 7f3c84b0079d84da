"""Keys of messages."""

from shared.adapters.dynamodb.key_parts import part


def message(created_at: str, message_id: str) -> str:
    """Return the sort key of a message within its room: text order is time order."""
    return f"MSG#{part(created_at)}#{part(message_id)}"


def message_by_id(message_id: str) -> str:
    """Return the index partition that finds a message by its id alone."""
    return f"MSG#{part(message_id)}"
