"""Keys of conversations."""

from shared.adapters.dynamodb.key_parts import part

DEFAULT_CONVERSATION = "DEFAULT_CONVERSATION"


def conversation(conversation_id: str) -> str:
    """Return the partition of a conversation and its turns."""
    return f"CONVERSATION#{part(conversation_id)}"


def conversations_of(user_id: str) -> str:
    """Return the index partition of a user's conversations."""
    return f"USER#{part(user_id)}#CONVERSATIONS"


def turn(number: int) -> str:
    """Return the sort key of a turn within its conversation: text order is the order of the numbers."""
    return f"TURN#{number:08d}"


def turn_by_request(user_id: str, request_digest: str) -> str:
    """Return the index partition that finds a turn by its student's request."""
    return f"TURN#{part(user_id)}#{part(request_digest)}"


def turn_by_id(turn_id: str) -> str:
    """Return the partition of the item that tells where a turn is."""
    return f"TURN#{part(turn_id)}"
