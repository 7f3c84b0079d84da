"""Refusals of replays."""

from shared.domains.replays.models import ReplayOutcome
from shared.kernel.errors import Conflict


class NotReplayable(Conflict):
    """The letter cannot be sent as it is."""

    def __init__(self, outcome: ReplayOutcome) -> None:
        """Say why, as a detail."""
        super().__init__(
            "The dead letter cannot be sent as it is: edit or discard it.",
            "이대로는 재처리할 수 없습니다. 수정하거나 폐기해 주세요.",
            details=[{"field": "id", "message": outcome.value}],
        )
