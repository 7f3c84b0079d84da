"""One open WebSocket as the product sees it: who, in which room, what it may do."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.domains.connections.models import ConnectionKind
from shared.domains.messages.contract import ResumeRoom
from shared.kernel.contract import Command, Contract
from shared.kernel.errors import DomainError, RateLimited
from shared.kernel.logs import correlated, get_log
from shared.kernel.tracing import Kind, Parent, trace_id_of, traced
from web.realtime.feed import NOTHING_TOLD, Feed
from web.realtime.frames import error_frame, frame_of, parse_command, parse_object, request_id_of, salvaged
from web.realtime.process import Process
from web.realtime.sockets.port import Connection, Frame, Later, Taken
from web.realtime.tally import OK, REFUSED, TALLY, UNKNOWN

_UNTOLD = frozenset({"ping", "typing", "audioChunk"})
"""Frames that come again and again, and of which nobody asks what became of one."""

log = get_log()
Handler = Callable[[Any, "Session"], Contract | None]
Refusal = Callable[[DomainError, str, str], Frame]
"""Makes the frame that refuses, of the problem, the language and the requestId."""
Quick = Callable[[dict[str, Any], bytes, "Session", Later], Taken]
"""Takes a frame on the event loop, or leaves it: its fields, the message itself, and the way back; see HubReceiver."""


@dataclass(frozen=True, slots=True)
class Actions:
    """What frames of one kind of connection do: the command and the handler of each action.

    `refusals` are actions that are refused, where they have a requestId, by another frame than `error`; `quick` are
    those whose usual frames need no greenlet.
    """

    commands: dict[str, type[Command]]
    handlers: dict[type[Command], Handler]
    opened: Callable[["Session"], None]
    closed: Callable[["Session"], None]
    refusals: Mapping[str, Refusal] = field(default_factory=dict)
    quick: Mapping[str, Quick] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Holder:
    """The person who opened a connection, and by which sign-in; a channel has its access token, good until then."""

    user_id: str
    session_id: str
    language: str
    kind: ConnectionKind
    room_id: str | None = None
    access_token: str | None = field(default=None, repr=False)
    token_until: int = 0


class Session:
    """The Receiver of one connection: limits, parses, dispatches, answers with the same requestId."""

    __slots__ = (
        "actions",
        "baseline",
        "connected_at",
        "connection",
        "connection_id",
        "feed",
        "holder",
        "limit",
        "ports",
        "process",
        "recorded_at",
        "user_id",
    )

    connection: Connection

    def __init__(self, process: Process, holder: Holder, actions: Actions) -> None:
        """Prepare; the transport calls `opened` with the connection."""
        self.process, self.ports = process, process.ports
        self.holder = holder
        self.user_id = holder.user_id
        self.actions = actions
        self.connection_id = self.ports.ids.new()
        self.connected_at = self.ports.clock.now()
        self.recorded_at = time.monotonic()
        self.limit = process.frame_limits.of(holder.user_id, holder.room_id)
        self.feed: Feed | None = None
        self.baseline = NOTHING_TOLD

    @property
    def room_id(self) -> str:
        """Return the room of a room connection."""
        assert self.holder.room_id is not None
        return self.holder.room_id

    @property
    def language(self) -> str:
        """Return the language of texts for this person."""
        return self.holder.language

    @property
    def is_channel(self) -> bool:
        """Tell whether this is a user's own channel."""
        return self.holder.kind is ConnectionKind.USER

    def matches(self, only: dict[str, str]) -> bool:
        """Tell whether an order to close means this connection."""
        mine = {
            "session_id": self.holder.session_id,
            "room_id": self.holder.room_id,
            "connection_id": self.connection_id,
            "user_id": self.user_id,
            "kind": self.holder.kind.value,
        }
        return all(mine.get(name) == value for name, value in only.items())

    def opened(self, connection: Connection) -> None:
        """Take the connection and tell the platform of it."""
        self.connection = connection
        try:
            self.actions.opened(self)
        except DomainError as problem:
            log.warning("connection.not_opened", problem=problem.code)
            connection.close(1013, "try again later")

    def received(self, message: bytes, is_text: bool) -> None:
        """Answer one frame; whatever is wrong with it is said, and the connection stays open."""
        fields: dict[str, Any] | None = None
        try:
            if not self.limit.admit():
                raise RateLimited("Too many frames.", "프레임을 너무 자주 보냈습니다.", retry_after=2)
            fields = parse_object(message, is_text)
            command = parse_command(fields, self.actions.commands, self.user_id)
            self._settle(command)
            answer = self._handled(command, fields)
            self._tally(fields, OK)
        except DomainError as problem:
            known = salvaged(message, is_text) if fields is None else fields
            self._tally(known, REFUSED)
            self.refuse(problem, request_id_of(known), known.get("action"))
        else:
            if answer is not None:
                self.answer(answer)

    def received_in_hub(self, message: bytes, later: Later) -> Taken:
        """Take a usual frame of a frequent action; what else it is, or is wrong, is left to `received`."""
        if not self.actions.quick:
            return Taken.NO
        try:
            fields = parse_object(message, is_text=True)
        except DomainError:
            return Taken.NO
        action = fields.get("action")
        quick = self.actions.quick.get(action) if type(action) is str else None
        return Taken.NO if quick is None else quick(fields, message, self, later)

    def closed(self, code: int) -> None:
        """Tell the platform that the connection is gone."""
        self.actions.closed(self)
        log.info("connection.closed", connectionId=self.connection_id, close_code=code)

    def settle(self) -> None:
        """Let pushes that waited for a possible `resume` go; later calls do nothing."""
        if self.feed is not None:
            self.feed.release(self, self.baseline)

    def _handled(self, command: Command, fields: dict[str, Any]) -> Contract | None:
        request_id, action = request_id_of(fields) or self.ports.ids.new(), str(fields.get("action"))
        began = time.monotonic()
        with (
            correlated(request_id, connectionId=self.connection_id),
            traced(action, Kind.SERVER, Parent(trace_id_of(request_id))),
        ):
            answer = self.actions.handlers[type(command)](command, self)
            if action not in _UNTOLD:
                log.info("frame", action=action, took_ms=round((time.monotonic() - began) * 1000, 1))
        return answer

    def _tally(self, fields: dict[str, Any], outcome: str) -> None:
        action = fields.get("action")
        known = action if isinstance(action, str) and action in self.actions.commands else UNKNOWN
        TALLY.frames[known, outcome] += 1

    def _settle(self, command: Command) -> None:
        if not isinstance(command, ResumeRoom):
            self.settle()

    def answer(self, contract: Contract) -> None:
        """Send an answer to this connection."""
        self.connection.send(frame_of(contract))

    def refuse(self, problem: DomainError, request_id: str | None, action: object = None) -> None:
        """Send a refusal to this connection, in the form that the action's answers have."""
        language = self.holder.language
        refusal = self.actions.refusals.get(action) if request_id and isinstance(action, str) else None
        if refusal is not None and request_id is not None:
            self.connection.send(refusal(problem, language, request_id))
        else:
            self.connection.send(error_frame(problem, language, request_id))
