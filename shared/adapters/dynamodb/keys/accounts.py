"""Keys of accounts."""

PROFILE = "PROFILE"
REGISTRATION = "REGISTRATION"
REVOCATIONS = "REVOCATIONS"


def user(user_id: str) -> str:
    """Return the partition of an account and of what is its own."""
    return f"USER#{user_id}"


def email(digest: str) -> str:
    """Return the partition of the item that names an e-mail's owner."""
    return f"EMAIL#{digest}"


def sign_in(sign_in_id: str) -> str:
    """Return the sort key of a sign-in within its person's, and the index partition that finds it by its id alone."""
    return f"SIGNIN#{sign_in_id}"


def revoked(session_id: str) -> str:
    """Return the partition of a sign-in that ended before its tokens did."""
    return f"REVOKED#{session_id}"
