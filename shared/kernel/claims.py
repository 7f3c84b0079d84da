"""Claim checks: what is too big for a queue lies in the bucket, and the message says where."""

from typing import Any, Protocol

from shared.kernel.errors import NotFound

LARGEST_ARGUMENTS = 48 * 1024
PREFIX = "claims/"
_FIELD = "$claim"

Arguments = dict[str, Any]


class ClaimLost(NotFound):
    """A job's arguments are no longer in the bucket, or are not those that were left there."""

    code = "CLAIM_LOST"


class ClaimChecks(Protocol):
    """Leaves big arguments in the bucket and fetches them; both raise Unavailable where it does not answer."""

    def leave(self, arguments: Arguments) -> Arguments:
        """Return what travels in the message: the arguments themselves up to 48 KB, else a pointer to them.

        Repetition leaves the same object once, and lets it live as long as a new one.
        """

    def fetch(self, arguments: Arguments) -> Arguments:
        """Return the arguments that a message stands for.

        Raises:
            ClaimLost: they are gone, or not what was left.
        """


def pointer(sha256: str, size: int) -> Arguments:
    """Return what travels in place of arguments of so many bytes."""
    return {_FIELD: {"sha256": sha256, "bytes": size}}


def sha256_of(arguments: Any) -> str | None:
    """Return the digest that a pointer names; None for arguments that travel themselves."""
    claim = arguments.get(_FIELD) if isinstance(arguments, dict) else None
    digest = claim.get("sha256") if isinstance(claim, dict) else None
    return digest if isinstance(digest, str) else None


def key_of(arguments: Any) -> str | None:
    """Return the key in the bucket that a pointer stands for; None for arguments that travel themselves."""
    digest = sha256_of(arguments)
    return f"{PREFIX}{digest}" if digest else None
