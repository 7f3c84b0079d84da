"""What is counted, and how near its end it is."""

from enum import StrEnum

from shared.kernel.contract import Contract

WARNED_SHARE = 0.8
SHORTENED_SHARE = 0.95


class Kind(StrEnum):
    """What is paid for: the model's tokens, characters that are spoken, seconds of recordings that are heard."""

    TOKENS = "tokens"
    SPOKEN_CHARACTERS = "spoken_characters"
    TRANSCRIBED_SECONDS = "transcribed_seconds"


class BudgetState(StrEnum):
    """OK below 80 %, WARNED from there on, SHORTENED (short answers) from 95 %, SPENT at 100 %."""

    OK = "ok"
    WARNED = "warned"
    SHORTENED = "shortened"
    SPENT = "spent"


class Spending(Contract):
    """What one user used of one kind on one day (UTC), what is held for what is going on included."""

    user_id: str
    date: str
    kind: Kind
    used: int
    limit: int

    @property
    def state(self) -> BudgetState:
        """Return how near the end it is."""
        share = self.used / self.limit if self.limit else 1.0
        if share >= 1:
            return BudgetState.SPENT
        if share >= SHORTENED_SHARE:
            return BudgetState.SHORTENED
        return BudgetState.WARNED if share >= WARNED_SHARE else BudgetState.OK
