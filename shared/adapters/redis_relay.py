"""Redis commands with callbacks for their replies, so that the event loop itself may send them."""

import time
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

import redis
from redis.exceptions import RedisError

from shared.adapters.redis_grouped import ANSWER_SECONDS, settled, unavailable
from shared.adapters.redis_link import carrier_of, pack
from shared.kernel.isolation import isolated
from shared.kernel.loops import forever
from shared.kernel.pacing import Pace

Told = Callable[[Any], None]
_GROUP = 500
PACE_SECONDS = 0.008
IDLE_SECONDS = 0.5
_WATCH_SECONDS = 0.1
_TELLING = isolated("relay.callback_failed")  # made once: there is a callback for every command


class _Asked(NamedTuple):
    command: tuple[Any, ...]
    packed: bytes
    told: Told


class RedisRelay:
    """Carries commands over one connection of its own in their order: while a group is on its way the next gathers.

    The first after a silence leaves at once; while there are more, groups leave 8 ms apart, at the same moments of the
    machine's clock in all its processes: a group costs this process and Redis much the same whether it holds one
    command or ten, and what Redis gets from several processes at once it sends on at once.

    A caller that waits for its reply costs a greenlet and two switches; a callback costs neither. All callbacks are
    called in the relay's own thread (a greenlet in the gateway), in the order of the commands.
    """

    def __init__(self, client: redis.Redis) -> None:
        """Use a client of redis-py; nothing connects before the first command."""
        self._carrier = carrier_of(client, has_deadlines=False)
        self._asked: deque[_Asked] = deque()
        self._pace = Pace("redis-relay", self._asked, due=self._due, hand_on=self._carry_next)
        self._carried_since: float | None = None
        self._carried_at, self._due_at, self._rested = 0.0, 0.0, 0.0
        self.is_running = False

    def start(self) -> None:
        """Begin to carry; call it after the fork, and not on the event loop. A second time does nothing."""
        if not self.is_running:
            self.is_running = True
            self._pace.start()
            forever("redis-relay-watch", self._watch, _WATCH_SECONDS)

    def submit(self, command: tuple[Any, ...], told: Told, *, in_no_hurry: bool = False) -> None:
        """Send a command soon; never blocks. In no hurry, it goes with the next group, or in half a second.

        `told` is called once: with the reply, with the ResponseError that Redis refused the command by, or with
        Unavailable where there was no reply in time; whether it was carried out is unknown then. It must not block.
        """
        self._asked.append(_Asked(command, pack(command), told))
        if self._pace.is_resting and not in_no_hurry:
            self._pace.wake()

    def _due(self) -> float:
        self._due_at = (self._carried_at // PACE_SECONDS + 1) * PACE_SECONDS
        return self._due_at

    def _carry_next(self, _has_waited: bool) -> None:
        self._carried_at = max(self._due_at, time.monotonic())
        self._carry([self._asked.popleft() for _ in range(min(_GROUP, len(self._asked)))])

    def _watch(self) -> None:
        """Keep the deadlines of groups and of what is in no hurry: cheaper than a timer for every wait."""
        self._rested = self._rested + _WATCH_SECONDS if self._pace.is_resting and self._asked else 0.0
        if self._rested >= IDLE_SECONDS - _WATCH_SECONDS:
            self._pace.wake()
        since = self._carried_since
        if since is not None and time.monotonic() - since >= ANSWER_SECONDS - _WATCH_SECONDS:
            self._carrier.break_off()

    def _carry(self, group: list[_Asked]) -> None:
        replies: list[Any] = [unavailable(None)] * len(group)  # every sender is told something, whatever happens
        self._carried_since = time.monotonic()
        with isolated("relay.failed", commands=len(group)):
            replies = self._exchanged(group)
        self._carried_since = None
        for one, reply in zip(group, replies, strict=True):
            with _TELLING:
                one.told(settled(reply))

    def _exchanged(self, group: list[_Asked]) -> list[Any]:
        try:
            return self._carrier.exchange(b"".join([one.packed for one in group]), [one.command for one in group])
        except (RedisError, OSError) as problem:
            return [unavailable(problem)] * len(group)
