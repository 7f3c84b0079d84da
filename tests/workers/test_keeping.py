"""What a worker holds while it runs, and lets go of where it ends first."""

from shared.adapters.memory.runs import MemoryRuns
from shared.kernel.runs import Arrival, Run
from workers.keeping import LeaseKeeper

JOB = Arrival("job-1")


def begun(runs: MemoryRuns) -> Run:
    run = runs.begin(JOB, lease_seconds=60.0, keep_seconds=60.0)
    assert isinstance(run, Run)
    return run


def test_who_ends_before_its_job_lets_others_begin_at_once() -> None:
    runs = MemoryRuns()
    keeper = LeaseKeeper(lambda: runs, 60.0)
    first = begun(runs)

    with keeper.keeping(JOB, first.fence, 60.0):
        keeper.forgo_all()
        second = begun(runs)
        assert second.number == 1
        assert not runs.complete("job-1", first.fence)

    assert runs.complete("job-1", second.fence)


def test_what_is_done_is_not_let_go_of() -> None:
    runs = MemoryRuns()
    keeper = LeaseKeeper(lambda: runs, 60.0)
    run = begun(runs)
    with keeper.keeping(JOB, run.fence, 60.0):
        assert runs.complete("job-1", run.fence)

    keeper.forgo_all()

    assert runs.entries["job-1"].is_done


def test_a_book_that_is_away_keeps_nobody_from_ending() -> None:
    runs = MemoryRuns()
    keeper = LeaseKeeper(lambda: runs, 60.0)
    run = begun(runs)
    with keeper.keeping(JOB, run.fence, 60.0):
        runs.is_away = True
        keeper.forgo_all()
