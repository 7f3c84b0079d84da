"""Passwords of rooms: bcrypt, off the event loop."""

import base64
import hashlib
import unicodedata
from collections.abc import Callable
from typing import TypeVar

import bcrypt
import gevent
from gevent.lock import BoundedSemaphore
from gevent.monkey import is_module_patched

AT_ONCE = 2
Result = TypeVar("Result")


class BcryptPasswords:
    """The port PasswordHasher.

    The password is hashed by SHA-256 first: bcrypt refuses more than 72 bytes, which 28 Hangul syllables exceed, and
    truncating would make different passwords equal. It is normalised (NFC) first, since keyboards differ.
    """

    def __init__(self, rounds: int = 12) -> None:
        """Use bcrypt's cost 2^rounds: about 0.2 s of one core at 12."""
        self._rounds = rounds
        self._places = BoundedSemaphore(AT_ONCE)

    def hash(self, password: str) -> str:
        """Return a salted hash."""
        digest = _digest(password)
        return self._aside(lambda: bcrypt.hashpw(digest, bcrypt.gensalt(self._rounds))).decode()

    def matches(self, password: str, hashed: str) -> bool:
        """Tell whether the password is the one that was hashed."""
        digest = _digest(password)
        return self._aside(lambda: bcrypt.checkpw(digest, hashed.encode()))

    def _aside(self, work: Callable[[], Result]) -> Result:
        """Run in gevent's thread pool where the process lives on an event loop: five inline checks froze it 2.5 s."""
        if not is_module_patched("threading"):
            return work()
        with self._places:
            result: Result = gevent.get_hub().threadpool.apply(work)
            return result


def _digest(password: str) -> bytes:
    normalised = unicodedata.normalize("NFC", password).encode()
    return base64.b64encode(hashlib.sha256(normalised).digest())
