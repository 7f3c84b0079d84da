"""The AI partner over HTTP, with the worker's part where a test needs it."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from shared.adapters.memory.messages import MemoryRoomLog
from shared.domains.conversations.contract import AnswerRoom, OpenConversation, ReportConversation
from shared.domains.conversations.models import Conversation, Scene, Turn
from shared.domains.jobs.models import JobStatus
from shared.domains.jobs.service import RecordTracker
from shared.domains.turns.contract import AnswerTurn
from shared.kernel.budgets import Kind
from shared.kernel.contract import Job
from shared.kernel.recordings import MOST_BYTES
from tests.web.conftest import Web

START, MESSAGE = "/api/ai/chat/start", "/api/ai/chat/message"
OPENED = {"conversationId": "c9", "situation": "At a café", "firstMessage": "Hello!", "audioJobId": "a9"}


class Working:
    """A worker that ends a job in the moment in which it is queued."""

    def __init__(self, work: Callable[[Job], None]) -> None:
        self.jobs: list[Job] = []
        self._work = work

    def enqueue(self, job: Job) -> None:
        self.jobs.append(job)
        self._work(job)


class Partner:
    """A student who talks with the partner."""

    def __init__(self, web: Web) -> None:
        self.web, self.context = web, web.context
        self.context.__dict__["room_log"] = MemoryRoomLog(self.context.clock)
        self.token = web.sign_in()
        self.user_id = web.call("GET", "/api/me", self.token).get_json()["userId"]
        self.tracker = RecordTracker(self.context.job_records, self.context.events, self.context.clock)

    @property
    def queued(self) -> list[Any]:
        jobs: list[Any] = self.context.jobs.jobs  # type: ignore[attr-defined]
        return jobs

    def call(self, method: str, path: str, token: str | None = None, **options: Any) -> TestResponse:
        return self.web.call(method, path, token or self.token, **options)

    def post(self, path: str, key: str | None = None, **body: Any) -> tuple[int, dict[str, Any]]:
        headers = {"Idempotency-Key": key} if key else {}
        answer = self.call("POST", path, json=body, headers=headers)
        return answer.status_code, answer.get_json()

    def get(self, path: str) -> dict[str, Any]:
        answer = self.call("GET", path)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.get_json()
        return found

    def when_queued(self, work: Callable[[str], None]) -> None:
        """Have a worker do something with each job, by its id."""
        jobs: Any = Working(lambda job: work(job.awaited_as() or ""))
        self.context.__dict__["jobs"] = jobs

    def begin(self, conversation_id: str = "c1", user_id: str | None = None, **fields: Any) -> None:
        one = Conversation(
            conversation_id=conversation_id,
            user_id=user_id or self.user_id,
            scene=Scene(level="beginner", topic="food", role="waiter", situation="At a table"),
            started_at=f"2026-01-0{len(self.context.conversations.conversations) + 1}T00:00:00.000000Z",
            **fields,
        )
        self.context.conversations.add(one)

    def store_turn(self, job: AnswerTurn, said: str) -> None:
        turn = Turn(
            conversation_id=job.conversation_id,
            number=1,
            turn_id=job.turn_id,
            request_id=job.request_id,
            user_id=job.user_id,
            user_message=job.user_message or "",
            ai_message=said,
            audio_job_id="a1",
            sent_at=job.sent_at,
            answered_at=job.sent_at,
        )
        self.context.conversations.add_turn(turn)


@pytest.fixture
def partner(web: Web) -> Partner:
    return Partner(web)


def test_a_conversation_is_opened_while_its_student_waits(partner: Partner) -> None:
    partner.when_queued(lambda job_id: partner.tracker.complete(job_id, OPENED))
    status, opened = partner.post(START, difficulty="하", topic="food", role="waiter")

    assert status == 200
    assert {name: opened[name] for name in OPENED} == OPENED
    [job] = partner.queued
    assert isinstance(job, OpenConversation)
    assert (job.scene.level, job.scene.topic, job.scene.role, job.user_id) == (
        "beginner",
        "food",
        "waiter",
        partner.user_id,
    )


@pytest.mark.parametrize("wait", ["0", "0.01"])
def test_what_is_not_there_yet_is_a_job(partner: Partner, wait: str) -> None:
    status, accepted = partner.post(f"{START}?wait={wait}")
    assert status == 202
    assert accepted["jobId"] == partner.queued[0].job_id
    assert partner.get(f"/api/jobs/{accepted['jobId']}")["status"] == "PENDING"


@pytest.mark.parametrize("wait", ["-1", "29", "soon", "nan", ""])
def test_waiting_has_bounds(partner: Partner, wait: str) -> None:
    status, refused = partner.post(f"{START}?wait={wait}")
    assert (status, refused["error"]) == (400, "INVALID_REQUEST")
    assert partner.queued == []


@pytest.mark.parametrize(
    ("code", "status", "told"),
    [
        ("UNAVAILABLE", 503, "UNAVAILABLE"),
        ("PARTNER_REFUSED", 500, "INTERNAL_SERVER_ERROR"),
        ("NOT_FOUND", 404, "NOT_FOUND"),
        ("INTERNAL_SERVER_ERROR", 500, "INTERNAL_SERVER_ERROR"),
    ],
)
def test_a_job_that_failed_is_a_refusal_of_its_code(partner: Partner, code: str, status: int, told: str) -> None:
    partner.when_queued(lambda job_id: partner.tracker.fail(job_id, code))
    refused = partner.post(START)
    assert (refused[0], refused[1]["error"]) == (status, told)


def test_a_job_that_was_cancelled_is_a_conflict(partner: Partner) -> None:
    partner.when_queued(lambda job_id: partner.tracker.change(job_id, status=JobStatus.CANCELLED) and None)
    assert partner.post(START)[0] == 409


def test_the_level_is_the_accounts_where_none_is_named(partner: Partner) -> None:
    partner.call("PATCH", "/api/me", json={"level": "advanced"})
    partner.post(f"{START}?wait=0")
    partner.post(f"{START}?wait=0", level="Beginner")
    assert [job.scene.level for job in partner.queued] == ["advanced", "beginner"]


def test_the_same_key_opens_the_same_conversation_and_is_counted_once(partner: Partner) -> None:
    answers = [partner.post(f"{START}?wait=0", key="k") for _ in range(3)]
    assert len({told["jobId"] for _, told in answers}) == 1
    assert len(partner.queued) == 1
    assert partner.context.turn_rate.counted == {partner.user_id: 1}  # type: ignore[attr-defined]


def test_a_key_whose_answer_was_not_kept_is_not_counted_again(partner: Partner) -> None:
    jobs: Any = partner.context.jobs
    jobs.is_away = True
    assert partner.post(f"{START}?wait=0", key="k")[0] == 503
    jobs.is_away = False
    assert partner.post(f"{START}?wait=0", key="k")[0] == 202
    assert partner.context.turn_rate.counted == {partner.user_id: 1}  # type: ignore[attr-defined]


def test_a_turn_is_accepted_then_answered(partner: Partner) -> None:
    partner.begin()
    status, accepted = partner.post(MESSAGE, conversationId="c1", userMessage="Hello")
    assert (status, accepted["status"], accepted["estimatedTime"]) == (202, "PROCESSING", 3000)
    place = f"/api/ai/chat/status/{accepted['requestId']}"
    assert partner.get(place)["status"] == "PENDING"

    [job] = partner.queued
    assert (job.conversation_id, job.user_message, job.turn_id) == ("c1", "Hello", accepted["jobId"])
    partner.store_turn(job, "Hi!")
    partner.tracker.complete(job.turn_id)

    shown = partner.get(place)
    assert (shown["status"], shown["aiMessage"], shown["audioJobId"], shown["turnCount"]) == (
        "COMPLETED",
        "Hi!",
        "a1",
        1,
    )
    other = partner.web.sign_in("other@example.com")
    assert partner.call("GET", place, other).status_code == 404


def test_the_same_key_is_the_same_turn_also_after_a_crash(partner: Partner) -> None:
    partner.begin()
    body = {"conversationId": "c1", "userMessage": "Hello"}
    first = partner.post(MESSAGE, key="k", **body)[1]
    partner.context.ledger.entries.clear()  # type: ignore[attr-defined]
    second = partner.post(MESSAGE, key="k", **body)[1]
    assert first["requestId"] == second["requestId"]
    assert {job.identity() for job in partner.queued} == {first["jobId"]}


def test_a_recording_of_ten_mebibytes_is_taken(partner: Partner) -> None:
    partner.begin()
    audio = base64.b64encode(b"OggS" + bytes(MOST_BYTES - 4)).decode()
    assert partner.post(MESSAGE, conversationId="c1", audioData=audio)[0] == 202
    [job] = [one for one in partner.queued if isinstance(one, AnswerTurn)]  # the student is told of it too
    assert job.audio_key == f"user-audio/{partner.user_id}/{job.turn_id}.ogg"


@pytest.mark.parametrize("more", [1, 5 * 1024 * 1024])
def test_a_larger_one_is_too_large(partner: Partner, more: int) -> None:
    partner.begin()
    audio = base64.b64encode(b"OggS" + bytes(MOST_BYTES - 4 + more)).decode()
    status, refused = partner.post(MESSAGE, conversationId="c1", audioData=audio)
    assert (status, refused["error"]) == (413, "PAYLOAD_TOO_LARGE")
    assert partner.queued == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"conversationId": "c1"},
        {"userMessage": "Hello"},
        {"conversationId": "c1", "userMessage": ""},
        {"conversationId": "c1", "userMessage": "x" * 4001},
        {"conversationId": "c1", "audioData": ""},
        {"conversationId": "c1", "audioData": "not base64!"},
        {"conversationId": "c1", "audioData": base64.b64encode(b"no sound" * 20).decode()},
        {"conversationId": "c1", "userMessage": "Hello", "colour": "red"},
    ],
)
def test_wrong_turns_are_refused(partner: Partner, body: dict[str, Any]) -> None:
    partner.begin()
    status, refused = partner.post(MESSAGE, **body)
    assert (status, refused["error"]) == (400, "INVALID_REQUEST")
    assert partner.queued == []


def test_turns_go_into_ones_own_conversations_that_go_on(partner: Partner) -> None:
    partner.begin("foreign", "somebody")
    partner.begin("ended", ended_at="now")
    for conversation, status in {"foreign": 404, "unknown": 404, "x" * 3000: 404, "ended": 409}.items():
        assert partner.post(MESSAGE, conversationId=conversation, userMessage="Hello")[0] == status


def test_ten_requests_a_minute_of_every_kind_together(partner: Partner) -> None:
    partner.begin()
    room = partner.post("/rooms", name="Cafe", level="beginner")[1]["data"]["roomId"]
    for _ in range(4):
        assert partner.post(f"{START}?wait=0")[0] == 202
        assert partner.post(MESSAGE, conversationId="c1", userMessage="Hello")[0] == 202
    for _ in range(2):
        assert partner.post(f"/rooms/{room}/ai")[0] == 202
    calls: list[tuple[str, dict[str, Any]]] = [
        (START, {}),
        (MESSAGE, {"conversationId": "c1", "userMessage": "Hello"}),
        (f"/rooms/{room}/ai", {}),
    ]
    for path, body in calls:
        answer = partner.call("POST", path, json=body)
        assert (answer.status_code, answer.get_json()["error"]) == (429, "RATE_LIMITED")
        assert int(answer.headers["Retry-After"]) > 0


def test_conversations_are_listed_newest_first_and_shown_with_their_turns(partner: Partner) -> None:
    for name in ("c1", "c2", "c3"):
        partner.begin(name)
    partner.begin("foreign", "somebody")
    first = partner.get("/api/ai/conversations?limit=2")
    assert [one["conversationId"] for one in first["conversations"]] == ["c3", "c2"]
    assert first["hasMore"]
    rest = partner.get(f"/api/ai/conversations?limit=2&cursor={first['nextCursor']}")
    assert ([one["conversationId"] for one in rest["conversations"]], rest["hasMore"]) == (["c1"], False)

    partner.post(MESSAGE, conversationId="c1", userMessage="Hello")
    partner.store_turn(partner.queued[-1], "Hi!")
    shown = partner.get("/api/ai/conversations/c1")
    assert (shown["difficulty"], shown["role"], shown["situation"], shown["turnCount"]) == (
        "beginner",
        "waiter",
        "At a table",
        1,
    )
    assert [(one["userMessage"], one["aiMessage"]) for one in shown["turns"]] == [("Hello", "Hi!")]
    for unknown in ("foreign", "none", "x" * 3000):
        assert partner.call("GET", f"/api/ai/conversations/{unknown}").status_code == 404


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "cursor=damaged", "colour=red"])
def test_lists_refuse_what_they_do_not_know(partner: Partner, query: str) -> None:
    assert partner.call("GET", f"/api/ai/conversations?{query}").status_code == 400


def test_a_conversation_is_ended_with_a_report(partner: Partner) -> None:
    partner.begin()
    report = {"summary": "Well done.", "corrections": [], "phrases": [], "turnCount": 3}
    partner.when_queued(lambda job_id: partner.tracker.complete(job_id, {"conversationId": "c1", "report": report}))
    status, ended = partner.post("/api/ai/conversations/c1/end")

    assert status == 200
    assert {name: ended[name] for name in report} == report
    assert ended["conversationId"] == "c1"
    assert isinstance(partner.queued[0], ReportConversation)
    assert partner.post("/api/ai/conversations/c1/end")[0] == 409
    assert partner.post(MESSAGE, conversationId="c1", userMessage="Hello")[0] == 409
    assert partner.post("/api/ai/conversations/none/end")[0] == 404


def test_a_report_may_come_later(partner: Partner) -> None:
    partner.begin()
    status, accepted = partner.post("/api/ai/conversations/c1/end?wait=0")
    assert (status, accepted["jobId"]) == (202, partner.queued[0].job_id)


def test_the_partner_is_asked_into_a_room_by_its_members(partner: Partner) -> None:
    room = partner.post("/rooms", name="Cafe", level="advanced")[1]["data"]["roomId"]
    status, accepted = partner.post(f"/rooms/{room}/ai", prompt="Say hello.")
    assert (status, list(accepted["data"])) == (202, ["jobId"])
    [job] = [one for one in partner.queued if isinstance(one, AnswerRoom)]
    assert (job.room_id, job.level, job.prompt, job.job_id) == (
        room,
        "advanced",
        "Say hello.",
        accepted["data"]["jobId"],
    )

    other = partner.web.sign_in("other@example.com")
    assert partner.call("POST", f"/rooms/{room}/ai", other, json={}).status_code == 403
    assert partner.post("/rooms/unknown/ai")[0] == 404
    assert partner.post(f"/rooms/{room}/ai", prompt="x" * 1001)[0] == 400
    assert partner.context.turn_rate.counted == {partner.user_id: 1}  # type: ignore[attr-defined]


def test_budgets_are_shown_to_operators_and_ones_own_to_oneself(partner: Partner) -> None:
    today = partner.context.clock.now().date().isoformat()
    for user_id in (partner.user_id, "u2", "u3"):
        partner.context.budgets.settle(user_id, today, "turn", {Kind.TOKENS: 170_000})
    own = partner.get("/api/me/budgets")
    tokens = next(one for one in own["budgets"] if one["kind"] == "tokens")
    assert (own["userId"], tokens["used"], tokens["limit"], tokens["state"]) == (
        partner.user_id,
        170_000,
        200_000,
        "warned",
    )

    assert partner.call("GET", "/api/operations/budgets").status_code == 403
    identities: Any = partner.context.identities
    identities.groups["op@example.com"] = frozenset({"operators"})
    operator = partner.web.sign_in("op@example.com")
    first = partner.call("GET", "/api/operations/budgets?limit=2", operator).get_json()
    rest = partner.call("GET", f"/api/operations/budgets?limit=2&cursor={first['nextCursor']}", operator).get_json()
    found = [one["userId"] for one in (*first["budgets"], *rest["budgets"])]
    assert sorted(found) == sorted([partner.user_id, "u2", "u3"])
    other_day = f"/api/operations/budgets?date=2020-01-01&cursor={first['nextCursor']}"
    assert partner.call("GET", other_day, operator).status_code == 400
