"""Places for outside calls, counted in Redis; while it is away each process keeps to its share."""

import random
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from shared.adapters.cooldown import Cooldown
from shared.adapters.metrics.meters import METERS, Meters
from shared.adapters.redis_grouped import GroupedRedis, Script
from shared.kernel.errors import Unavailable

LEASE_SECONDS = 45.0
"""Longer than any call with its tries; a place held by a process that died is free again after it."""
PATIENCE_SECONDS = 15.0
FORGET_SECONDS = 600.0
REST_SECONDS = 2.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.01, 0.25

_TAKE = Script("take_slot")


class RedisSlots:
    """The port Slots. The share of a process is the places divided by the processes that Redis last knew of."""

    def __init__(
        self,
        redis: GroupedRedis,
        name: str,
        places: int,
        *,
        patience: float = PATIENCE_SECONDS,
        lease: float = LEASE_SECONDS,
        shown_as: str = "",
        meters: Meters = METERS,
    ) -> None:
        """Count the places of one service; its name is in the keys. `lease` is longer than a place is ever held.

        Two of one service in a process have names of their own in metrics, by `shown_as`.
        """
        self._name, self._metrics = shown_as or name, meters
        self._held: set[str] = set()
        meters.watch("slots_in_use", lambda: [({"service": self._name}, len(self._held))])
        self._redis, self._places, self._patience, self._lease = redis, places, patience, lease
        self._keys = [f"slots:{{{name}}}:held", f"slots:{{{name}}}:processes"]
        self._process = uuid.uuid4().hex
        self._others = 1
        self._held_alone = 0
        self._lock = threading.Lock()
        self._cooldown = Cooldown(REST_SECONDS)

    @contextmanager
    def taking(self) -> Iterator[None]:
        """Hold one place while the block runs, waiting for it where all are taken."""
        holder = f"{self._process}:{uuid.uuid4().hex}"
        is_shared = self._measured(holder)
        try:
            yield
        finally:
            self._held.discard(holder)
            self._free(holder, is_shared=is_shared)

    def _measured(self, holder: str) -> bool:
        began = time.perf_counter()
        try:
            is_shared = self._await(holder)
        except Unavailable:
            self._metrics.count("slots_refused", service=self._name)
            raise
        self._held.add(holder)
        self._metrics.observe("slot_wait_seconds", time.perf_counter() - began, service=self._name)
        return is_shared

    def _await(self, holder: str) -> bool:
        """Return once a place is ours; tell whether Redis knows of it.

        Raises:
            Unavailable: none became free in time.
        """
        deadline, pause = time.monotonic() + self._patience, _FIRST_PAUSE
        while True:
            is_shared = not self._cooldown.is_resting
            try:
                if self._take(holder) if is_shared else self._take_alone():
                    return is_shared
            except Unavailable:
                self._cooldown.failed()
                continue
            if time.monotonic() > deadline:
                raise Unavailable("Too much is being done at once.", "요청이 많습니다. 잠시 후 다시 시도해 주세요.")
            time.sleep(random.uniform(pause / 2, pause))
            pause = min(_LONGEST_PAUSE, pause * 2)

    def _take(self, holder: str) -> bool:
        lease, forget = int(self._lease * 1000), int(FORGET_SECONDS * 1000)
        taken, self._others = self._redis.run(_TAKE, self._keys, [holder, self._process, self._places, lease, forget])
        return bool(taken)

    def _take_alone(self) -> bool:
        share = max(1, self._places // max(1, self._others))
        with self._lock:
            if self._held_alone >= share:
                return False
            self._held_alone += 1
        return True

    def _free(self, holder: str, *, is_shared: bool) -> None:
        if is_shared:
            with suppress(Unavailable):  # then its lease ends by itself
                self._redis.call("ZREM", self._keys[0], holder)
            return
        with self._lock:
            self._held_alone -= 1
