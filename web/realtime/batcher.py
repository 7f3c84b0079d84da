"""Micro-batches: what gathers while a job is on its way to the queue is the next job."""

import threading
import time
import uuid
from collections import deque
from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

from shared.kernel.errors import DomainError, Unavailable
from shared.kernel.isolation import isolated
from shared.kernel.logs import correlated, get_log
from shared.kernel.pacing import Pace
from shared.kernel.tracing import Parent, is_traced, record_span, trace_id_of, traced

Item = TypeVar("Item")
Completion = Callable[[DomainError | None], None]


_QUIET = 0.5
"""Fraction of the linger after which an item counts as the start of a quiet period."""
_SOON_SECONDS = 0.001
_TELLING = isolated("batch.callback_failed")  # made once: there is a callback for every message

log = get_log()


class _Waiting(NamedTuple):
    item: object
    size: int
    done: Completion
    since: float
    request_id: str | None


class MicroBatcher(Generic[Item]):
    """Hands items on in groups, in their order, from a thread of its own (a greenlet in the gateway).

    An item that comes in a quiet moment leaves at once: half a `linger_seconds` after the last group, or where that
    one found no company. Otherwise it is the first of a group, which leaves `linger_seconds` later, or when it is full.
    A send costs the same CPU and the same calls whatever its size, so this bounds what persistence costs; and an
    acknowledgement waits for a linger at most, besides the sends.
    """

    def __init__(
        self,
        send: Callable[[list[Item]], None],
        *,
        linger_seconds: float,
        most_items: int,
        most_bytes: int,
        size_of: Callable[[Item], int],
        sent: Callable[[int, float], None] = lambda _items, _seconds: None,
        name_of: Callable[[Item], str] = lambda _item: "",
    ) -> None:
        """Send groups by `send`, which raises Unavailable where it could not.

        `sent` is told of each group that the queue has: its items, and the seconds since its first came. `name_of`
        tells by which name an item is found in the store.
        """
        self._send, self._sent, self._name_of = send, sent, name_of
        self._linger = linger_seconds
        self._most_items = most_items
        self._most_bytes = most_bytes
        self._size_of = size_of
        self._waiting: deque[_Waiting] = deque()
        self._idle = threading.Event()
        self._idle.set()
        self._left_at = 0.0
        self._was_vain = False
        self._pace = Pace("batcher", self._waiting, due=self._due, hand_on=self._send_next, rests=self._idle.set)

    def start(self) -> None:
        """Begin to send."""
        self._pace.start()

    def add(self, item: Item, done: Completion, request_id: str | None = None) -> None:
        """Take an item; `done` is called once, with None when the queue has it, else with the error.

        A request's id stays joined to what becomes of its item: an item that leaves alone leaves under it, and a group
        has an id of its own, under which one line names those of its members.
        """
        self._waiting.append(_Waiting(item, self._size_of(item), done, time.monotonic(), request_id))
        if self._pace.is_resting:
            self._idle.clear()
            self._pace.wake()

    def flush(self, seconds: float) -> bool:
        """Wait until all that was taken is sent; tell whether it was in time."""
        until = time.monotonic() + seconds
        while self._idle.wait(max(0.0, until - time.monotonic())):
            if not self._waiting:
                return True
            time.sleep(_SOON_SECONDS)  # it came while nobody rested: the loop is about to take it
        return False

    def stop(self) -> None:
        """End after what is waiting was sent."""
        self._pace.stop()

    def _due(self) -> float:
        """Return when the next group leaves: at once where it is full, or the last one."""
        since = self._waiting[0].since
        is_quiet = self._was_vain or since - self._left_at >= self._linger * _QUIET
        if is_quiet or self._pace.is_stopping or len(self._waiting) >= self._most_items:
            return since
        return since + self._linger

    def _send_next(self, has_waited: bool) -> None:
        self._idle.clear()
        group = self._take()
        self._left_at, self._was_vain = time.monotonic(), has_waited and len(group) == 1
        self._send_group(group)

    def _take(self) -> list[_Waiting]:
        group: list[_Waiting] = []
        size = 0
        while self._waiting and len(group) < self._most_items:
            size += self._waiting[0].size
            if group and size > self._most_bytes:
                break
            group.append(self._waiting.popleft())
        return group

    def _send_group(self, group: list[_Waiting]) -> None:
        # every sender is told something, whatever the send raises
        problem: DomainError | None = Unavailable(
            "The queue does not answer.", "대기열이 응답하지 않습니다.", retry_after=1
        )
        with isolated("batch.failed", items=len(group)):
            problem = self._problem_of(group)
        for waiting in group:
            self._tell(waiting, problem)
        if problem is None:
            with isolated("batch.not_measured"):
                _record(group)
                self._sent(len(group), time.monotonic() - group[0].since)

    def _problem_of(self, group: list[_Waiting]) -> DomainError | None:
        named = [waiting for waiting in group if waiting.request_id is not None]
        requests = [str(waiting.request_id) for waiting in named]
        request_id = requests[0] if len(group) == len(requests) == 1 else str(uuid.uuid4())
        try:
            with (
                correlated(request_id),
                traced("batch", parent=Parent(trace_id_of(request_id)), links=lambda: map(_place_of, requests)),
            ):
                self._send([waiting.item for waiting in group])  # type: ignore[misc]
                if requests:
                    names = [self._name_of(waiting.item) for waiting in named]  # type: ignore[arg-type]
                    log.info("batch.queued", items=len(group), requests=requests, names=names)
        except DomainError as problem:
            return problem
        return None

    def _tell(self, waiting: _Waiting, problem: DomainError | None) -> None:
        with _TELLING:  # one sender's callback must not keep the others from their answers
            waiting.done(problem)


def _place_of(request_id: str) -> Parent:
    return Parent(trace_id_of(request_id))


def _record(group: list[_Waiting]) -> None:
    if is_traced():
        now = time.monotonic()
        for waiting in group:
            if waiting.request_id is not None:
                record_span("sendMessage", waiting.request_id, now - waiting.since)
