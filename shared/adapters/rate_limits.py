"""Limits over all processes, by the `limits` library on Redis; in this process's memory while Redis is away."""

import math
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from typing import Any, TypeVar

import redis
from limits import RateLimitItem, RateLimitItemPerSecond
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter

from shared.adapters.cooldown import Cooldown
from shared.adapters.redis_grouped import ANSWER_SECONDS, CONNECT_SECONDS
from shared.kernel.errors import RateLimited

GUESSES_PER_MINUTE = 10
ASKED_PER_PAIR = 5
ASKED_PER_STUDENT = 50
ROOMS_COUNTED = 320
DAY_SECONDS = 86_400
REST_SECONDS = 2.0
Answer = TypeVar("Answer")


class RateLimits:
    """Moving windows: at most so many hits in any window."""

    def __init__(self, redis_url: str) -> None:
        """Count at a Redis."""
        self._url = redis_url
        self._alone = MovingWindowRateLimiter(MemoryStorage())
        self._cooldown = Cooldown(REST_SECONDS)

    @cached_property
    def _together(self) -> MovingWindowRateLimiter:
        options: dict[str, Any] = {"socket_connect_timeout": CONNECT_SECONDS, "socket_timeout": ANSWER_SECONDS}
        return MovingWindowRateLimiter(RedisStorage(self._url, wrap_exceptions=False, **options))

    def check(self, name: str, who: str, *, allowed: int, seconds: int, cost: int = 1) -> None:
        """Count one hit of somebody, or as many as it costs, all or none.

        Raises:
            RateLimited: too many in the window; retry_after says when one is free again.
        """
        limit = RateLimitItemPerSecond(allowed, seconds)
        return self._asked(self._check, limit, name, who, cost)

    def count(self, name: str, who: str, *, most: int, seconds: int) -> int:
        """Count one hit of somebody, and return how many that makes in the window; never more than `most`."""
        limit = RateLimitItemPerSecond(most, seconds)
        return self._asked(self._count, limit, name, who)

    def require(self, name: str, who: str, *, allowed: int, seconds: int) -> None:
        """Raise RateLimited where the window has no hit left for somebody; nothing is counted."""
        limit = RateLimitItemPerSecond(allowed, seconds)
        return self._asked(self._require, limit, name, who)

    def _asked(self, ask: Callable[..., Answer], *about: Any) -> Answer:
        """Ask all processes' memory, or this process's own where Redis does not answer."""
        if not self._cooldown.is_resting:
            try:
                return ask(self._together, *about)
            except (redis.RedisError, OSError):
                self._cooldown.failed()
        return ask(self._alone, *about)

    def _count(self, limiter: MovingWindowRateLimiter, limit: RateLimitItem, name: str, who: str) -> int:
        limiter.hit(limit, name, who)
        return limit.amount - limiter.get_window_stats(limit, name, who).remaining

    def _require(self, limiter: MovingWindowRateLimiter, limit: RateLimitItem, name: str, who: str) -> None:
        if not limiter.test(limit, name, who):
            raise self._refusal(limiter, limit, name, who)

    def _check(self, limiter: MovingWindowRateLimiter, limit: RateLimitItem, name: str, who: str, cost: int) -> None:
        if limiter.hit(limit, name, who, cost=cost):
            return
        raise self._refusal(limiter, limit, name, who)

    def _refusal(self, limiter: MovingWindowRateLimiter, limit: RateLimitItem, name: str, who: str) -> RateLimited:
        free_at = limiter.get_window_stats(limit, name, who).reset_time
        return RateLimited(
            "Too many requests; try again later.",
            "요청이 너무 많습니다. 잠시 후 다시 시도해 주세요.",
            retry_after=max(1, math.ceil(free_at - time.time())),
        )


class GuessLimits:
    """The port GuessLimit: by user and room, so that nobody can lock a room for others."""

    def __init__(self, limits: RateLimits) -> None:
        """Count by the given limits."""
        self._limits = limits

    def check(self, user_id: str, room_id: str) -> None:
        """Count one guess, or raise RateLimited."""
        self._limits.check("guess", f"{user_id}:{room_id}", allowed=GUESSES_PER_MINUTE, seconds=60)


class RoomsMadeLately:
    """The port RoomsMade."""

    def __init__(self, limits: RateLimits) -> None:
        """Count by the given limits."""
        self._limits = limits

    def count(self, user_id: str) -> int:
        """Count one more, and return how many that makes in a day."""
        return self._limits.count("rooms-made", user_id, most=ROOMS_COUNTED, seconds=DAY_SECONDS)


class PartnerLimits:
    """The port TurnRate: requests to the AI partner by user, over frames and REST together."""

    def __init__(self, limits: RateLimits, allowed: int) -> None:
        """Allow so many in any minute."""
        self._limits, self._allowed = limits, allowed

    def check(self, user_id: str) -> None:
        """Count one request, or raise RateLimited."""
        self._limits.check("partner", user_id, allowed=self._allowed, seconds=60)


class TutorRequestLimits:
    """The port AskingRate."""

    def __init__(self, limits: RateLimits) -> None:
        """Count by the given limits."""
        self._limits = limits

    def check(self, tutor_id: str, student_id: str) -> None:
        """Raise RateLimited where too many were counted."""
        for name, who, allowed in _asking(tutor_id, student_id):
            self._limits.require(name, who, allowed=allowed, seconds=DAY_SECONDS)

    def count(self, tutor_id: str, student_id: str) -> None:
        """Count one request that was stored; of two at once both count, though that is one too many."""
        for name, who, allowed in _asking(tutor_id, student_id):
            with suppress(RateLimited):
                self._limits.check(name, who, allowed=allowed, seconds=DAY_SECONDS)


def _asking(tutor_id: str, student_id: str) -> tuple[tuple[str, str, int], ...]:
    pair = f"{student_id}:{tutor_id}"
    return ("ask-tutor", pair, ASKED_PER_PAIR), ("ask-tutors", student_id, ASKED_PER_STUDENT)
