"""Claim checks: what is too big for a queue lies in the bucket, and the message says where."""

import hashlib
from typing import Any

import orjson

from shared.kernel.errors import NotFound
from shared.kernel.payloads import CLAIMS_PREFIX, Payloads

LARGEST_ARGUMENTS = 48 * 1024
_FIELD = "$claim"

Arguments = dict[str, Any]


class ClaimLost(NotFound):
    """A job's arguments are no longer in the bucket, or are not those that were left there."""

    code = "CLAIM_LOST"


class ClaimChecks:
    """Leaves big arguments in a bucket and fetches them: one call for each big job on either side, none for others."""

    def __init__(self, payloads: Payloads, *, largest: int = LARGEST_ARGUMENTS) -> None:
        """Use payloads whose keys begin with CLAIMS_PREFIX; `largest` is in bytes of JSON."""
        self._payloads = payloads
        self._largest = largest

    def leave(self, arguments: Arguments) -> Arguments:
        """Return what travels in the message: the arguments themselves up to 48 KB, else a pointer to them.

        Repetition leaves the same object once, and lets it live as long as a new one.

        Raises:
            Unavailable: the bucket does not answer.
        """
        content = orjson.dumps(arguments)
        if len(content) <= self._largest:
            return arguments
        key = self._payloads.keep(content.decode())
        return pointer(key.removeprefix(CLAIMS_PREFIX), len(content))

    def fetch(self, arguments: Arguments) -> Arguments:
        """Return the arguments that a message stands for.

        Raises:
            ClaimLost: they are gone, or not what was left.
            Unavailable: the bucket does not answer.
        """
        key = key_of(arguments)
        if key is None:
            return arguments
        content = self._payloads.read(key)
        if content is None:
            raise ClaimLost(f"The arguments are no longer in {key}.")
        if f"{CLAIMS_PREFIX}{hashlib.sha256(content.encode()).hexdigest()}" != key:
            raise ClaimLost(f"The arguments in {key} are not those that were left there.")
        found: Arguments = orjson.loads(content)
        return found


def pointer(sha256: str, size: int) -> Arguments:
    """Return what travels in place of arguments of so many bytes."""
    return {_FIELD: {"sha256": sha256, "bytes": size}}


def key_of(arguments: Any) -> str | None:
    """Return the key in the bucket that a pointer stands for; None for arguments that travel themselves."""
    claim = arguments.get(_FIELD) if isinstance(arguments, dict) else None
    digest = claim.get("sha256") if isinstance(claim, dict) else None
    return f"{CLAIMS_PREFIX}{digest}" if isinstance(digest, str) and digest else None
