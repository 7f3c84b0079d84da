import pytest

from shared.adapters.dynamodb.jobs import DynamoJobRecords
from shared.adapters.memory.jobs import MemoryJobRecords
from shared.domains.jobs.models import UNFINISHED, JobRecord, JobStatus
from shared.domains.jobs.ports import JobStore


def a_job(**fields: object) -> JobRecord:
    given = {"job_id": "j1", "user_id": "u1", "kind": "tts", "created_at": "2026-01-01", "updated_at": "2026-01-01"}
    return JobRecord.model_validate(given | fields)


@pytest.fixture(params=["memory", "dynamodb"])
def jobs(request: pytest.FixtureRequest) -> JobStore:
    if request.param == "memory":
        return MemoryJobRecords()
    return DynamoJobRecords(request.getfixturevalue("adapter_table"))


def test_a_job_is_added_once(jobs: JobStore) -> None:
    jobs.add(a_job())
    jobs.add(a_job(kind="other"))

    assert jobs.get("j1") == a_job()
    assert jobs.get("j2") is None


def test_a_result_comes_back_as_it_was(jobs: JobStore) -> None:
    jobs.add(a_job())
    done = a_job(status=JobStatus.COMPLETED, result={"score": 1.0, "none": None, "words": []}, stage="말하기")

    assert jobs.change(done, only_from=UNFINISHED)

    assert jobs.get("j1") == done


def test_only_what_stands_as_it_must_is_changed(jobs: JobStore) -> None:
    jobs.add(a_job(status=JobStatus.CANCELLED))

    assert not jobs.change(a_job(status=JobStatus.COMPLETED), only_from=UNFINISHED)
    assert not jobs.change(a_job(job_id="j2", status=JobStatus.COMPLETED), only_from=UNFINISHED)
    assert jobs.get("j1") == a_job(status=JobStatus.CANCELLED)
    assert jobs.get("j2") is None
