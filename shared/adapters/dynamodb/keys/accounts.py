"""Keys of accounts."""

from shared.adapters.dynamodb.key_parts import part

PROFILE = "PROFILE"
REGISTRATION = "REGISTRATION"
REVOCATIONS = "REVOCATIONS"
ERASURES = "ERASURES"


def user(user_id: str) -> str:
    """Return the partition of an account and of what is its own."""
    return f"USER#{part(user_id)}"


def email(digest: str) -> str:
    """Return the partition of the item that names an e-mail's owner."""
    return f"EMAIL#{part(digest)}"


def sign_in(sign_in_id: str) -> str:
    """Return the sort key of a sign-in within its person's, and the index partition that finds it by its id alone."""
    return f"SIGNIN#{part(sign_in_id)}"


def erased(user_id: str) -> str:
    """Return the partition of what is kept of a person who has left: the userId, until nothing more can arrive."""
    return f"ERASED#{part(user_id)}"


def revoked(session_id: str) -> str:
    """Return the partition of a sign-in that ended before its tokens did."""
    return f"REVOKED#{part(session_id)}"
