"""Who is typing on this process's connections: it ends by itself, whatever a client promised."""

import time
from collections.abc import Callable
from typing import Any, Protocol

from shared.domains.messages.contract import TypingShown
from shared.kernel.loops import Loop
from shared.kernel.topics import room_topic

LASTS_SECONDS = 6.0
_ROUND_SECONDS = 0.5


class Typist(Protocol):
    """A room connection."""

    user_id: str
    ports: Any

    @property
    def room_id(self) -> str:
        """Return its room."""


class Typists:
    """The room connections that announced typing last, the earliest first."""

    def __init__(self, *, now: Callable[[], float] = time.monotonic) -> None:
        """Begin with none; `now` gives seconds that only rise."""
        self._now = now
        self._until: dict[Typist, float] = {}
        self._loop = Loop("typists", self.round, _ROUND_SECONDS, observes=True)

    def start(self) -> None:
        """End what has lasted too long, from now on."""
        self._loop.start()

    def stop(self) -> None:
        """Look no more; connections that close end their own."""
        self._loop.stop()

    def note(self, typist: Typist, is_typing: bool) -> None:
        """Take what a connection's frame said."""
        self._until.pop(typist, None)
        if is_typing:
            self._until[typist] = self._now() + LASTS_SECONDS

    def leave(self, typist: Typist) -> None:
        """End what a connection began that is gone, or has been silent for too long."""
        if self._until.pop(typist, None) is None:
            return
        event = TypingShown(user_id=typist.user_id, is_typing=False)
        typist.ports.events.publish(room_topic(typist.room_id), event, except_user=typist.user_id)

    def round(self) -> None:
        """End what has had no frame for 6 s."""
        now = self._now()
        for typist, until in list(self._until.items()):
            if until > now:
                return
            self.leave(typist)
