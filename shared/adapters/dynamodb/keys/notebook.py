"""Keys of notebook."""

from shared.adapters.dynamodb.key_parts import part

NOTEBOOK = "NOTEBOOK#"
VOCABULARY = "VOCABULARY"


def notebook_entry(entry_id: str) -> str:
    """Return the sort key of an entry of the notebook."""
    return f"{NOTEBOOK}{part(entry_id)}"


def due(user_id: str) -> str:
    """Return the index partition of a student's notebook, by what is due first."""
    return f"USER#{part(user_id)}#DUE"
