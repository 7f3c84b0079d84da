"""Refusals of what operators ask of workers."""

from shared.domains.operations.models import WhyRefused
from shared.kernel.errors import Conflict, NotFound, Text

_WHY = {
    WhyRefused.FIXED_POOL: Text(
        "The worker's threads are as many as at its start: start another worker beside it.",
        "작업자의 스레드 수는 시작할 때 정해집니다. 작업자를 하나 더 시작해 주세요.",
    ),
    WhyRefused.FEWER: Text(
        "The worker has more than that: growing takes none away.", "작업자에 이미 더 많이 있습니다. 줄일 수는 없습니다."
    ),
    WhyRefused.TOO_MANY: Text(
        "That is more than one worker is grown to: start another beside it.",
        "작업자 하나가 가질 수 있는 수를 넘습니다. 작업자를 하나 더 시작해 주세요.",
    ),
    WhyRefused.DRAINING: Text(
        "The worker is draining: it reads again only after a restart.",
        "작업자가 비우는 중입니다. 다시 시작해야 일을 받습니다.",
    ),
    WhyRefused.OTHER: Text("The worker refused.", "작업자가 거절했습니다."),
}


class WorkerNotFound(NotFound):
    """No worker of that name lives."""

    def __init__(self) -> None:
        super().__init__("No such worker lives.", "그런 작업자가 없습니다.")


class WorkerRefused(Conflict):
    """The worker heard what it was told, and does not do it."""

    def __init__(self, why: WhyRefused, words: str = "") -> None:
        """Say why as a detail that programs read, and in the worker's own words where there are no better ones."""
        text = _WHY[why]
        own = f" {words}" if why is WhyRefused.OTHER and words else ""
        super().__init__(text.en + own, text.ko + own, details=[{"field": "worker", "message": why.value}])
