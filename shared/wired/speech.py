"""Which adapter serves the port of scoring."""

from functools import cached_property

from shared.adapters.audio_guard.guard import AudioGuard
from shared.adapters.pronunciation import ModelScorer
from shared.wired.base import Base


class SpeechInWorkers(Base):
    """What tasks have of speech."""

    @cached_property
    def scorer(self) -> ModelScorer:
        """Return who says how a sentence was said; its models are loaded when it is first asked, or warmed up."""
        return ModelScorer(AudioGuard())
