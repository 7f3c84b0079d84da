"""A user's own channel: the AI partner, notifications, feedback, jobs and whatever else is for one person."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4
from weakref import WeakValueDictionary

from speaktracker_client.backoff import Backoff
from speaktracker_client.channel import ANSWER_SECONDS, Channel
from speaktracker_client.errors import Unauthorized
from speaktracker_client.exchanges import Waiting
from speaktracker_client.link import Link
from speaktracker_client.models import Push, Reply
from speaktracker_client.session import Session
from speaktracker_client.turn import Sound, Turn

Delta = Callable[[str, int], object]
"""Takes what the partner says as it says it, and its index; index 0 means from the beginning, also once more."""


class UserChannel(Channel[Push]):
    """Yields what is pushed to the user; what was pushed while it was cut off is read over HTTP."""

    def __init__(
        self, session: Session, *, address: str, is_near: bool, backoff: Backoff, keeps_pushes: bool = True
    ) -> None:
        """Prepare; `open`, or `async with`, opens it. Without `keeps_pushes` nobody iterates over it."""
        super().__init__(backoff)
        self._keeps_pushes = keeps_pushes
        self._turns: WeakValueDictionary[str, Turn] = WeakValueDictionary()
        self._session = session
        self._address, self._is_near = address, is_near
        self._deltas: dict[str, Delta] = {}

    async def ask_partner(
        self,
        message: str,
        *,
        conversation_id: str | None = None,
        on_delta: Delta | None = None,
        request_id: str | None = None,
        seconds: float = ANSWER_SECONDS,
    ) -> Reply:
        """Say something to the AI partner and return its whole answer; cuts meanwhile do not matter.

        Without a conversation it is the default one. The same requestId again gives the same answer. Raises as
        `Exchanges.ask` does.
        """
        asked = request_id or str(uuid4())
        fields: dict[str, Any] = {"action": "sendMessage", "requestId": asked, "message": message}
        fields |= {"conversationId": conversation_id} if conversation_id else {}
        if on_delta is not None:
            fields["stream"] = True
            self._deltas[asked] = on_delta
        try:
            return Reply.of(await self._ask(fields, answered_by="messageResponse", seconds=seconds))
        finally:
            self._deltas.pop(asked, None)

    async def stop_partner(self, request_id: str) -> None:
        """Have the partner stop; the asker gets what was said until then. Lost where the connection is down."""
        await self._send(json.dumps({"action": "stop", "requestId": request_id}))

    async def _dial(self) -> Link:
        token = await self._session.access_token()
        try:
            return await self._open(token)
        except Unauthorized:
            return await self._open(await self._session.renew(token))

    async def _open(self, token: str) -> Link:
        # as a subprotocol: an address is written to logs on its way, a header is not
        return await Link.open(self._address, is_near=self._is_near, bearer=token)

    async def _greeted(self, fields: dict[str, Any]) -> None:
        await self._caught_up()

    async def _received(self, fields: dict[str, Any]) -> None:
        kind = fields.get("type") or fields.get("action")
        turn = self._turns.get(str(fields.get("requestId")))
        if kind == "messageDelta":
            self._deltas.get(fields["requestId"], _ignore)(fields["delta"], fields["index"])
            if turn is not None:
                turn._hear(fields["delta"], fields["index"])
        elif kind == "audioReady" and turn is not None:
            turn._sound(Sound(fields["index"], fields["audioUrl"], fields.get("wordsUrl")))
        if self._keeps_pushes and ("type" in fields or kind == "error"):
            self._say(Push(str(kind), fields))

    async def _begin(self, turn: Turn, frame: str) -> Waiting:
        """Send a turn's frame, now and after each cut, and tell the turn what comes of it."""
        if self._end is not None:
            raise self._end
        self._turns[turn.request_id] = turn
        waiting = self._exchanges.begin(turn.request_id, frame, "messageResponse")
        await self._send(frame)
        return waiting

    def _forget(self, request_id: str, *, keep_sounds: bool = False) -> None:
        self._exchanges.end(request_id)
        if not keep_sounds:
            self._turns.pop(request_id, None)


def _ignore(_delta: str, _index: int) -> None:
    """Take what nobody waits for any more."""
