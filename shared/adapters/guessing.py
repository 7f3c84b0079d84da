"""How often somebody may be wrong about a password or a code: counted in Redis, in this process while it is away."""

import hashlib
import time
from collections.abc import Callable
from typing import Protocol, TypeVar

from shared.adapters.cooldown import Cooldown
from shared.adapters.redis_grouped import GroupedRedis
from shared.domains.accounts.models import Origin
from shared.kernel.errors import RateLimited, Unavailable

FREE_TRIES = 10
LONGEST_WAIT_SECONDS = 900
FREE_TRIES_FROM_ONE_ADDRESS = 300
KEEP_SECONDS = 3600
KNOWN_SECONDS = 180 * 24 * 3600
MAILS_TO_ONE, MAILS_FROM_ONE = 10, 3_000
REST_SECONDS = 2.0
MOST_REMEMBERED = 50_000

Answer = TypeVar("Answer")


class Counters(Protocol):
    """Numbers that expire."""

    def add(self, key: str, seconds: int) -> int:
        """Add one, let it live so many seconds from now, and return it."""

    def mark(self, key: str, seconds: int) -> bool:
        """Set a mark for so many seconds, and tell whether it was set before."""

    def left(self, key: str) -> int:
        """Return the whole seconds that a mark or number lives still, 0 without one."""

    def drop(self, key: str) -> None:
        """Forget a number."""


class RedisCounters:
    """Counters over all processes."""

    def __init__(self, redis: GroupedRedis) -> None:
        """Use grouped commands."""
        self._redis = redis

    def add(self, key: str, seconds: int) -> int:
        """Add one, let it live so many seconds from now, and return it."""
        number, _ = self._redis.calls([("INCR", key), ("EXPIRE", key, seconds)])
        return int(number)

    def mark(self, key: str, seconds: int) -> bool:
        """Set a mark for so many seconds, and tell whether it was set before."""
        existed, _ = self._redis.calls([("EXISTS", key), ("SET", key, 1, "EX", seconds)])
        return bool(existed)

    def left(self, key: str) -> int:
        """Return the whole seconds that it lives still."""
        return max(0, int(self._redis.call("TTL", key)))

    def drop(self, key: str) -> None:
        """Forget a number."""
        self._redis.call("DEL", key)


class ProcessCounters:
    """Counters of this process alone; the oldest go first where there are too many."""

    def __init__(self) -> None:
        """Begin with none."""
        self._known: dict[str, tuple[int, float]] = {}

    def add(self, key: str, seconds: int) -> int:
        """Add one, let it live so many seconds from now, and return it."""
        number = self._known[key][0] + 1 if self.left(key) else 1
        self._keep(key, number, seconds)
        return number

    def mark(self, key: str, seconds: int) -> bool:
        """Set a mark for so many seconds, and tell whether it was set before."""
        was_set = self.left(key) > 0
        self._keep(key, 1, seconds)
        return was_set

    def left(self, key: str) -> int:
        """Return the whole seconds that it lives still."""
        until = self._known.get(key, (0, 0.0))[1]
        return max(0, round(until - time.monotonic() + 0.5))

    def drop(self, key: str) -> None:
        """Forget a number."""
        self._known.pop(key, None)

    def _keep(self, key: str, number: int, seconds: int) -> None:
        self._known.pop(key, None)
        if len(self._known) >= MOST_REMEMBERED:
            self._known.pop(next(iter(self._known)))
        self._known[key] = (number, time.monotonic() + seconds)


class CountedGuessing:
    """The port Guessing."""

    def __init__(self, together: Counters) -> None:
        """Count by these, and alone while they do not answer."""
        self._together = together
        self._alone = ProcessCounters()
        self._cooldown = Cooldown(REST_SECONDS)

    def admit(self, kind: str, email: str, origin: Origin) -> None:
        """Let a try pass, or raise RateLimited."""
        key = self._key(kind, email, origin)
        wait = self._ask(lambda counters: counters.left(f"{key}:wait"))
        if not wait and not self._is_known(email, origin):
            wait = self._ask(lambda counters: counters.left(_address(origin, "wait")))
        if wait:
            raise RateLimited(
                "Too many wrong tries; try again later.",
                "시도 횟수가 너무 많습니다. 잠시 후 다시 시도해 주세요.",
                retry_after=wait,
            )

    def failed(self, kind: str, email: str, origin: Origin) -> None:
        """Count a wrong try."""
        key = self._key(kind, email, origin)
        self._count(key, f"{key}:wait", FREE_TRIES)
        self._count(_address(origin, "failed"), _address(origin, "wait"), FREE_TRIES_FROM_ONE_ADDRESS)

    def succeeded(self, email: str, origin: Origin) -> bool:
        """Know the device from now on, and tell whether it was known before; what was wrong from it is forgotten."""
        was_known = False
        for device in _devices(email, origin):
            self._ask(lambda counters, key=f"guess:{device}": counters.drop(key))  # type: ignore[misc]
            known = self._ask(lambda counters, key=f"known:{device}": counters.mark(key, KNOWN_SECONDS))  # type: ignore[misc]
            was_known = was_known or known
        return was_known

    def may_mail(self, email: str, origin: Origin) -> bool:
        """Count a mail to an address, and tell whether it may be sent."""
        to = self._ask(lambda counters: counters.add(f"mail:{_digest(email)}", KEEP_SECONDS))
        asked_from = self._ask(lambda counters: counters.add(_address(origin, "mails"), KEEP_SECONDS))
        return to <= MAILS_TO_ONE and asked_from <= MAILS_FROM_ONE

    def _count(self, key: str, wait_key: str, free: int) -> None:
        number = self._ask(lambda counters: counters.add(key, KEEP_SECONDS))
        if number >= free:
            wait = min(2 ** min(number - free, 20), LONGEST_WAIT_SECONDS)
            self._ask(lambda counters: counters.mark(wait_key, wait))

    def _key(self, kind: str, email: str, origin: Origin) -> str:
        """Return what tries are counted under: a device that is known has a count of its own."""
        for device in _devices(email, origin):
            if self._ask(lambda counters, key=f"known:{device}": counters.left(key)):  # type: ignore[misc]
                return f"guess:{kind}:{device}"
        return f"guess:{kind}:{_digest(email)}"

    def _is_known(self, email: str, origin: Origin) -> bool:
        return any(
            self._ask(lambda counters, key=f"known:{device}": counters.left(key))  # type: ignore[misc]
            for device in _devices(email, origin)
        )

    def _ask(self, call: Callable[[Counters], Answer]) -> Answer:
        if not self._cooldown.is_resting:
            try:
                return call(self._together)
            except Unavailable:
                self._cooldown.failed()
        return call(self._alone)


def _devices(email: str, origin: Origin) -> list[str]:
    """Return what may be known of where a call comes from: what the device keeps, and its address."""
    return [_digest(email, part) for part in (origin.device, origin.address) if part]


def _address(origin: Origin, what: str) -> str:
    return f"guess-from:{{{_digest(origin.address)}}}:{what}"


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
