"""What practice needs from outside; every method raises Unavailable where nobody answers in time."""

from collections.abc import Callable, Collection
from typing import Protocol

from shared.domains.practice.models import Difficulty, Pronunciation

Progress = Callable[[str], object]
"""Takes a stage: `heard`, `aligned`, `scored`."""


class PronunciationScorer(Protocol):
    """Scores; the same recording and sentence always get the same answer."""

    def warm_up(self) -> None:
        """Load the models, some seconds and 400 MB of this process; again does nothing."""

    def score(
        self,
        recording: bytes,
        sentence: str,
        *,
        transcript: str | None = None,
        suspected: Collection[Difficulty] = (),
        progress: Progress | None = None,
    ) -> Pronunciation:
        """Return how a sentence was said in a recording of at most ten mebibytes and a minute, whatever its kind.

        `transcript` is what another recogniser heard, where one was asked: it scores nothing, and lowers the confidence
        where it contradicts. `suspected` is what earlier recordings of the session suggest: with it, a difficulty that
        shows once more becomes a hint. `progress` is told each stage as it ends; what it raises is raised. It takes
        about 0.4 s of processor time a second of sound.

        Raises:
            UnreadableAudio, AudioTooLong, AudioTooLarge: it is no recording that is taken.
            NothingToScore: there is no English word in the sentence, or more than 200.
            ScorerMissing: this process was installed without what scores.
        """
