"""Every partition and sort key of the table, as functions; docs/table.md lists the access patterns."""

METADATA = "METADATA"
PROFILE = "PROFILE"
ROOMS = "ROOMS"
TUTORS = "TUTORS"
REVOCATIONS = "REVOCATIONS"
GATEWAYS = "GATEWAYS"


def room(room_id: str) -> str:
    """Return the partition of a room, its members and its messages."""
    return f"ROOM#{room_id}"


def member(user_id: str) -> str:
    """Return the sort key of a membership within its room."""
    return f"MEMBER#{user_id}"


def rooms_of(user_id: str) -> str:
    """Return the index partition of a user's memberships."""
    return f"USER#{user_id}#ROOMS"


def message(created_at: str, message_id: str) -> str:
    """Return the sort key of a message within its room: text order is time order."""
    return f"MSG#{created_at}#{message_id}"


def message_by_id(message_id: str) -> str:
    """Return the index partition that finds a message by its id alone."""
    return f"MSG#{message_id}"


def user(user_id: str) -> str:
    """Return the partition of an account and of what is its own."""
    return f"USER#{user_id}"


def email(address: str) -> str:
    """Return the index partition that finds an account by e-mail; case does not count."""
    return f"EMAIL#{address.lower()}"


def token(value: str) -> str:
    """Return the partition of a RoomToken."""
    return f"TOKEN#{value}"


def connection(connection_id: str) -> str:
    """Return the partition of a connection's record, and its sort key in the indexes."""
    return f"CONN#{connection_id}"


def gateway(gateway_id: str) -> str:
    """Return the partition of a gateway process and of the connections it holds."""
    return f"GATEWAY#{gateway_id}"


def once(key: str) -> str:
    """Return the partition of an entry of the idempotency ledger."""
    return f"ONCE#{key}"


def revoked(session_id: str) -> str:
    """Return the partition of a sign-in that ended before its tokens did."""
    return f"REVOKED#{session_id}"
