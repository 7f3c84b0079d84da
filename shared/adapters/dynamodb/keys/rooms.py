"""Keys of rooms."""

from shared.adapters.dynamodb.key_parts import part

OWNER = "OWNER"
ROOMS = "ROOMS"


def room(room_id: str) -> str:
    """Return the partition of a room, its members and its messages."""
    return f"ROOM#{part(room_id)}"


def member(user_id: str) -> str:
    """Return the sort key of a membership within its room."""
    return f"MEMBER#{part(user_id)}"


def rooms_of(user_id: str) -> str:
    """Return the index partition of a user's memberships."""
    return f"USER#{part(user_id)}#ROOMS"


def token(value: str) -> str:
    """Return the partition of a RoomToken."""
    return f"TOKEN#{part(value)}"
