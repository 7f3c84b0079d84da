"""Keys of messages."""


def message(created_at: str, message_id: str) -> str:
    """Return the sort key of a message within its room: text order is time order."""
    return f"MSG#{created_at}#{message_id}"


def message_by_id(message_id: str) -> str:
    """Return the index partition that finds a message by its id alone."""
    return f"MSG#{message_id}"
