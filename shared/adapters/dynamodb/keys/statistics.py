"""Keys of statistics."""

LEARNING_EVENT = "EVENT#"


def day(date: str) -> str:
    """Return the sort key of a day's sums."""
    return f"DAY#{date}"


def learning_event(at: str, event_id: str) -> str:
    """Return the sort key of an event that days are counted from: text order is time order."""
    return f"{LEARNING_EVENT}{at}#{event_id}"
