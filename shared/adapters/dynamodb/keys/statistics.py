"""Keys of statistics."""

from shared.adapters.dynamodb.key_parts import part

LEARNING_EVENT = "EVENT#"


def day(date: str) -> str:
    """Return the sort key of a day's sums."""
    return f"DAY#{part(date)}"


def learning_event(at: str, event_id: str) -> str:
    """Return the sort key of an event that days are counted from: text order is time order."""
    return f"{LEARNING_EVENT}{part(at)}#{part(event_id)}"
