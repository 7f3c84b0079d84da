"""What several greenlets or threads ask at a time, asked in one go."""

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from shared.kernel.errors import Unavailable
from shared.kernel.isolation import undoing

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")
Exchange = Callable[[list[Asked]], list[Answer | Exception]]
_NONE: Any = object()


class _Request(Generic[Asked, Answer]):
    """What one caller asks, and how it is woken: with its answer, or to ask for all who wait."""

    __slots__ = ("answer", "asked", "leads", "woken")

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.answer: Answer | Exception = _NONE
        self.leads = False
        self.woken: threading.Lock | None = None


class Grouping(Generic[Asked, Answer]):
    """Lets callers wait for their own answers while one of them asks for all: what comes meanwhile is the next group.

    Nobody waits for company. A caller that finds fewer than `at_once` groups under way asks at once; others gather,
    and as soon as a group is answered the oldest of them asks for all.
    """

    def __init__(
        self,
        exchange: Exchange[Asked, Answer],
        *,
        most: int,
        at_once: int = 1,
        size_of: Callable[[Asked], int] = lambda _asked: 1,
        gives_way: bool = False,
    ) -> None:
        """Ask by `exchange`, which returns an answer, or an error to raise, to each of a group in its order.

        A group ends once it has `most`, as counted by `size_of`. Who asks may give way to other greenlets first, so
        that whoever is ready joins.
        """
        self._exchange = exchange
        self._most, self._size_of = most, size_of
        self._at_once = at_once
        self._gives_way = gives_way
        # Guards what follows; a waiting caller has found all leaders busy.
        self._lock = threading.Lock()
        self._waiting: deque[_Request[Asked, Answer]] = deque()
        self._leaders = 0

    def ask(self, asked: Asked) -> Answer:
        """Return the answer, or raise the error that is in its place.

        Raises:
            Unavailable: the caller that asked for the group was ended meanwhile.
        """
        request: _Request[Asked, Answer] = _Request(asked)
        self._enqueue(request)
        if request.woken is not None:
            self._await(request, request.woken)
        if request.leads:
            self._lead(request)
        if isinstance(request.answer, Exception):
            raise request.answer
        return request.answer

    def _enqueue(self, request: _Request[Asked, Answer]) -> None:
        with self._lock:
            if self._leaders < self._at_once:
                self._leaders += 1
                request.leads = True
            else:
                request.woken = threading.Lock()
                request.woken.acquire()
                self._waiting.append(request)

    def _await(self, request: _Request[Asked, Answer], woken: threading.Lock) -> None:
        with undoing(self._leave, request):
            woken.acquire()

    def _leave(self, request: _Request[Asked, Answer]) -> None:
        """Take out a greenlet that is being killed: nobody may choose it to lead; if it leads already another must."""
        with self._lock:
            if request in self._waiting:
                self._waiting.remove(request)
            if request.leads:
                self._choose_leader()

    def _lead(self, request: _Request[Asked, Answer]) -> None:
        """Ask for this caller and those who wait, and let the next one lead."""
        group = [request]
        try:
            if self._gives_way:
                time.sleep(0)
            self._take(group)
            answers = self._exchange([one.asked for one in group])
            for one, answer in zip(group, answers, strict=True):
                one.answer = answer
        finally:
            # Also where this thread is being ended: the others must not wait for ever.
            for one in group:
                if one.answer is _NONE:
                    one.answer = Unavailable("Please try again.", "다시 시도해 주세요.", retry_after=1)
                if one is not request and one.woken is not None:
                    one.woken.release()
            with self._lock:
                self._choose_leader()

    def _take(self, group: list[_Request[Asked, Answer]]) -> None:
        size = self._size_of(group[0].asked)
        with self._lock:
            while self._waiting and size < self._most:
                group.append(self._waiting.popleft())
                size += self._size_of(group[-1].asked)

    def _choose_leader(self) -> None:
        if not self._waiting:
            self._leaders -= 1
            return
        chosen = self._waiting.popleft()
        chosen.leads = True
        if chosen.woken is not None:
            chosen.woken.release()
