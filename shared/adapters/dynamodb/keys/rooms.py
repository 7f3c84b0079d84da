"""Keys of rooms."""

OWNER = "OWNER"
ROOMS = "ROOMS"


def room(room_id: str) -> str:
    """Return the partition of a room, its members and its messages."""
    return f"ROOM#{room_id}"


def member(user_id: str) -> str:
    """Return the sort key of a membership within its room."""
    return f"MEMBER#{user_id}"


def rooms_of(user_id: str) -> str:
    """Return the index partition of a user's memberships."""
    return f"USER#{user_id}#ROOMS"


def token(value: str) -> str:
    """Return the partition of a RoomToken."""
    return f"TOKEN#{value}"
