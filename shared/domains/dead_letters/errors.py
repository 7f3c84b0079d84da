"""Refusals of dead letters."""

from typing import Any

from shared.domains.dead_letters.models import ReplayOutcome
from shared.kernel.errors import Conflict, Invalid, NotFound


class LetterNotFound(NotFound):
    """There is no such letter."""

    def __init__(self) -> None:
        super().__init__("Dead letter not found", "배달 불능 작업을 찾을 수 없습니다.")


class LetterSettled(Conflict):
    """The letter was replayed or discarded, or is being sent at this moment."""

    def __init__(self) -> None:
        super().__init__(
            "The dead letter was replayed or discarded already.", "이미 재처리되었거나 폐기된 배달 불능 작업입니다."
        )


class UnknownTask(Invalid):
    """No worker knows the task."""

    def __init__(self) -> None:
        super().__init__("There is no such task.", "알 수 없는 작업입니다.")


class WrongArguments(Invalid):
    """The arguments are not those of the job."""

    def __init__(self, details: list[dict[str, Any]]) -> None:
        """Name the fields."""
        super().__init__("Some arguments are not valid.", "작업 인자가 올바르지 않습니다.", details=details)


class NotReplayable(Conflict):
    """The letter cannot be sent as it is."""

    def __init__(self, outcome: ReplayOutcome) -> None:
        """Say why, as a detail."""
        super().__init__(
            "The dead letter cannot be sent as it is: edit or discard it.",
            "이대로는 재처리할 수 없습니다. 수정하거나 폐기해 주세요.",
            details=[{"field": "id", "message": outcome.value}],
        )
