from datetime import timedelta

from shared.adapters.memory.kernel import SetClock
from shared.adapters.memory.operations import MemoryOperations, MemoryPublished, MemoryQueueDepths
from shared.domains.operations.models import GroupLoad, Letters, QueueDepth, Sample, WorkerSign
from shared.domains.operations.rules.polling import LETTERS_SECONDS, QueuePoller
from shared.domains.operations.rules.scaling import LEAST_SHARE, GroupWatch
from shared.kernel.queues import Queue
from shared.kernel.scaling import GROUPS
from shared.kernel.times import timestamp

AI = next(group for group in GROUPS if group.name == "worker-ai")


class Workers:
    """AI workers whose signs are set, and a watch that looks at them each 15 s."""

    def __init__(self) -> None:
        self.clock = SetClock()
        self.watch = GroupWatch()
        self.done = 0

    def sign(self, name: str, running: int) -> WorkerSign:
        at = timestamp(self.clock.now())
        return WorkerSign(
            name=name, host="h", pid=1, queues=["ai-chat.fifo", "ai-tasks"], pool="threads", places=AI.places,
            running=running, done=self.done, version="1", started_at="2026-01-01T00:00:00.000000Z", heard_at=at,
        )  # fmt: skip

    def look(self, waiting: int, in_flight: int, *, workers: int = 2, did: int = 0, running: int = 0) -> GroupLoad:
        self.clock.at += timedelta(seconds=15)
        self.done += did
        depths = [
            QueueDepth(queue="ai-chat.fifo", visible=waiting, in_flight=in_flight, oldest_seconds=7.0),
            QueueDepth(queue="ai-tasks", visible=0, in_flight=0, oldest_seconds=0.0),
            QueueDepth(queue="tts", visible=999, in_flight=0),
        ]
        signs = [self.sign(f"ai-{number}", running) for number in range(workers)]
        found = self.watch.loads(Sample(at=self.clock.now().timestamp(), queues=depths), signs)
        return next(load for load in found if load.group == AI.name)


def test_a_group_has_what_is_in_flight_over_its_places_and_what_waits_over_a_minute_of_its_rate() -> None:
    load = Workers().look(waiting=600, in_flight=40)

    assert (load.workers, load.waiting, load.in_flight, load.rate) == (2, 600, 40, 10.0)
    assert load.backlog == (40 / 40 + 600 / (10 * 60)) / 2
    assert load.oldest_seconds == 7.0


def test_of_a_group_that_is_gone_the_work_is_that_of_the_first_worker() -> None:
    load = Workers().look(waiting=600, in_flight=0, workers=0)

    assert (load.workers, load.backlog) == (0, 1.0)


def test_workers_show_their_rate_only_while_they_are_full_and_jobs_wait() -> None:
    workers = Workers()
    workers.look(100, 80, running=AI.places)
    assert workers.look(0, 80, did=75, running=AI.places).rate == AI.rate
    assert workers.look(100, 10, did=75, running=5).rate == AI.rate
    workers.look(100, 80, running=AI.places)
    slower = [workers.look(100, 80, did=75, running=AI.places).rate for _ in range(20)]
    assert abs(slower[0] - (AI.rate * 0.7 + 5.0 * 0.3)) < 0.01
    assert abs(slower[-1] - 5.0) < 0.01


def test_workers_that_do_nothing_are_not_multiplied_without_end() -> None:
    workers = Workers()
    for _ in range(50):
        load = workers.look(100, 80, did=0, running=AI.places)
    assert load.rate == AI.rate * LEAST_SHARE


def test_an_age_that_nobody_knows_is_none() -> None:
    found = GroupWatch().loads(Sample(at=1.0, queues=[QueueDepth(queue="speech", visible=3, in_flight=0)]), [])
    assert {load.group: load.oldest_seconds for load in found}["worker-speech"] is None
    assert len(found) == len(GROUPS)


def poller(operations: MemoryOperations, published: MemoryPublished, clock: SetClock) -> QueuePoller:
    depths = MemoryQueueDepths([QueueDepth(queue=queue.value, visible=1, in_flight=0) for queue in Queue])
    return QueuePoller(
        "one", depths=depths, history=operations, signs=operations, letters=Letters, schedules=dict,
        published=published, clock=clock,
    )  # fmt: skip


def test_the_poller_publishes_every_group_once_a_minute() -> None:
    clock, published = SetClock(), MemoryPublished()
    one = poller(MemoryOperations(clock), published, clock)
    for _ in range(4):
        one.look()
        clock.sleep(LETTERS_SECONDS / 4)
    one.look()

    assert [[load.group for load in loads] for loads in published.loads] == [[group.name for group in GROUPS]] * 2
    assert [load.group for load in one.loads] == [group.name for group in GROUPS]


def test_without_redis_letters_are_published_and_no_backlog_is_told_for_0() -> None:
    clock, published = SetClock(), MemoryPublished()
    operations = MemoryOperations(clock)
    operations.is_away = True
    poller(operations, published, clock).look()

    assert (published.letters, published.loads) == ([Letters()], [[]])
