import json
from typing import Any

import pytest
from werkzeug.test import TestResponse

from shared.adapters.memory.dead_letters import MemoryLetters, MemoryPayloads
from shared.adapters.memory.jobs import MemoryJobRecords
from shared.adapters.memory.kernel import MemoryJobs, MemoryResender
from shared.catalogue import job_type_of
from shared.domains.dead_letters.contract import ReplayDeadLetters
from shared.domains.dead_letters.models import LetterState
from shared.domains.dead_letters.rules.replaying import Desk
from shared.domains.jobs.models import JobStatus
from shared.domains.jobs.service import RecordTracker, record_job
from tests.shared.domains.dead_letters.letters import STORE, a_letter
from tests.web.conftest import Web

BASE = "/api/operations/dead-letters"


class Duty:
    """An operator at work, and a person who is none."""

    def __init__(self, web: Web) -> None:
        self.web, context = web, web.context
        context.identities.groups["op@example.com"] = frozenset({"operators"})
        self.token, self.other = web.sign_in("op@example.com"), web.sign_in()
        self.letters, self.resender, self.records = MemoryLetters(), MemoryResender(), MemoryJobRecords()
        self.jobs = MemoryJobs()
        tracker = RecordTracker(self.records, context.events, context.clock)
        ports: dict[str, Any] = {
            "letters": self.letters,
            "payloads": MemoryPayloads(),
            "job_records": self.records,
            "job_tracker": tracker,
            "jobs": self.jobs,
        }
        desk = Desk(
            letters=self.letters,
            resender=self.resender,
            payloads=ports["payloads"],
            job_types=job_type_of,
            waiting=tracker,
            clock=context.clock,
        )
        context.__dict__.update(ports, replay_desk=desk)

    def put(self, number: int = 1, **fields: Any) -> None:
        self.letters.record(a_letter(number, **fields))

    def call(self, method: str, path: str = "", **body: Any) -> TestResponse:
        options = {"json": body} if body else {}
        return self.web.call(method, f"{BASE}{path}", self.token, **options)

    def get(self, path: str = "") -> dict[str, Any]:
        answer = self.call("GET", path)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.get_json()
        return found


@pytest.fixture
def duty(web: Web) -> Duty:
    return Duty(web)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("GET", "/groups"),
        ("GET", "/j1"),
        ("PATCH", "/j1"),
        ("POST", "/j1/replay"),
        ("POST", "/replay"),
        ("POST", "/j1/discard"),
    ],
)
def test_dead_letters_are_for_operators(duty: Duty, method: str, path: str) -> None:
    bodies = {"/j1": {"arguments": {}}, "/replay": {"all": True}, "/j1/discard": {"reason": "x"}}
    options = {"json": bodies[path]} if path in bodies and method != "GET" else {}

    assert duty.web.call(method, f"{BASE}{path}", duty.other, **options).status_code == 403
    assert duty.web.call(method, f"{BASE}{path}", **options).status_code == 401


def test_a_list_goes_on_by_its_cursor_within_its_filters(duty: Duty) -> None:
    for number in range(1, 5):
        duty.put(number, queue="tts" if number == 4 else "persistence")

    first = duty.get("?limit=2&queue=persistence&state=open")
    second = duty.get(f"?limit=2&queue=persistence&state=open&cursor={first['nextCursor']}")

    assert [one["id"] for one in first["deadLetters"] + second["deadLetters"]] == ["j3", "j2", "j1"]
    assert (first["hasMore"], second["hasMore"], second["nextCursor"]) == (True, False, None)
    assert duty.call("GET", f"?limit=2&queue=tts&cursor={first['nextCursor']}").status_code == 400
    for wrong in ("?state=lost", "?limit=101", "?from=yesterday", "?surprise=1"):
        assert duty.call("GET", wrong).status_code == 400


def test_people_s_words_are_shown_only_where_they_are_revealed(duty: Duty) -> None:
    duty.put()

    assert "비밀" not in json.dumps(duty.get("/j1"), ensure_ascii=False)
    assert "비밀" not in json.dumps(duty.get(), ensure_ascii=False)
    assert duty.get("/j1")["audit"] == []
    shown = duty.get("/j1?reveal=true")
    assert shown["arguments"]["messages"][0]["content"] == "비밀 이야기"
    assert [line["action"] for line in shown["audit"]] == ["revealed"]
    assert duty.call("GET", "/j9").status_code == 404


def test_groups_count_by_cause(duty: Duty) -> None:
    duty.put(1)
    duty.put(2)

    found = duty.get("/groups")

    assert [(one["fingerprint"], one["count"]) for one in found["groups"]] == [("f1", 2)]
    assert found["isWhole"] is True


def test_a_replay_says_whether_it_sent(duty: Duty) -> None:
    duty.put()

    answers = [duty.call("POST", "/j1/replay").get_json() for _ in range(2)]

    assert [(one["replayed"], one["outcome"]) for one in answers] == [(True, "sent"), (False, "settled")]
    assert len(duty.resender.sent) == 1
    duty.put(2, task="nobody.knows")
    refused = duty.call("POST", "/j2/replay")
    assert (refused.status_code, refused.get_json()["details"][0]["message"]) == (409, "unknown_task")


def test_an_edit_is_held_to_the_contract(duty: Duty) -> None:
    duty.put()
    arguments = duty.letters.letters["j1"].arguments

    assert duty.call("PATCH", "/j1", arguments=arguments).status_code == 200
    refused = duty.call("PATCH", "/j1", arguments={"messages": [], "x": 1})
    assert refused.status_code == 400
    assert [one["field"] for one in refused.get_json()["details"]] == ["messages", "x"]
    assert duty.call("PATCH", "/j1", arguments={}, task="nobody.knows").status_code == 400


def test_discarding_needs_a_reason(duty: Duty) -> None:
    duty.put()

    assert duty.call("POST", "/j1/discard").status_code == 400
    assert duty.call("POST", "/j1/discard", reason="not needed").get_json()["state"] == "discarded"
    assert duty.letters.letters["j1"].state is LetterState.DISCARDED
    assert duty.get("/j1")["audit"][0]["details"] == "not needed"


def test_many_are_replayed_as_a_job_that_the_operator_can_follow(duty: Duty) -> None:
    duty.put()

    answer = duty.call("POST", "/replay", task=STORE, canary=True, ratePerSecond=2)

    job_id = answer.get_json()["jobId"]
    assert answer.status_code == 202
    [job] = duty.jobs.jobs
    assert isinstance(job, ReplayDeadLetters)
    assert (job.job_id, job.with_canary, job.rate_per_second) == (job_id, True, 2)
    assert job.filters.task == STORE
    assert duty.web.call("GET", f"/api/jobs/{job_id}", duty.token).get_json()["status"] == "PENDING"
    assert duty.call("POST", "/replay").status_code == 400


def test_a_replay_that_cannot_be_queued_has_failed(duty: Duty) -> None:
    duty.jobs.is_away = True

    assert duty.call("POST", "/replay", all=True).status_code == 503

    assert [record.status for record in duty.records.records.values()] == [JobStatus.FAILED]


def test_a_dry_run_only_tells(duty: Duty) -> None:
    duty.put()

    told = duty.call("POST", "/replay", all=True, dryRun=True).get_json()

    assert (told["matching"], told["isWhole"]) == (1, True)
    assert told["checks"][0] == {
        "id": "j1",
        "task": STORE,
        "outcome": "sent",
        "isDone": False,
        "hasArguments": True,
        "isTaskKnown": True,
    }
    assert duty.jobs.jobs == []


def test_jobs_are_shown_to_and_cancelled_by_their_owner(duty: Duty) -> None:
    context = duty.web.context
    owner = duty.web.call("GET", "/api/me", duty.other).get_json()["userId"]
    record_job("job-1", "tts", owner, jobs=duty.records, clock=context.clock)

    shown = duty.web.call("GET", "/api/jobs/job-1", duty.other).get_json()
    assert (shown["jobId"], shown["kind"], shown["status"]) == ("job-1", "tts", "PENDING")
    for method in ("GET", "DELETE"):
        assert duty.web.call(method, "/api/jobs/job-1", duty.token).status_code == 404
    for _ in range(2):
        assert duty.web.call("DELETE", "/api/jobs/job-1", duty.other).get_json()["status"] == "CANCELLED"
    duty.records.records["job-1"] = duty.records.records["job-1"].model_copy(update={"status": JobStatus.COMPLETED})
    assert duty.web.call("DELETE", "/api/jobs/job-1", duty.other).status_code == 409
