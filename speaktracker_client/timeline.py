"""Which messages of a room are still to be delivered: each once and in order, whatever arrives how often."""

from collections import deque
from collections.abc import Iterable

from speaktracker_client.models import Message, Place

REMEMBERED_IDS = 1_000


class Timeline:
    """Pure bookkeeping of one room; `place` is how far it was heard, None before the first opening."""

    def __init__(self, place: Place | None = None) -> None:
        """Go on from a place, or begin where the room stands when it is first opened."""
        self.place = place
        self._delivered: deque[str] = deque(maxlen=REMEMBERED_IDS)
        self._waiting: list[Message] | None = None

    @property
    def is_reloading(self) -> bool:
        """Tell whether messages wait for the history that goes before them."""
        return self._waiting is not None

    def opened(self, epoch: str, last_seq: int) -> Place:
        """Note where the room stands on opening, and return the place to resume from."""
        self._waiting = None
        if self.place is None:
            self.place = Place(epoch, last_seq)
        return self.place

    def offer(self, message: Message) -> list[Message] | None:
        """Return what may be delivered now that a message came; None where one before it is missing."""
        if self._waiting is not None:
            self._waiting.append(message)
            return []
        place = self._known()
        if message.seq <= place.seq:
            return []
        return None if message.seq > place.seq + 1 else self._take([message])

    def reload(self) -> None:
        """Let messages wait until the history is there."""
        if self._waiting is None:
            self._waiting = []

    def reloaded(self, history: Iterable[Message], epoch: str, last_seq: int) -> list[Message] | None:
        """Return what of the history, oldest first, and of what waited is to be delivered.

        None where a message is missing even so; what was delivered before is passed over.
        """
        waiting, self._waiting = self._waiting or [], None
        found = self._take([one for one in history if not self.is_heard(one)])
        # what is beyond last_seq comes as a push too, and is known by its id
        self.place = Place(epoch, last_seq, self._known().created_at)
        for message in waiting:
            more = self.offer(message)
            if more is None:
                return None
            found += more
        return found

    def is_heard(self, message: Message) -> bool:
        """Tell whether a message of the history lies before our place.

        Sequence numbers of two epochs say nothing of each other; `createdAt` rises through all of them.
        """
        place = self._known()
        if place.created_at:
            return message.created_at <= place.created_at
        return message.seq <= place.seq

    def _take(self, messages: list[Message]) -> list[Message]:
        fresh = [one for one in messages if one.message_id not in self._delivered]
        self._delivered.extend(one.message_id for one in fresh)
        if messages:
            self.place = Place(self._known().epoch, messages[-1].seq, messages[-1].created_at)
        return fresh

    def _known(self) -> Place:
        assert self.place is not None
        return self.place
