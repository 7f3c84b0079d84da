"""All connections of a process that wait for turns: looked after, so that a push that is lost costs no answer."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from shared.domains.turns.models import Answer, Asked, Live
from shared.domains.turns.rules import reading, stopping
from shared.domains.turns.rules.request import Asking
from shared.kernel.errors import Unavailable
from shared.kernel.logs import get_log
from shared.kernel.loops import forever
from shared.kernel.topics import turn_topic
from web.realtime.hub import Hub
from web.realtime.turns import Asker, TurnWatch

ROUND_SECONDS = 2.0
QUIET_SECONDS = 3.0
TABLE_SECONDS = 6.0
LONGEST_SECONDS = 600.0
LOOKS_AT_ONCE = 8

log = get_log()


class Watches:
    """Watches by connection and requestId. A watch joins its topic first and reads the log then, so misses nothing.

    One without news for 3 s reads the log again, and asks the table every 6 s, so that an answer is told also where
    Redis was away or lost its memory. After 10 minutes it gives up with a failure that may pass.
    """

    def __init__(
        self,
        hub: Hub,
        asking: Asking,
        *,
        stop_seconds: float = stopping.STOP_SECONDS,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin with none; `now` gives seconds that only rise."""
        self._hub = hub
        self._asking = asking
        self._stop_seconds = stop_seconds
        self._now = now
        self._of: defaultdict[str, dict[str, TurnWatch]] = defaultdict(dict)
        self._looking: set[TurnWatch] = set()
        self._resting_until = 0.0
        self._stopped = threading.Event()

    def __len__(self) -> int:
        """Return how many wait."""
        return sum(map(len, self._of.values()))

    def start(self) -> None:
        """Look after them, in a thread of its own (a greenlet in the gateway)."""
        self._loop = forever("watches", self.round, ROUND_SECONDS)

    def stop(self) -> None:
        """Look after them no more; waiting clients ask another gateway."""
        self._stopped.set()

    def watch(self, asker: Asker, request_id: str, asked: Asked, *, stream: bool) -> None:
        """Have a connection told of a turn, unless it is already; blocks for a round trip or two."""
        own = self._of[asker.connection_id]
        if request_id in own:
            return
        watch = own[request_id] = TurnWatch(
            asker, request_id, asked, now=self._now, behind=self._look_soon, done=self._forget
        )
        if asked.answer is not None:
            watch.finish(asked.answer)
            return
        if stream:
            watch.stream()
        self._join(watch)
        self._look(watch)

    def has(self, asker: Asker, request_id: str) -> bool:
        """Tell whether a connection waits for a turn; nothing is asked."""
        return asker.connection_id in self._of and request_id in self._of[asker.connection_id]

    def again(self, asker: Asker, request_id: str, *, stream: bool) -> bool:
        """Tell a connection that waits for a turn its deltas from the beginning; False where it does not wait."""
        watch = self._of[asker.connection_id].get(request_id) if asker.connection_id in self._of else None
        if watch is None:
            return False
        if stream:
            watch.stream()
            self._look(watch)
        return True

    def leave(self, connection_id: str) -> None:
        """Forget a connection that is gone."""
        for watch in list(self._of.get(connection_id, {}).values()):
            watch.abandon()

    def end_soon(self, turn_id: str) -> None:
        """End a turn that was asked to stop, where no worker does so in time."""
        timer = threading.Timer(self._stop_seconds, self._end, [turn_id])
        timer.daemon = True
        timer.start()

    def round(self) -> None:
        """Look after those that have had no news for a while."""
        now = self._now()
        due = [watch for watch in self._all() if now - watch.news >= QUIET_SECONDS]
        if due:
            with ThreadPoolExecutor(LOOKS_AT_ONCE) as pool:
                list(pool.map(self._look_after, due))

    def _all(self) -> list[TurnWatch]:
        return [watch for own in self._of.values() for watch in own.values()]

    def _look_after(self, watch: TurnWatch) -> None:
        now = self._now()
        if not watch.is_joined:
            self._join(watch)
        self._look(watch)
        if not watch.is_over and now - watch.asked_table >= TABLE_SECONDS:
            watch.asked_table = now
            self._ask_table(watch)
        if now - watch.began >= LONGEST_SECONDS:
            watch.finish(Answer.failure(Unavailable.code))

    def _join(self, watch: TurnWatch) -> None:
        if self._now() < self._resting_until:
            return
        try:
            self._hub.wait(turn_topic(watch.turn_id), watch)
            watch.is_joined = True
        except Unavailable:
            self._rest()
            log.warning("turn.not_heard", turn_id=watch.turn_id)
        if watch.is_over:  # its connection went meanwhile
            self._leave(watch)

    def _look_soon(self, watch: TurnWatch) -> None:
        """Have the log read by somebody else than the hub, once at a time for each watch."""
        if watch not in self._looking:
            threading.Thread(target=self._look, args=(watch,), name="turn", daemon=True).start()

    def _look(self, watch: TurnWatch) -> None:
        self._looking.add(watch)
        try:
            live = self._read(watch.turn_id)
        finally:
            self._looking.discard(watch)
        watch.read(live)

    def _read(self, turn_id: str) -> Live | None:
        if self._now() < self._resting_until:
            return None
        try:
            return self._asking.log.read(turn_id)
        except Unavailable:
            self._rest()
            return None

    def _rest(self) -> None:
        """Ask Redis nothing for a moment: many wait, and each would wait for it in vain."""
        self._resting_until = self._now() + ROUND_SECONDS

    def _ask_table(self, watch: TurnWatch) -> None:
        try:
            answer = reading.answer_of(watch.turn_id, asking=self._asking)
        except Unavailable as problem:
            log.warning("turn.not_looked_up", turn_id=watch.turn_id, problem=problem.code)
            return
        if answer is not None:
            watch.finish(answer)

    def _end(self, turn_id: str) -> None:
        try:
            stopping.end_stopped(turn_id, asking=self._asking)
        except Unavailable as problem:
            log.warning("turn.not_stopped", turn_id=turn_id, problem=problem.code)
        for watch in self._all():
            if watch.turn_id == turn_id:
                self._look(watch)

    def _forget(self, watch: TurnWatch) -> None:
        connection_id = watch.asker.connection_id
        own = self._of.get(connection_id, {})
        if own.get(watch.request_id) is watch:
            del own[watch.request_id]
        if not own:
            self._of.pop(connection_id, None)
        if watch.is_joined:
            # Not in the greenlet that hears the bus: it must not wait for what it would have to read itself.
            threading.Thread(target=self._leave, args=(watch,), name="turn-left", daemon=True).start()

    def _leave(self, watch: TurnWatch) -> None:
        self._hub.leave(turn_topic(watch.turn_id), watch)
