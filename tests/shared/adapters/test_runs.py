"""One book of runs, two adapters."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.adapters.dynamodb.items import METADATA
from shared.adapters.dynamodb.keys import ledger as keys
from shared.adapters.dynamodb.runs import DynamoRuns
from shared.adapters.dynamodb.table import Table
from shared.adapters.memory.runs import MemoryRuns
from shared.adapters.system import SystemClock
from shared.kernel.runs import Arrival, Done, Held, Run, Runs

JOB = Arrival("job-1")
KEEP = 1_000.0


@pytest.fixture(params=["table", "memory"])
def adapter_runs(request: pytest.FixtureRequest) -> Runs:
    if request.param == "memory":
        return MemoryRuns()
    return DynamoRuns(request.getfixturevalue("adapter_table"), SystemClock())


def begin(runs: Runs, arrival: Arrival = JOB, lease_seconds: float = 60.0) -> Run:
    run = runs.begin(arrival, lease_seconds=lease_seconds, keep_seconds=KEEP)
    assert isinstance(run, Run)
    return run


def test_runs_are_counted_from_one(adapter_runs: Runs) -> None:
    assert [adapter_runs.count(JOB, keep_seconds=KEEP).number for _ in range(3)] == [1, 2, 3]
    assert adapter_runs.count(Arrival("job-1", replays=1), keep_seconds=KEEP).number == 1


def test_a_failure_counts_what_was_not_counted(adapter_runs: Runs) -> None:
    adapter_runs.fail(JOB, Run(1, is_counted=False), "it broke", keep_seconds=KEEP)
    run = adapter_runs.count(JOB, keep_seconds=KEEP)
    assert (run.number, run.last_error) == (2, "it broke")
    adapter_runs.fail(JOB, run, "it broke again", keep_seconds=KEEP)
    assert adapter_runs.count(JOB, keep_seconds=KEEP).number == 3


def test_of_many_at_once_one_holds_a_job(adapter_runs: Runs) -> None:
    if isinstance(adapter_runs, MemoryRuns):
        pytest.skip("it is for one thread")
    with ThreadPoolExecutor(8) as pool:
        ask = lambda _: adapter_runs.begin(JOB, lease_seconds=60, keep_seconds=KEEP)  # noqa: E731
        answers = list(pool.map(ask, range(8)))
    assert sum(isinstance(answer, Run) for answer in answers) == 1
    assert all(50 < answer.seconds <= 60 for answer in answers if isinstance(answer, Held))


def test_a_lease_that_ended_is_taken_over_with_a_higher_fence(adapter_runs: Runs) -> None:
    first = begin(adapter_runs, lease_seconds=0.0)
    time.sleep(0.002)
    second = begin(adapter_runs)
    assert (second.number, second.fence) == (2, first.fence + 1)
    assert not adapter_runs.complete("job-1", first.fence)
    assert not adapter_runs.renew("job-1", first.fence, lease_seconds=60)
    assert adapter_runs.complete("job-1", second.fence)
    assert isinstance(adapter_runs.begin(JOB, lease_seconds=60, keep_seconds=KEEP), Done)


def test_a_renewed_lease_lasts(adapter_runs: Runs) -> None:
    run = begin(adapter_runs, lease_seconds=0.0)
    assert adapter_runs.renew("job-1", run.fence, lease_seconds=60)
    assert isinstance(adapter_runs.begin(JOB, lease_seconds=60, keep_seconds=KEEP), Held)


def test_a_failed_run_lets_another_begin_at_once(adapter_runs: Runs) -> None:
    run = begin(adapter_runs)
    adapter_runs.fail(JOB, run, "it broke", keep_seconds=KEEP)
    again = begin(adapter_runs)
    assert (again.number, again.last_error) == (2, "it broke")
    replayed = begin_replay(adapter_runs, again)
    assert (replayed.number, replayed.fence, replayed.last_error) == (1, 3, None)


def test_a_run_whose_host_goes_away_was_none(adapter_runs: Runs) -> None:
    run = begin(adapter_runs)
    adapter_runs.forgo(JOB, run.fence)
    again = begin(adapter_runs)
    assert again.number == 1
    assert again.fence > run.fence
    assert not adapter_runs.complete("job-1", run.fence)
    adapter_runs.forgo(JOB, run.fence)  # it is another's by now
    assert adapter_runs.complete("job-1", again.fence)
    adapter_runs.forgo(JOB, again.fence)
    assert isinstance(adapter_runs.begin(JOB, lease_seconds=60, keep_seconds=KEEP), Done)


def begin_replay(runs: Runs, last: Run) -> Run:
    runs.fail(JOB, last, "it died", keep_seconds=KEEP)
    return begin(runs, Arrival("job-1", replays=1))


def test_a_job_counted_before_its_type_became_once_only_can_be_taken(adapter_runs: Runs) -> None:
    adapter_runs.count(JOB, keep_seconds=KEEP)
    assert begin(adapter_runs).number == 2


def test_what_is_known_is_kept_for_as_long_as_was_asked(adapter_table: Table) -> None:
    begin(DynamoRuns(adapter_table, SystemClock()))
    item = adapter_table.get(keys.job_run("job-1"), METADATA)
    assert item is not None
    assert abs(item["ttl"] - time.time() - KEEP) < 60
    assert item["firstAt"].endswith("Z")


def test_a_lease_that_was_taken_a_day_ahead_is_nobodys(adapter_table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    runs, right = DynamoRuns(adapter_table, SystemClock()), time.time
    monkeypatch.setattr(time, "time", lambda: right() + 86_400)
    ahead = begin(runs)
    monkeypatch.setattr(time, "time", right)

    second = begin(runs)

    assert (second.number, second.fence) == (2, ahead.fence + 1)
    assert not runs.complete("job-1", ahead.fence)
