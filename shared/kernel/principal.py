"""The person who is asking."""

from dataclasses import dataclass

OPERATORS = "operators"


@dataclass(frozen=True, slots=True)
class Principal:
    """An authenticated person, as the access token and the account say.

    `session_id` names the sign-in that the token came from; refreshed tokens keep it.
    `expires_at` is the token's end in epoch seconds.
    """

    user_id: str
    email: str
    name: str
    role: str
    language: str
    session_id: str
    expires_at: int
    groups: frozenset[str] = frozenset()

    @property
    def is_tutor(self) -> bool:
        """Tell whether tutor-only calls are allowed."""
        return self.role == "tutor"

    @property
    def is_operator(self) -> bool:
        """Tell whether operators' calls are allowed."""
        return OPERATORS in self.groups
