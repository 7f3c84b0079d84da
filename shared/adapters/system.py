"""The machine's clock and random ids."""

import secrets
import time
from datetime import UTC, datetime

from shared.kernel.uuids import random_uuid

SECRET_BYTES = 24


class SystemClock:
    """The port Clock."""

    def now(self) -> datetime:
        """Return the aware UTC time."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Wait; in the gateway other greenlets go on."""
        time.sleep(seconds)


class RandomIds:
    """The port Ids."""

    def new(self) -> str:
        """Return a random UUID (RFC 9562, version 4)."""
        return random_uuid()

    def secret(self) -> str:
        """Return 192 bits of the system's generator, as base64url."""
        return secrets.token_urlsafe(SECRET_BYTES)
