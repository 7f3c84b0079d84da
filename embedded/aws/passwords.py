"""Passwords as scrypt hashes: ministack keeps them as text, and text would end up in the journal."""

import hashlib
import hmac
import secrets
from typing import Any

_MARK = "scrypt$"
# 16 MiB and some 30 ms a check: the parameters that scrypt's author gives for interactive sign-ins (Percival, 2009).
_COST = {"n": 2**14, "r": 8, "p": 1}


class SealedPassword(str):
    """A hash that compares equal to the password it was made from, and is stored as its text.

    ministack checks a password with `user["_password"] != given`; this class answers that comparison.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, str) or isinstance(other, SealedPassword):
            return str.__eq__(self, other) is True
        _, salt, digest = str(self).split("$")
        return hmac.compare_digest(_digest(other, bytes.fromhex(salt)), bytes.fromhex(digest))

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = str.__hash__


def seal(user: dict[str, Any]) -> None:
    """Replace a user's readable password by its hash; a sealed one stays as it is."""
    password = user.get("_password")
    if password and not isinstance(password, SealedPassword):
        salt = secrets.token_bytes(16)
        sealed = SealedPassword(f"{_MARK}{salt.hex()}${_digest(password, salt).hex()}")
        # Another call may have set a new password while this one was hashed; that call seals its own.
        if user.get("_password") is password:
            user["_password"] = sealed


def hash_for_nothing(password: str) -> None:
    """Take as long as a check does."""
    _digest(password, bytes(16))


def unseal(user: dict[str, Any]) -> None:
    """Give a user that was read from the journal a password that compares again."""
    if str(user.get("_password", "")).startswith(_MARK):
        user["_password"] = SealedPassword(user["_password"])


def _digest(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode("utf-8", "surrogatepass"), salt=salt, dklen=32, **_COST)
