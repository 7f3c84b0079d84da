"""The idempotency ledger in a dictionary."""

import time
from typing import Any

from shared.adapters.dynamodb.ledger import Entry, Outcome
from shared.kernel.errors import Unavailable


class MemoryLedger:
    """What DynamoLedger promises, for one process; while `is_away` it does not answer."""

    def __init__(self) -> None:
        """Begin empty."""
        self.entries: dict[str, Entry] = {}
        self.leases: dict[str, float] = {}
        self.is_away = False

    def begin(self, key: str, *, lease_seconds: float) -> Entry:
        """Take a key where nobody has it, or where its holder's lease has ended."""
        self._answer()
        found = self.entries.get(key)
        if found is not None and (found.outcome is Outcome.DONE or time.monotonic() < self.leases[key]):
            return found
        fence = found.fence + 1 if found else 1
        self.entries[key] = Entry(Outcome.RUNNING, fence)
        self.leases[key] = time.monotonic() + lease_seconds
        return Entry(Outcome.BEGUN, fence)

    def complete(self, key: str, fence: int, result: Any) -> bool:
        """Note the result where the lease is still ours; tell whether it was."""
        self._answer()
        if self.entries[key] != Entry(Outcome.RUNNING, fence):
            return False
        self.entries[key] = Entry(Outcome.DONE, fence, result)
        return True

    def release(self, key: str, fence: int) -> bool:
        """Let another begin the key at once, where the lease is still ours; tell whether it was."""
        self._answer()
        if self.entries[key] != Entry(Outcome.RUNNING, fence):
            return False
        self.leases[key] = 0.0
        return True

    def _answer(self) -> None:
        if self.is_away:
            raise Unavailable("The ledger is away.")
