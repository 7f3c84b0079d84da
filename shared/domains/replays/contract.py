"""What operators ask of replays."""

from typing import Self

from pydantic import Field, model_validator

from shared.domains.operations.contract import Filters
from shared.domains.operations.models import LetterState
from shared.domains.replays.models import LetterCheck
from shared.kernel.contract import Contract


class ReplayMatching(Filters):
    """Send all open letters again that match; everything is chosen by `all`, so that an empty body chooses nothing."""

    every: bool = Field(False, alias="all")
    dry_run: bool = False
    canary: bool = False
    rate_per_second: float = Field(5.0, ge=0.1, le=50)

    @model_validator(mode="after")
    def _chooses(self) -> Self:
        if self.state not in (None, LetterState.OPEN):
            raise ValueError("only open letters are replayed")
        if not self.every and not any((self.queue, self.task, self.fingerprint, self.since, self.until)):
            raise ValueError("name a queue, task, fingerprint or time, or say all: true")
        return self


class DryRun(Contract):
    """What a replay would come to: how many letters match (at least, where not `isWhole`), and the first."""

    matching: int
    is_whole: bool
    checks: list[LetterCheck]
