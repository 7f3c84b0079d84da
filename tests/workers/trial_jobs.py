"""Jobs that do what a test tells them, run by run."""

from typing import ClassVar

from pydantic import Field

from shared.kernel.contract import Job
from shared.kernel.queues import Queue, RetryPolicy

OK, UNAVAILABLE, BUG, INVALID = "ok", "unavailable", "bug", "invalid"


class Trial(Job):
    """Do one step a run, the last one again where there are no more; a number is a time to sleep, in seconds."""

    name: ClassVar[str] = "trial.trial"
    queue: ClassVar[Queue] = Queue.TTS
    retry: ClassVar[RetryPolicy] = RetryPolicy(first_delay=0.1)
    idempotent: ClassVar[bool] = True

    label: str
    steps: list[str] = Field(default_factory=lambda: [OK])
    text: str = ""

    def fair_share_group(self) -> str | None:
        return "somebody"


class TrialOnce(Trial):
    """The same, but it must take effect once."""

    name: ClassVar[str] = "trial.trial_once"
    queue: ClassVar[Queue] = Queue.SPEECH
    idempotent: ClassVar[bool] = False


class TrialInOrder(Trial):
    """The same, in order."""

    name: ClassVar[str] = "trial.trial_in_order"
    queue: ClassVar[Queue] = Queue.AI_CHAT
