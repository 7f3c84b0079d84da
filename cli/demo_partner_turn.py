"""One turn with the AI partner as its student sees it: every stage, delta and sentence, with its time."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from shared.kernel.sentences import sentences
from speaktracker_client.models import Push, Reply
from speaktracker_client.user_channel import UserChannel

SOUND_SECONDS = 15.0
_POLL_SECONDS = 0.01


@dataclass
class Seen:
    """What came of one request; times are seconds since it was sent."""

    request_id: str
    message: str
    stages: dict[str, float] = field(default_factory=dict)
    deltas: dict[int, str] = field(default_factory=dict)
    delta_times: dict[int, float] = field(default_factory=dict)
    sounds: dict[int, tuple[float, str]] = field(default_factory=dict)
    partly: list[tuple[float, str]] = field(default_factory=list)
    heard: tuple[float, str] | None = None
    reply: Reply | None = None
    whole: float = 0.0
    result: dict[str, Any] | None = None

    @property
    def streamed(self) -> str:
        """Return what the deltas say together."""
        return "".join(self.deltas[index] for index in sorted(self.deltas))

    @property
    def first_delta(self) -> float | None:
        """Return when the partner began to speak."""
        return self.delta_times.get(0)

    @property
    def first_sentence(self) -> float | None:
        """Return when the first sentence was there in words."""
        said = ""
        for index in sorted(self.deltas):
            said += self.deltas[index]
            if len(sentences(said + " .")) > 1:
                return self.delta_times[index]
        return None

    @property
    def first_sound(self) -> float | None:
        """Return when the first sentence could be heard."""
        return self.sounds[0][0] if 0 in self.sounds else None


class Conversation:
    """Asks over a user's channel, one turn after the other, and notes everything that the platform says of it."""

    def __init__(self, channel: UserChannel) -> None:
        """Listen to an open channel."""
        self._channel = channel
        self._turns: dict[str, tuple[Seen, float]] = {}
        self._unclaimed: list[tuple[Push, float]] = []
        self._listening = asyncio.create_task(self._listen())

    async def ask(self, message: str, conversation_id: str | None, request_id: str) -> Seen:
        """Say something and return what was seen, once the answer, its Job and the sound of its start are there."""
        seen, began = Seen(request_id, message), time.perf_counter()
        self._turns[request_id] = (seen, began)

        def delta(text: str, index: int) -> None:
            if index == 0:
                seen.deltas.clear()
            seen.deltas[index] = text
            seen.delta_times[index] = time.perf_counter() - began

        seen.reply = await self._channel.ask_partner(
            message, conversation_id=conversation_id, on_delta=delta, request_id=request_id
        )
        seen.whole = time.perf_counter() - began
        await self._settle(seen)
        return seen

    async def say(self, send: Callable[[], Awaitable[str]], message: str) -> Seen:
        """Send a recording of a message; return what was seen, once its Job and the sound of its start are there.

        `send` returns the requestId that it was given.
        """
        began = time.perf_counter()
        seen = Seen(await send(), message)
        self._turns[seen.request_id] = (seen, began)
        for push, at in self._unclaimed:
            if push.fields.get("requestId") == seen.request_id:
                self._note(push, seen, at - began)
        deadline = time.monotonic() + SOUND_SECONDS
        while time.monotonic() < deadline and (seen.result is None or seen.first_sound is None):
            await asyncio.sleep(_POLL_SECONDS)
        return seen

    async def close(self) -> None:
        """Listen no more."""
        self._listening.cancel()
        await asyncio.gather(self._listening, return_exceptions=True)

    async def _settle(self, seen: Seen) -> None:
        deadline = time.monotonic() + SOUND_SECONDS
        while time.monotonic() < deadline and (seen.result is None or (seen.first_sound is None and seen.streamed)):
            await asyncio.sleep(_POLL_SECONDS)

    async def _listen(self) -> None:
        async for push in self._channel:
            found = self._turns.get(str(push.fields.get("requestId")))
            if found is not None:
                self._note(push, found[0], time.perf_counter() - found[1])
            else:
                self._unclaimed.append((push, time.perf_counter()))

    @staticmethod
    def _note(push: Push, seen: Seen, at: float) -> None:
        if push.type == "audioReady":
            seen.sounds[push.fields["index"]] = (at, push.fields["audioUrl"])
        elif push.type == "job":
            if "transcript" in push.fields:
                seen.partly.append((at, push.fields["transcript"]))
            if "heard" in push.fields:
                seen.heard = seen.heard or (at, push.fields["heard"])
            stage = push.fields.get("stage") or push.fields["status"].lower()
            seen.stages.setdefault(stage, at)
            if push.fields["status"] in ("COMPLETED", "FAILED"):
                seen.result = push.fields
