"""Queues and messages in memory, with SQS's rules for visibility, order and redrive."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

#: A deduplication id is remembered for so many seconds.
DEDUPLICATION_SECONDS = 300


@dataclass(eq=False, slots=True)
class Message:
    """One stored message; ``hiding`` numbers the times it was hidden, so that an overtaken timer shows nothing."""

    body: str
    order: int
    group: str | None = None
    attributes: dict[str, Any] | None = None
    message_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    sent_at: float = field(default_factory=time.time)
    first_received_at: float = 0.0
    receives: int = 0
    handle: str | None = None
    in_flight: bool = False
    hiding: int = 0


class Queue:
    """One queue. A receipt handle holds until the message is received again; on FIFO only while it is hidden."""

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name, self.attributes = name, attributes
        self.is_fifo = name.endswith(".fifo")
        self._ready: deque[Message] = deque()
        self._by_handle: dict[str, Message] = {}
        self._hidden: set[Message] = set()
        self._locks: Counter[str | None] = Counter()
        self._sent: dict[str, tuple[float, str]] = {}
        self._order = 0
        self._arrival = asyncio.Event()

    def send(
        self,
        body: str,
        delay: float = 0,
        group: str | None = None,
        deduplication_id: str | None = None,
        attributes: dict[str, Any] | None = None,
    ) -> str:
        """Store a message and return its id; on FIFO a repeated deduplication id returns the first one's."""
        known_at, known_id = self._sent.get(deduplication_id or "", (0.0, ""))
        if self.is_fifo and deduplication_id and time.time() - known_at < DEDUPLICATION_SECONDS:
            return known_id
        self._order += 1
        message = Message(body, self._order, group, attributes)
        if deduplication_id:
            self._sent[deduplication_id] = (time.time(), message.message_id)
        if delay > 0:
            self._hide(message, delay)
        else:
            self._show(message)
        return message.message_id

    def adopt(self, message: Message) -> None:
        """Take over a message by redrive, with its id and its count of receives."""
        message.handle, message.in_flight = None, False
        self._show(message)

    def receive(self, most: int, visibility: float, bury: Callable[[Message], bool]) -> list[Message]:
        """Hand out ready messages and hide them; ``bury`` takes those that were received too often."""
        taken: list[Message] = []
        passed_over: list[Message] = []
        blocked = {group for group, count in self._locks.items() if count} if self.is_fifo else set()
        while self._ready and len(taken) < most:
            message = self._ready.popleft()
            if self.is_fifo and message.group in blocked:
                passed_over.append(message)
            elif not bury(message):
                taken.append(message)
        self._ready.extendleft(reversed(passed_over))
        for message in taken:
            self._hand_out(message, visibility)
        return taken

    def _hand_out(self, message: Message, visibility: float) -> None:
        """Give a message a new handle and hide it."""
        if message.handle:
            self._by_handle.pop(message.handle, None)
        message.receives += 1
        message.handle = uuid.uuid4().hex
        message.first_received_at = message.first_received_at or time.time()
        message.in_flight = True
        self._by_handle[message.handle] = message
        self._locks[message.group] += 1
        self._hide(message, visibility)

    def delete(self, handle: str) -> bool:
        """Delete by the latest handle; False when it is not one (any more)."""
        message = self._by_handle.get(handle)
        if message is None or (self.is_fifo and not message.in_flight):
            return False
        del self._by_handle[handle]
        message.hiding += 1
        self._hidden.discard(message)
        if message.in_flight:
            self._locks[message.group] -= 1
        elif message in self._ready:
            self._ready.remove(message)
        self._wake()
        return True

    def change_visibility(self, handle: str, seconds: float) -> bool:
        """Show a message after so many seconds from now; False when it is not in flight."""
        message = self._by_handle.get(handle)
        if message is None or not message.in_flight:
            return False
        if seconds > 0:
            self._hide(message, seconds)
        else:
            self._show(message)
        return True

    def counts(self) -> dict[str, int]:
        """How many messages are ready, in flight and delayed."""
        flying = sum(1 for message in self._hidden if message.in_flight)
        return {"ready": len(self._ready), "in_flight": flying, "delayed": len(self._hidden) - flying}

    def contents(self) -> list[Message]:
        """The ready messages, as they lie."""
        return list(self._ready)

    async def wait(self, seconds: float) -> None:
        """Wait until something may have become ready, at most so long."""
        try:
            await asyncio.wait_for(self._arrival.wait(), seconds)
        except TimeoutError:
            return

    def _hide(self, message: Message, seconds: float) -> None:
        """Keep a message out of sight for so many seconds from now."""
        message.hiding += 1
        self._hidden.add(message)
        asyncio.get_running_loop().call_later(seconds, self._show_again, message, message.hiding)

    def _show_again(self, message: Message, hiding: int) -> None:
        """End a hiding, unless it was changed meanwhile."""
        if message.hiding == hiding and message in self._hidden:
            self._show(message)

    def _show(self, message: Message) -> None:
        """Make a message ready; on FIFO where its order says."""
        message.hiding += 1
        self._hidden.discard(message)
        if message.in_flight:
            message.in_flight = False
            self._locks[message.group] -= 1
        self._ready.append(message)
        if self.is_fifo:
            self._ready = deque(sorted(self._ready, key=lambda one: one.order))
        self._wake()

    def _wake(self) -> None:
        """Let waiting receives look again."""
        self._arrival.set()
        self._arrival = asyncio.Event()
