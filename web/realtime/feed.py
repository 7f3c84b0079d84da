"""One topic in this process: who listens, how far its sequence was heard, and the fan-out."""

import time
from collections import deque
from typing import NamedTuple, Protocol

from web.realtime.sockets.port import Connection, Frame

MANY = 500
_SENDS_A_TURN = 200


class Member(Protocol):
    """A connection as the hub sees it."""

    user_id: str
    connection: Connection

    @property
    def is_channel(self) -> bool:
        """Tell whether this is a user's own channel, which confirms what it takes."""

    def matches(self, only: dict[str, str]) -> bool:
        """Tell whether an order to close means this connection."""


class Pushed(NamedTuple):
    """A frame for a topic's listeners, but one user's; `seq` is 0 where it has no place in the room's order."""

    frame: Frame
    seq: int = 0
    except_user: str | None = None

    def concerns(self, member: Member) -> bool:
        """Tell whether a listener gets it."""
        return self.except_user is None or member.user_id != self.except_user


class Feed:
    """One topic: who listens here, and how far its sequence was heard.

    `held` are listeners that are being brought up to date: what is pushed meanwhile waits for them. A push to many
    gives way to the event loop as it goes; what is pushed to the same topic meanwhile comes after it.
    """

    __slots__ = (
        "_following",
        "_pending",
        "_present",
        "epoch",
        "held",
        "is_behind",
        "is_catching_up",
        "left_at",
        "members",
        "seq",
        "topic",
    )

    def __init__(self, topic: str) -> None:
        """Begin with nobody."""
        self.topic = topic
        self.members: set[Member] = set()
        self.held: dict[Member, list[Pushed]] = {}
        self.epoch: str | None = None
        self.seq = 0
        self.is_catching_up = self.is_behind = False
        self.left_at = 0.0
        self._following: deque[Pushed] | None = None
        self._present: Pushed | None = None
        self._pending: set[Member] = set()

    @property
    def is_empty(self) -> bool:
        """Tell whether nobody listens."""
        return not self.members and not self.held

    @property
    def is_pushing(self) -> bool:
        """Tell whether a push is under way, in another greenlet."""
        return self._following is not None

    def push(self, frame: Frame, *, seq: int = 0, except_user: str | None = None) -> None:
        """Send a frame to all who listen, and let it wait for those who are held; the arguments are those of Pushed."""
        if self._following is not None:
            self._following.append(Pushed(frame, seq, except_user))
        elif len(self.members) < MANY:
            if self.held:
                self._keep(Pushed(frame, seq, except_user))
            for member in tuple(self.members):  # a plain socket's lock may let others come and go
                if except_user is None or member.user_id != except_user:
                    member.connection.send(frame)
        else:
            self._push_to_many(Pushed(frame, seq, except_user))

    def hold(self, member: Member) -> None:
        """Let pushes wait for a member until `release`, also the one that is on its way to it."""
        if member not in self.members:
            return
        self.members.discard(member)
        waiting = self.held[member] = []
        if member in self._pending and self._present is not None:
            self._pending.discard(member)
            waiting.append(self._present)

    def release(self, member: Member, *, after: int) -> None:
        """Push what waited for a member, but nothing up to a sequence number, and go on as usual."""
        waiting = self.held.pop(member, None)
        if waiting is None:
            return
        for pushed in waiting:
            if pushed.seq == 0 or pushed.seq > after:
                member.connection.send(pushed.frame)
        self.members.add(member)

    def leave(self, member: Member) -> None:
        """Forget a listener."""
        self.members.discard(member)
        self._pending.discard(member)
        self.held.pop(member, None)

    def _keep(self, pushed: Pushed) -> None:
        for member, waiting in self.held.items():
            if pushed.concerns(member):
                waiting.append(pushed)

    def _push_to_many(self, pushed: Pushed) -> None:
        following = self._following = deque([pushed])
        try:
            while following:
                self._present = following.popleft()
                self._keep(self._present)
                self._pending = {member for member in self.members if self._present.concerns(member)}
                self._serve(self._present.frame)
        finally:
            self._following = self._present = None
            self._pending = set()

    def _serve(self, frame: Frame) -> None:
        sent = 0
        while self._pending:
            self._pending.pop().connection.send(frame)
            sent += 1
            if sent % _SENDS_A_TURN == 0:
                time.sleep(0)
