"""Registrations that wait for their e-mail to be proved: the password's hash, for a day."""

from shared.adapters.dynamodb.keys import accounts as keys
from shared.adapters.dynamodb.table import Put, Table
from shared.kernel.emails import email_digest
from shared.kernel.ports import Clock, PasswordHasher
from shared.kernel.times import epoch_seconds

NOBODYS = "$2b$10$abcdefghijklmnopqrstuuQZQCbQxVdF6Wn3nnVYXNn2JrXKzYxK6"
"""A hash of the same cost that no password has."""
CODE_SECONDS = 24 * 3600
"""As long as Amazon Cognito takes a sign-up code."""


class DynamoRegistrations:
    """The port Registrations.

    Amazon Cognito says of an unproved address that it is unproved before it looks at the password, so that anybody
    could ask who has registered. The last registration's hash lets only its registrant hear so.
    """

    def __init__(self, table: Table, hasher: PasswordHasher, clock: Clock) -> None:
        """Use the table and a slow hash."""
        self._table = table
        self._hasher = hasher
        self._clock = clock

    def keep(self, email: str, password: str) -> None:
        """Keep the hash of the password of the newest registration of an address."""
        until = epoch_seconds(self._clock.now()) + CODE_SECONDS
        hashed = self._hasher.hash(password)
        self._table.write(Put({**_place(email), "passwordHash": hashed, "ttl": until}))

    def is_right(self, email: str, password: str) -> bool:
        """Tell whether the password is that of the newest registration of an address."""
        item = self._table.get(*_place(email).values())
        is_waiting = item is not None and item["ttl"] > epoch_seconds(self._clock.now())
        # As much work where nothing waits, so that nobody measures whether something does.
        matches = self._hasher.matches(password, item["passwordHash"] if item and is_waiting else NOBODYS)
        return is_waiting and matches


def _place(email: str) -> dict[str, str]:
    return {"PK": keys.email(email_digest(email)), "SK": keys.REGISTRATION}
