import pytest

from shared.adapters.dynamodb.jobs import DynamoJobRecords
from shared.adapters.memory.jobs import MemoryJobRecords
from shared.domains.jobs.models import UNFINISHED, JobRecord, JobStatus

Records = MemoryJobRecords | DynamoJobRecords


def a_job(**fields: object) -> JobRecord:
    given = {"job_id": "j1", "user_id": "u1", "kind": "tts", "created_at": "2026-01-01", "updated_at": "2026-01-01"}
    return JobRecord.model_validate(given | fields)


@pytest.fixture(params=["memory", "dynamodb"])
def jobs(request: pytest.FixtureRequest) -> Records:
    if request.param == "memory":
        return MemoryJobRecords()
    return DynamoJobRecords(request.getfixturevalue("adapter_table"))


def test_a_job_is_added_once(jobs: Records) -> None:
    jobs.add(a_job())
    jobs.add(a_job(kind="other"))

    assert jobs.get("j1") == a_job()
    assert jobs.get("j2") is None


def test_a_result_comes_back_as_it_was(jobs: Records) -> None:
    jobs.add(a_job())
    done = a_job(status=JobStatus.COMPLETED, result={"score": 1.0, "none": None, "words": []}, stage="말하기")

    assert jobs.change(done, only_from=UNFINISHED)

    assert jobs.get("j1") == done


def test_only_what_stands_as_it_must_is_changed(jobs: Records) -> None:
    jobs.add(a_job(status=JobStatus.CANCELLED))

    assert not jobs.change(a_job(status=JobStatus.COMPLETED), only_from=UNFINISHED)
    assert not jobs.change(a_job(job_id="j2", status=JobStatus.COMPLETED), only_from=UNFINISHED)
    assert jobs.get("j1") == a_job(status=JobStatus.CANCELLED)
    assert jobs.get("j2") is None


def test_what_nothing_was_heard_of_is_found_until_it_ends(jobs: Records) -> None:
    for number in range(12):
        jobs.add(a_job(job_id=f"j{number:02d}", updated_at=f"2026-01-{number + 1:02d}"))
    assert jobs.change(a_job(job_id="j00", status=JobStatus.FAILED, updated_at="2026-01-01"), only_from=UNFINISHED)
    assert jobs.change(a_job(job_id="j01", status=JobStatus.PROCESSING, updated_at="2026-01-20"), only_from=UNFINISHED)

    assert [job.job_id for job in jobs.silent_since("2026-01-05", 100)] == ["j02", "j03"]
    assert [job.job_id for job in jobs.silent_since("2026-02-01", 3)] == ["j02", "j03", "j04"]
