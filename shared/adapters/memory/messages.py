"""Messages and the live sequence of rooms in dictionaries."""

from shared.domains.messages.models import Draft, Head, Highest, Message, Posted, Recent, Unsettled
from shared.kernel.pages import Page
from shared.kernel.ports import Clock
from shared.kernel.times import instant, microseconds, milliseconds, timestamp

DAY_MS = 86_400_000


class MemoryMessages:
    """The port MessageStore for one thread."""

    def __init__(self) -> None:
        """Begin with nothing stored."""
        self.stored: dict[tuple[str, str, str], Message] = {}
        self.voice_keys: dict[tuple[str, str], str] = {}

    def before(self, room_id: str, created_at: str | None, *, limit: int) -> Page[Message]:
        """Return messages, newest first."""
        found = [one for one in self.stored.values() if one.room_id == room_id]
        older = [one for one in found if created_at is None or one.created_at < created_at]
        newest = sorted(older, key=lambda one: one.created_at, reverse=True)
        return Page(newest[:limit], {"more": True} if len(newest) > limit else None)

    def find(self, message_id: str, room_id: str) -> Message | None:
        """Return one message by its id."""
        wanted = (message_id, room_id)
        return next((one for one in self.stored.values() if (one.message_id, one.room_id) == wanted), None)

    def highest(self, room_id: str) -> Highest:
        """Return what the stored messages of a room reach."""
        newest = self.before(room_id, None, limit=1000).items
        return Highest(max(one.seq for one in newest), newest[0].created_at) if newest else Highest(0, None)

    def add_all(self, messages: list[Message]) -> None:
        """Write many by their keys."""
        for one in messages:
            self.stored[one.room_id, one.created_at, one.message_id] = one

    def add_once(self, message: Message) -> None:
        """Write one unless its id was written before."""
        if self.find(message.message_id, message.room_id) is None:
            self.add_all([message])

    def keep_voice_key(self, message_id: str, room_id: str, voice: str, key: str) -> bool:
        """Note where a voice of a message lies."""
        if self.find(message_id, room_id) is None:
            return False
        self.voice_keys[message_id, voice] = key
        return True


class MemoryRoomLog:
    """The port RoomLog for one thread; `lose_memory` does what FLUSHALL does."""

    def __init__(self, clock: Clock) -> None:
        """Begin with no room; epochs are named e1, e2 and so on."""
        self._clock = clock
        self._epochs = 0
        self.lose_memory()
        self.resynced: list[str] = []

    def lose_memory(self) -> None:
        """Forget everything."""
        self.ends: dict[str, Head] = {}
        self.recent: dict[str, list[Message]] = {}
        self.places: dict[str, Message] = {}
        self.marks: dict[str, tuple[int, Message]] = {}
        self._last: dict[str, int] = {}

    def begin(self, room_id: str) -> None:
        """Open the first epoch of a new room."""
        self._open(room_id, Highest(0, None), None)

    def restore(self, room_id: str, *, above: Highest) -> Head:
        """Open a new epoch where there is none."""
        if room_id not in self.ends:
            self.resynced.append(room_id)
        return self._open(room_id, above, self._now_ms())

    def post(self, draft: Draft, *, is_verified: bool) -> Posted | Unsettled:
        """Give a message its place, or say why not yet."""
        head = self.ends.get(draft.room_id)
        if head is None:
            return Unsettled.NO_EPOCH
        known = self.places.get(draft.message_id)
        if known is not None:
            return Posted(known, is_queued=draft.message_id not in self.marks)
        if not is_verified and head.lost_at is not None and self._now_ms() - head.lost_at < DAY_MS:
            return Unsettled.UNVERIFIED
        message = self._placed(draft, head)
        self.recent[draft.room_id].append(message)
        self.places[draft.message_id] = message
        self.marks[draft.message_id] = (self._now_ms(), message)
        return Posted(message, is_queued=False)

    def remember(self, message: Message) -> None:
        """Keep the place of a message that the table knows."""
        self.places[message.message_id] = message

    def head(self, room_id: str) -> Head | None:
        """Return the end of a room's sequence."""
        return self.ends.get(room_id)

    def heads(self, room_ids: list[str]) -> dict[str, Head]:
        """Return the ends of several rooms' sequences."""
        return {one: self.ends[one] for one in room_ids if one in self.ends}

    def since(self, room_id: str, seq: int) -> list[Message] | None:
        """Return what came after a sequence number."""
        if room_id not in self.ends:
            return None
        missed = [one for one in self.recent[room_id] if one.seq > seq]
        first = missed[0].seq if missed else self.ends[room_id].last_seq + 1
        return missed if first == seq + 1 else None

    def newest(self, room_id: str, *, before: str | None, limit: int) -> Recent:
        """Return the newest messages."""
        if room_id not in self.ends:
            return Recent([], reaches=False)
        found = [one for one in reversed(self.recent[room_id]) if before is None or one.created_at < before]
        return Recent(found[:limit], reaches=True)

    def mark_queued(self, messages: list[Message]) -> None:
        """Note that the queue has these safely."""
        for one in messages:
            self.marks.pop(one.message_id, None)

    def mark_stored(self, messages: list[Message]) -> None:
        """Note that the table has these."""
        self.mark_queued(messages)

    def unqueued(self, *, older_than_seconds: float, limit: int) -> list[Message]:
        """Return what was shown so long ago and never noted as queued."""
        latest = self._now_ms() - older_than_seconds * 1000
        return [message for at, message in self.marks.values() if at <= latest][:limit]

    def _open(self, room_id: str, above: Highest, lost_at: int | None) -> Head:
        if room_id not in self.ends:
            self._epochs += 1
            self.ends[room_id] = Head(f"e{self._epochs}", above.seq, lost_at)
            self.recent[room_id] = []
            self._last[room_id] = microseconds(instant(above.created_at)) if above.created_at else 0
        return self.ends[room_id]

    def _placed(self, draft: Draft, head: Head) -> Message:
        now = self._clock.now()
        at = max(microseconds(now), self._last.get(draft.room_id, 0) + 1)
        self._last[draft.room_id] = at
        self.ends[draft.room_id] = head._replace(last_seq=head.last_seq + 1)
        created = timestamp(now.fromtimestamp(at / 1_000_000, now.tzinfo))
        fields = draft._asdict() | {"seq": head.last_seq + 1, "epoch": head.epoch, "created_at": created}
        del fields["url"]
        return Message(**fields)

    def _now_ms(self) -> int:
        return milliseconds(self._clock.now())
