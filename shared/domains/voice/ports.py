"""What voices need from outside; every method raises Unavailable where nobody answers in time."""

from collections.abc import Callable
from typing import Protocol

from shared.domains.voice.models import Asker, Manner, Spoken, Voice
from shared.kernel.stores import Objects, StoredObjects

Hearing = Callable[[bytes], object]
"""Takes the MP3 of a text."""


class Speaker(Protocol):
    """Speaks."""

    def speak(self, text: str, manner: Manner, *, heard: Hearing | None = None) -> Spoken:
        """Return a text of at most 3000 characters as MP3, paid for by the character; files of one manner join.

        `heard` gets the audio as soon as it is there, before the times of its words; what it raises is raised.

        Raises:
            Unspeakable: the engine refuses the text or the voice.
            SpeakerRefused: the engine does not serve us.
        """


class AudioStore(Objects, StoredObjects, Protocol):
    """Audio in the bucket; its lifecycle removes it after a week."""


class VoiceStore(Protocol):
    """Records of voices, and of the jobs that wait for them."""

    def get(self, voice: str) -> Voice | None:
        """Return a record as it stands after every write so far."""

    def begin(self, voice: str, holder: str, *, seen: int, lease_seconds: float) -> int | None:
        """Take a voice to make it and return the fence, where it is free; of many at once one gets it.

        It is free where there is none, where its maker's lease ended or `holder` is that maker, and where it is READY
        with the fence that was `seen` by a caller that found its audio gone.
        """

    def finish(self, voice: Voice) -> bool:
        """Store a made voice, where its fence still holds; tell whether it did."""

    def give_up(self, voice: str, fence: int) -> int:
        """Free a voice that could not be made; return how often in a row, 0 where another has it."""

    def ask(self, voice: str, asker: Asker) -> None:
        """Note that a job waits; again changes nothing."""

    def askers(self, voice: str) -> list[Asker]:
        """Return the jobs that wait, all those that were noted before."""

    def forget(self, voice: str, askers: list[Asker]) -> None:
        """Remove jobs that were told."""
