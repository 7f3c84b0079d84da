"""Draining and growing workers while they run."""

import pytest

from shared.adapters.memory.kernel import SetClock
from shared.adapters.memory.operations import MemoryOperations, MemoryWorkerControl
from shared.domains.operations.contract import GrowWorker, WorkerDraining, WorkerGrown
from shared.domains.operations.errors import WorkerNotFound, WorkerRefused
from shared.domains.operations.models import WhyRefused
from shared.domains.operations.rules.steering import drain_worker, grow_worker
from shared.kernel.errors import Unavailable
from tests.shared.domains.operations.test_showing import sign


class World:
    def __init__(self) -> None:
        self.signs = MemoryOperations(SetClock())
        for name in ("speech", "tts", "deaf"):
            self.signs.tell(sign(name, name), keep_seconds=60)
        self.control = MemoryWorkerControl({"speech@h": 1, "tts@h": None, "stranger@h": 1})

    def drain(self, worker: str) -> WorkerDraining:
        return drain_worker(worker, "op", signs=self.signs, control=self.control)

    def grow(self, worker: str, places: int) -> WorkerGrown:
        return grow_worker(worker, GrowWorker(places=places), "op", signs=self.signs, control=self.control)


@pytest.fixture
def world() -> World:
    return World()


def test_a_worker_grows_to_a_number_however_often_that_is_asked(world: World) -> None:
    assert [world.grow("speech@h", 3).places for _ in range(2)] == [3, 3]


def test_a_worker_that_drains_says_how_far_it_is_and_grows_no_more(world: World) -> None:
    assert world.drain("tts@h") == WorkerDraining(worker="tts@h", running=0, waiting=0, is_idle=True)
    world.drain("speech@h")
    with pytest.raises(WorkerRefused, match="draining"):
        world.grow("speech@h", 2)


@pytest.mark.parametrize(
    ("worker", "places", "why"), [("tts@h", 40, WhyRefused.FIXED_POOL), ("speech@h", 1, WhyRefused.FEWER)]
)
def test_what_is_refused_says_why(world: World, worker: str, places: int, why: WhyRefused) -> None:
    world.grow("speech@h", 2)
    with pytest.raises(WorkerRefused) as refused:
        world.grow(worker, places)

    assert refused.value.details == [{"field": "worker", "message": why.value}]


def test_who_is_not_there_is_not_commanded(world: World) -> None:
    with pytest.raises(WorkerNotFound):
        world.drain("stranger@h")
    with pytest.raises(WorkerNotFound):
        world.grow("speech@elsewhere", 2)
    with pytest.raises(Unavailable):
        world.drain("deaf@h")
    assert world.control.draining == set()
