"""The client for scripts that know no `await`: the same client, run in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from speaktracker_client.client import SpeakTracker as Client
from speaktracker_client.models import Ack, Message, Push, Reply, Room, User
from speaktracker_client.practice import Result
from speaktracker_client.room_connection import RoomConnection
from speaktracker_client.voice import Speech

Returned = TypeVar("Returned")


class SpeakTracker:
    """One user of the platform. What has no method here is called by `run(tracker.client.…)`; it raises the same."""

    def __init__(self, base_url: str, **options: Any) -> None:
        """Start the thread; `options` are those of the asynchronous client."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="speaktracker", daemon=True)
        self._thread.start()
        with ExitStack() as unmade:
            unmade.callback(self._end)
            self.client: Client = self.run(_made(base_url, options))
            unmade.pop_all()

    def run(self, called: Coroutine[Any, Any, Returned]) -> Returned:
        """Return what a call of the asynchronous client returns. Interrupted, it is cancelled."""
        future = asyncio.run_coroutine_threadsafe(called, self._loop)
        try:
            return future.result()
        finally:
            future.cancel()  # of a call that has returned this is nothing

    def login(self, email: str, password: str) -> User:
        """Sign in."""
        return self.run(self.client.login(email, password))

    def rooms(self) -> list[Room]:
        """Return the newest rooms."""
        return list(self.run(self.client.rooms.list()).rooms)

    def ask(self, message: str, *, conversation_id: str | None = None) -> Reply:
        """Say something to the AI partner and return its whole answer."""
        return self.run(self.client.ask(message, conversation_id=conversation_id))

    def stream(self, message: str, *, conversation_id: str | None = None) -> Iterator[str]:
        """Say something to the AI partner and yield its words as they come."""
        turn = self.client.stream(message, conversation_id=conversation_id)
        try:
            while (word := self.run(_next(turn))) is not None:
                yield word
        finally:
            self._loop.call_soon_threadsafe(turn.close)

    def say(self, room_id: str, content: str) -> Ack:
        """Enter a room, say something, and return when the platform has it safely."""
        return self.run(_said(self.client, room_id, content))

    def listen(self, room_id: str) -> Iterator[Message | Push]:
        """Enter a room and yield what is said in it, once and in order, until the caller stops."""
        room: RoomConnection = self.run(self.client.room(room_id).open())
        try:
            while (one := self.run(_next(room))) is not None:
                yield one
        finally:
            self.run(room.close())

    def speak(self, text: str, voice: str | None = None) -> Speech:
        """Have a text spoken, and return it once it can be heard."""
        return self.run(self.client.voice.speak(text, voice))

    def evaluate(self, recording: Path | bytes, original_text: str) -> Result:
        """Return how a sentence was said in a recording."""
        return self.run(self.client.practice.evaluate(recording, original_text))

    def pushes(self, *types: str) -> Iterator[Push]:
        """Yield what is pushed from now on, of these types or of all, until the caller stops."""
        listening = self.run(self.client.pushes(*types).__aenter__())
        try:
            while (one := self.run(_next(listening))) is not None:
                yield one
        finally:
            self.run(listening.close())

    def close(self) -> None:
        """Close everything and end the thread. Again is fine."""
        if self._loop.is_running():
            self.run(self.client.close())
            self._end()

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def __enter__(self) -> SpeakTracker:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _problem: BaseException | None, _place: TracebackType | None
    ) -> None:
        self.close()


async def _made(base_url: str, options: dict[str, Any]) -> Client:
    return Client(base_url, **options)


async def _next(iterator: Any) -> Any:
    """Return the next item; None at the end."""
    try:
        return await iterator.__anext__()
    except StopAsyncIteration:
        return None


async def _said(client: Client, room_id: str, content: str) -> Ack:
    async with client.room(room_id) as room:
        return await room.send_message(content)
