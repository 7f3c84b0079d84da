"""Keys of notebook."""

NOTEBOOK = "NOTEBOOK#"
VOCABULARY = "VOCABULARY"


def notebook_entry(entry_id: str) -> str:
    """Return the sort key of an entry of the notebook."""
    return f"{NOTEBOOK}{entry_id}"


def due(user_id: str) -> str:
    """Return the index partition of a student's notebook, by what is due first."""
    return f"USER#{user_id}#DUE"
