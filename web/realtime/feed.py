"""One topic in this process: its listeners, how far its sequence was heard, and the fan-out."""

import time
from collections import deque
from typing import Any, NamedTuple, Protocol, runtime_checkable

from shared.kernel.isolation import isolated
from shared.kernel.logs import get_log
from web.realtime.sockets.port import Closable, Connection, Frame
from web.realtime.tally import TALLY

MANY = 500
_SENDS_A_TURN = 200

log = get_log()


class Meant(Protocol):
    """What orders to close may mean."""

    def matches(self, only: dict[str, str]) -> bool:
        """Tell whether an order to close means this."""


class Member(Meant, Protocol):
    """An open WebSocket, as the hub sees it; what is pushed goes out as one frame."""

    user_id: str
    connection: Connection

    @property
    def is_channel(self) -> bool:
        """Tell whether this is a user's own channel, which confirms what it takes."""


class Waiter(Protocol):
    """Something in this process that waits for what is pushed to a topic."""

    def push(self, payload: bytes) -> None:
        """Take what was pushed, as JSON; it must not block."""


@runtime_checkable
class ClosableWaiter(Meant, Closable, Protocol):
    """A waiter that orders to close may mean."""


class Pushed(NamedTuple):
    """A frame for a topic's members, but one user's; `seq` is 0 where it has no place in the order of its epoch."""

    frame: Frame
    seq: int
    except_user: str | None
    epoch: str | None

    def concerns(self, member: Member) -> bool:
        """Tell whether a member gets it."""
        return self.except_user is None or member.user_id != self.except_user


class Mark(NamedTuple):
    """How far a member was told already, from the room's log: up to `seq` of that epoch it is pushed nothing more."""

    epoch: str | None
    seq: int

    def covers(self, pushed: Pushed) -> bool:
        """Tell whether that was told already."""
        return 0 < pushed.seq <= self.seq and pushed.epoch == self.epoch


NOTHING_TOLD = Mark(None, 0)


class _Held:
    """What waits for a member that is being brought up to date, and how far it was told before that."""

    __slots__ = ("mark", "waiting")

    def __init__(self, mark: Mark) -> None:
        self.mark = mark
        self.waiting: list[Pushed] = []


class Feed:
    """One topic: its listeners here, and how far its sequence was heard.

    A member is in one of three states. Of `members`, everything is pushed to each. For one that is held, what is pushed
    waits. One that is ahead was told by the room's log what this feed has not heard yet: the log and the bus are two
    connections, and either may be the quicker. It is passed over until the feed has come as far.

    A push to many gives way to the event loop as it goes; what is pushed to the same topic meanwhile comes after it.
    """

    __slots__ = (
        "_ahead",
        "_following",
        "_held",
        "_pending",
        "_present",
        "epoch",
        "is_behind",
        "is_catching_up",
        "left_at",
        "members",
        "seq",
        "topic",
        "waiters",
    )

    def __init__(self, topic: str) -> None:
        """Begin with nobody."""
        self.topic = topic
        self.members: set[Member] = set()
        self.waiters: set[Waiter] = set()
        self.epoch: str | None = None
        self.seq = 0
        self.is_catching_up = self.is_behind = False
        self.left_at = 0.0
        self._held: dict[Member, _Held] = {}
        self._ahead: dict[Member, Mark] = {}
        self._following: deque[Pushed] | None = None
        self._present: Pushed | None = None
        self._pending: set[Member] = set()

    @property
    def is_empty(self) -> bool:
        """Tell whether nobody listens."""
        return not (self.members or self._held or self._ahead or self.waiters)

    @property
    def is_pushing(self) -> bool:
        """Tell whether a push is under way, in another greenlet."""
        return self._following is not None

    def everybody(self) -> list[Member]:
        """Return all members, in whichever state."""
        return [*self.members, *self._held, *self._ahead]

    def push(self, payload: bytes, *, seq: int = 0, except_user: str | None = None) -> None:
        """Push to all who listen, and let it wait for those who are held; the arguments are those of Pushed."""
        if self.waiters:
            self._wake(payload)
            if not (self.members or self._held or self._ahead):
                return  # nobody needs a frame
        frame = Frame.text(payload)
        if self._following is not None:
            self._following.append(Pushed(frame, seq, except_user, self.epoch))
        elif len(self.members) < MANY:
            if self._held or self._ahead:
                self._keep(Pushed(frame, seq, except_user, self.epoch))
            sent = 0
            for member in tuple(self.members):
                if except_user is None or member.user_id != except_user:
                    member.connection.send(frame)
                    sent += 1
            TALLY.deliveries += sent
            if self._ahead:
                self._let_in()
        else:
            self._push_to_many(Pushed(frame, seq, except_user, self.epoch))

    def begin(self, epoch: str, seq: int) -> None:
        """Stand at a place of an epoch; what a member was told of another one counts no more."""
        self.epoch, self.seq = epoch, seq
        for member, mark in list(self._ahead.items()):
            if mark.epoch != epoch:
                self._join(member)

    def hold(self, member: Member) -> None:
        """Let pushes wait for a member until `release`, also the one that is on its way to it."""
        if member in self._held:
            return
        self._held[member] = held = _Held(self._ahead.pop(member, NOTHING_TOLD))
        if member in self.members:
            self.members.discard(member)
            if member in self._pending and self._present is not None:
                self._pending.discard(member)
                held.waiting.append(self._present)

    def release(self, member: Member, told: Mark = NOTHING_TOLD) -> None:
        """Push what waited for a member but what it was told already, and go on as usual; again does nothing."""
        held = self._held.pop(member, None)
        if held is None:
            return
        mark = told if told.seq else held.mark
        for pushed in held.waiting:
            if not mark.covers(pushed):
                member.connection.send(pushed.frame)
        if self._has_reached(mark):
            self._join(member)
        else:
            self._ahead[member] = mark

    def show_held(self, member: Member) -> None:
        """Push what waits for a member and has no place in the order: why it is closed must not wait for `release`."""
        held = self._held.get(member)
        for pushed in held.waiting if held is not None else ():
            if pushed.seq == 0:
                member.connection.send(pushed.frame)

    def leave(self, member: Member | Waiter) -> None:
        """Forget a member or a waiter."""
        gone: Any = member
        self.waiters.discard(gone)
        self.members.discard(gone)
        self._pending.discard(gone)
        self._held.pop(gone, None)
        self._ahead.pop(gone, None)

    def _has_reached(self, mark: Mark) -> bool:
        return mark.seq == 0 or (mark.epoch == self.epoch and mark.seq <= self.seq)

    def _join(self, member: Member) -> None:
        self._ahead.pop(member, None)
        self.members.add(member)

    def _wake(self, payload: bytes) -> None:
        for waiter in tuple(self.waiters):
            with isolated("push.not_taken", topic=self.topic):  # what one cannot read is not kept from the others
                waiter.push(payload)

    def _keep(self, pushed: Pushed) -> None:
        """Let a push wait for those who are held, and pass it to those who are ahead where they were not told."""
        for member, held in self._held.items():
            if pushed.concerns(member):
                held.waiting.append(pushed)
        for member, mark in list(self._ahead.items()):
            if pushed.concerns(member) and not mark.covers(pushed):
                member.connection.send(pushed.frame)

    def _let_in(self) -> None:
        """Let those be members like others whom the feed has overtaken."""
        for member, mark in list(self._ahead.items()):
            if self._has_reached(mark):
                self._join(member)

    def _push_to_many(self, pushed: Pushed) -> None:
        following = self._following = deque([pushed])
        try:
            while following:
                self._present = following.popleft()
                self._keep(self._present)
                self._pending = {member for member in self.members if self._present.concerns(member)}
                self._serve(self._present.frame)
                self._let_in()
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
        TALLY.deliveries += sent
