"""A loop goes on whatever its step raises; where it cannot, its process ends and says so."""

import ctypes
import threading
import time
from collections.abc import Callable

import pytest

from shared.kernel import loops
from shared.kernel.loops import Loop, broken_loops


def until(true: Callable[[], object], seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.005)


class Work:
    """A step that fails as often as it is told to."""

    def __init__(self, faults: int, *, observes: bool = False, raises: type[BaseException] = RuntimeError) -> None:
        self.done = 0
        self.ended, self.has_begun = threading.Event(), threading.Event()
        self._faults, self._raises = faults, raises
        self.loop = Loop("work", self, 0.001, observes=observes, end=self.ended.set)

    def __call__(self) -> None:
        if self._faults:
            self._faults -= 1
            raise self._raises
        self.done += 1
        self.has_begun.set()


@pytest.fixture(autouse=True)
def _in_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "BROKEN_AFTER_SECONDS", 0.0)
    monkeypatch.setattr(loops, "LONGEST_PAUSE", 0.001)


@pytest.mark.parametrize("observes", [False, True])
def test_a_fault_is_counted_and_the_step_is_done_again(observes: bool) -> None:
    work = Work(4, observes=observes)
    work.loop.start()
    until(lambda: work.done > 3)
    work.loop.stop()
    work.loop.join(5)

    assert work.loop.state.faults == 4
    assert not work.loop.is_broken
    assert not work.ended.is_set()


def test_work_that_cannot_go_on_ends_its_process_and_is_named_before() -> None:
    work = Work(1_000)
    work.loop.start()

    assert work.ended.wait(60)
    assert broken_loops() == ["work"]
    assert work.loop.faults == loops.BROKEN_AFTER_FAULTS


def test_what_only_observes_never_ends_a_process() -> None:
    work = Work(20, observes=True)
    work.loop.start()
    until(lambda: work.done)
    work.loop.stop()

    assert not work.ended.is_set()
    assert work.loop.faults == 20


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_is_ended_is_noticed() -> None:
    """What ends a thread without a word: here the exception that the interpreter can throw into one."""
    work, watcher = Work(0), Work(0, observes=True)
    ended: list[threading.Thread] = []
    for one in (work, watcher):
        one.loop.start()
        until(one.has_begun.is_set)
        thread = one.loop._thread.ident
        assert thread is not None
        ended.append(one.loop._thread)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(SystemExit))

    assert work.ended.wait(60)
    until(lambda: watcher.loop.faults)
    before = watcher.done
    until(lambda: watcher.done > before)
    watcher.loop.stop()
    for gone in ended:
        gone.join(5)
    assert work.loop.is_broken
    assert not watcher.ended.is_set()


def test_a_pause_can_be_cut_short() -> None:
    done: list[int] = []
    loop = Loop("slow", lambda: done.append(1), 60.0, observes=False, end=lambda: None).start()
    until(lambda: done)
    loop.wake()
    until(lambda: len(done) == 2)
    loop.stop()
    loop.join(5)
