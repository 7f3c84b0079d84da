"""Keys of dead letters."""

from shared.adapters.dynamodb.key_parts import part

REPLAY = "REPLAY"
REPLAYS = "REPLAYS"


def letter(letter_id: str) -> str:
    """Return the partition of a dead letter, its audit and the time of its replay."""
    return f"LETTER#{part(letter_id)}"


def letters(state: str) -> str:
    """Return the index partition of the dead letters in a state."""
    return f"LETTERS#{part(state)}"


def fingerprint(digest: str) -> str:
    """Return the index partition of the dead letters of one cause."""
    return f"FINGERPRINT#{part(digest)}"


def audit(at: str, action: str) -> str:
    """Return the sort key of what was done to a dead letter: text order is time order."""
    return f"AUDIT#{part(at)}#{part(action)}"
