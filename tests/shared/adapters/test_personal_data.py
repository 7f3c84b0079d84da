"""A person is found by every key that names one, given to them, and removed; a new kind of row needs a rule here."""

import inspect
from collections.abc import Iterator
from typing import Any

import pytest

from shared.adapters.dynamodb import keys as every
from shared.adapters.dynamodb.items import METADATA
from shared.adapters.dynamodb.keys import (
    accounts,
    budgets,
    connections,
    conversations,
    feedback,
    jobs,
    messages,
    notifications,
    rooms,
    tutoring,
)
from shared.adapters.dynamodb.personal_data import DynamoPersonalData
from shared.adapters.dynamodb.table import Put, Table
from shared.adapters.personal_places import PersonalPlaces
from shared.kernel.emails import email_digest
from shared.kernel.packages import modules_of

ANN, CANARY, EMAIL, AT = "ann-4d1f", "canary-7c2e", "ann@example.com", "2026-01-02T03:04:05.000000Z"

ERASED = "found by one of the person's keys, and removed"
_OF_THE_PERSON = """
    user email sign_in rooms_of member jobs_of job connection tutor_request pending requests_to
    requests_of tutor student tutors_of feedback feedback_by_id undelivered note note_by_id unread
    conversation conversations_of turn turn_by_request turn_by_id budget budgets_on hold
    learning_session learning_sessions_of sentence result result_by_id notebook_entry due day
    learning_event session_result open_sessions unfinished_jobs graph graphs_of
"""
RULES = {
    **dict.fromkeys(_OF_THE_PERSON.split(), ERASED),
    "room": "kept: it is the others' too; the membership goes, and createdBy names nobody any more",
    "message": "kept without the author's id: said to the others",
    "message_by_id": "as the message",
    "token": "gone by itself within five minutes",
    "gateway": "goes with its connections, within an hour",
    "once": "hashes of requests, gone by themselves within two days",
    "job_run": "ids only, gone by itself within two days",
    "revoked": "the id of a sign-in only, gone by itself within 31 days",
    "letter": "redacted, and gone after 90 days",
    "letters": "as the letter",
    "fingerprint": "as the letter",
    "audit": "as the letter",
    "voice": "named by its text's hash, and by nobody",
    "asker": "ids only, gone by itself within two days",
}


def test_every_key_has_a_rule_for_export_and_erasure() -> None:
    functions = {name for module in modules_of(every) for name, _ in inspect.getmembers(module, inspect.isfunction)}
    assert functions - RULES.keys() == set(), "say here what becomes of the new kind of row when its person leaves"


def row(pk: str, sk: str, **fields: Any) -> dict[str, Any]:
    return {"PK": pk, "SK": sk, "words": CANARY, **fields}


def pair(tutor: str, student: str) -> dict[str, str]:
    return {"tutorId": tutor, "studentId": student, "tutorEmail": EMAIL, "studentEmail": EMAIL}


def said_to(number: int, tutor: str, student: str) -> dict[str, Any]:
    said = {"tutor_id": tutor, "student_id": student, "tutor_email": EMAIL, "student_email": "ben@example.com"}
    return row(feedback.feedback(tutor, student), f"{AT}#f{number}", **said)


POSTED = {"userId": ANN, "key": "uploads/r1/x.png"}
ROWS = (
    row(accounts.user(ANN), accounts.PROFILE, userId=ANN, email=EMAIL),
    row(accounts.user(ANN), accounts.sign_in("s1")),
    row(accounts.user(ANN), notifications.note(AT, "n1")),
    row(accounts.user(ANN), budgets.budget("2026-01-02")),
    row(accounts.user(ANN), conversations.DEFAULT_CONVERSATION),
    row(accounts.email(email_digest(EMAIL)), rooms.OWNER, userId=ANN),
    row(rooms.room("r1"), METADATA, memberIds={ANN, "ben"}),
    row(rooms.room("r1"), rooms.member(ANN), GSI1PK=rooms.rooms_of(ANN), GSI1SK=AT, name="Ann"),
    row(
        rooms.room("r1"),
        messages.message(AT, "m1"),
        GSI1PK=accounts.user(ANN),
        GSI1SK=AT,
        userId=ANN,
        key="uploads/r1/x.png",
    ),
    row(connections.connection("c1"), METADATA, GSI2PK=accounts.user(ANN), GSI2SK="c1"),
    row(jobs.job("j1"), METADATA, GSI1PK=jobs.jobs_of(ANN), GSI1SK=AT),
    row(conversations.conversation("v1"), METADATA, GSI1PK=conversations.conversations_of(ANN), GSI1SK=AT),
    row(conversations.conversation("v1"), conversations.turn(1), turnId="t1", audio="user-audio/elsewhere.webm"),
    row(conversations.turn_by_id("t1"), METADATA),
    row(tutoring.tutor_request("q1"), METADATA, GSI2PK=tutoring.requests_of(ANN), GSI2SK=AT, **pair("tom", ANN)),
    row(tutoring.pending("tom", ANN), tutoring.LOCK),
    row(tutoring.tutor("tom"), tutoring.student(ANN), GSI1PK=tutoring.tutors_of(ANN), GSI1SK=AT, **pair("tom", ANN)),
    row(tutoring.tutor(ANN), tutoring.student("ben"), GSI1PK=tutoring.tutors_of("ben"), GSI1SK=AT, **pair(ANN, "ben")),
    row(accounts.user("tom"), accounts.PROFILE, studentCount=3),
    said_to(1, "tom", ANN),
    said_to(2, ANN, "ben"),
)


class Objects:
    """The bucket, of which only removals count here."""

    def __init__(self) -> None:
        self.removed: list[str] = []

    def delete_object(self, **where: str) -> None:
        self.removed.append(where["Key"])

    def get_paginator(self, _name: str) -> "Objects":
        return self

    def paginate(self, **where: str) -> list[Any]:
        return [{"Contents": [{"Key": f"{where['Prefix']}one"}]}]


class Forgetful:
    def call(self, *_command: object) -> int:
        return 2


@pytest.fixture
def data(adapter_table: Table) -> DynamoPersonalData:
    for one in ROWS:
        adapter_table.write(Put(one))
    return DynamoPersonalData(adapter_table, PersonalPlaces(Objects(), "bucket", Forgetful()))  # type: ignore[arg-type]


def test_everything_is_given_without_keys_and_secrets(data: DynamoPersonalData) -> None:
    given = list(data.gather(ANN))
    kinds = {kind for kind, _ in given}
    expected = "account own membership message connection job conversation request relation feedback"
    assert kinds == set(expected.split())
    assert all(fields["words"] == CANARY for _, fields in given)
    assert not any(name in fields for _, fields in given for name in ("PK", "GSI1PK", "passwordHash"))


def test_everything_is_removed_and_again_nothing_is_left(data: DynamoPersonalData, adapter_table: Table) -> None:
    removed = data.erase(ANN)
    assert removed["message"] == 1
    assert data.erase(ANN).keys() <= {"job", "files", "moments"}
    data.erase_account(ANN, EMAIL)
    data.erase_account(ANN, EMAIL)

    left = list(adapter_table.every())
    named = [item for item in left if ANN in repr(item) or EMAIL in repr(item)]
    assert named == []
    assert {item["userId"] for item in left if item["SK"].startswith("MSG#")} == {"former-member"}
    tom = adapter_table.get(accounts.user("tom"), accounts.PROFILE)
    assert tom is not None
    assert tom["studentCount"] == 2


def test_what_is_done_twice_counts_once(adapter_table: Table) -> None:
    class Repeating(DynamoPersonalData):
        """Meets every row twice, as after an answer that was lost."""

        def _all(self, user_id: str) -> Iterator[tuple[str, dict[str, Any]]]:
            found = list(super()._all(user_id))
            yield from (row for row in found for _ in range(2))

    for one in ROWS:
        adapter_table.write(Put(one))
    places = PersonalPlaces(Objects(), "bucket", Forgetful())  # type: ignore[arg-type]
    Repeating(adapter_table, places).erase(ANN)
    tom = adapter_table.get(accounts.user("tom"), accounts.PROFILE)
    assert tom is not None
    assert tom["studentCount"] == 2
    assert adapter_table.get(tutoring.tutor("tom"), tutoring.student(ANN)) is None


def test_files_that_rows_name_go_with_them(adapter_table: Table) -> None:
    objects = Objects()
    for one in ROWS:
        adapter_table.write(Put(one))
    places = PersonalPlaces(objects, "bucket", Forgetful())  # type: ignore[arg-type]
    DynamoPersonalData(adapter_table, places).erase(ANN)
    assert {"uploads/r1/x.png", "user-audio/elsewhere.webm", f"profile-images/{ANN}/one"} <= set(objects.removed)
