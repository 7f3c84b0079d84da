"""What narration needs from outside; every method raises Unavailable where nobody answers in time."""

from typing import Protocol

from shared.domains.voice.models import Voice


class SpokenBefore(Protocol):
    """Voices that are there already."""

    def find(self, voice: str) -> Voice | None:
        """Return a voice that can be heard for an hour from now."""

    def address(self, voice: str) -> str:
        """Return where a voice is heard, good for one hour; computed here, nothing is asked."""
