"""Rows of release 0.1.0 are moved to keys by userId, however often and wherever it was broken off."""

from typing import Any

import pytest

from shared.adapters.dynamodb import migrations
from shared.adapters.dynamodb.accounts import DynamoAccounts
from shared.adapters.dynamodb.feedback import DynamoFeedback
from shared.adapters.dynamodb.migrations import key_people_by_id
from shared.adapters.dynamodb.table import Put, Table
from shared.adapters.dynamodb.tutoring import DynamoTutoring
from shared.domains.tutoring.models import RequestStatus

TUTOR, STUDENT, AT = "tutor@example.com", "student@example.com", "2026-01-02T03:04:05.000000Z"
NAMES = {"tutorEmail": TUTOR, "tutorId": "t1", "studentEmail": STUDENT, "studentId": "s1"}


def account(user_id: str, email: str, **fields: Any) -> dict[str, Any]:
    given = {"PK": f"USER#{user_id}", "SK": "PROFILE", "GSI2PK": f"EMAIL#{email}", "GSI2SK": "PROFILE"}
    said = {"userId": user_id, "email": email, "name": "x", "role": "student", "isConfirmed": True, "createdAt": AT}
    return given | {"timeZone": "Asia/Seoul"} | said | fields


def request(number: int, status: str) -> dict[str, Any]:
    place = {
        "PK": f"REQUEST#r{number}",
        "SK": "METADATA",
        "GSI1PK": f"TUTOR#{TUTOR}#{status}",
        "GSI1SK": f"{AT}#r{number}",
    }
    by_student = {"GSI2PK": f"STUDENT#{STUDENT}#REQUESTS", "GSI2SK": AT, "tutorEmailStatus": f"{TUTOR}#{status}"}
    return place | by_student | NAMES | {"requestId": f"r{number}", "status": status, "message": "", "createdAt": AT}


ROWS = (
    account("t1", TUTOR, role="tutor"),
    account("s1", STUDENT),
    account("u9", "never@example.com", isConfirmed=False),
    request(1, "APPROVED"),
    request(2, "PENDING"),
    {"PK": f"PENDING#{TUTOR}#{STUDENT}", "SK": "LOCK", "requestId": "r2"},
    {"PK": f"PENDING#{TUTOR}#gone@example.com", "SK": "LOCK", "requestId": "r9"},
    {"PK": f"TUTOR#{TUTOR}", "SK": f"STUDENT#{STUDENT}", "GSI1PK": f"STUDENT#{STUDENT}#TUTORS", "GSI1SK": AT}
    | NAMES
    | {"assignedAt": AT, "requestId": "r1", "status": "active"},
    {"PK": f"FEEDBACK#{TUTOR}#{STUDENT}", "SK": f"{AT}#f1", "GSI2PK": "FEEDBACK#f1", "GSI2SK": "METADATA"}
    | {"feedback_id": "f1", "tutor_email": TUTOR, "tutor_id": "t1", "student_email": STUDENT, "student_id": "s1"}
    | {"message": "Good", "message_type": "text", "timestamp": AT, "websocket_sent": True},
)


@pytest.fixture
def old(adapter_table: Table) -> Table:
    for row in ROWS:
        adapter_table.write(Put(row))
    return adapter_table


def check(table: Table) -> None:
    accounts, tutoring = DynamoAccounts(table), DynamoTutoring(table)
    assert [accounts.owner(one) for one in (TUTOR, STUDENT, "never@example.com")] == ["t1", "s1", None]
    assert [one.student_id for one in tutoring.students_of("t1")] == ["s1"]
    assert [one.tutor_id for one in tutoring.tutors_of("s1")] == ["t1"]
    received = tutoring.received("t1", RequestStatus.PENDING, limit=9, position=None).items
    assert [one.request_id for one in received] == ["r2"]
    assert len(tutoring.sent("s1", None, limit=9, position=None).items) == 2
    assert [one.message for one in DynamoFeedback(table).between("t1", "s1", limit=9, position=None).items] == ["Good"]
    assert table.get("PENDING#t1#s1", "LOCK") is not None
    assert not [item for item in table.every() if "@" in item["PK"] + item.get("GSI1PK", "") + item.get("GSI2PK", "")]


def test_every_row_is_moved_and_again_nothing_happens(old: Table) -> None:
    moved = key_people_by_id(old)
    assert moved.rows == {"account": 3, "request": 2, "lock": 2, "relation": 1, "feedback": 1}
    check(old)
    again = key_people_by_id(old)
    assert (again.rows, again.contested) == ({}, [])
    check(old)


def test_what_was_broken_off_is_finished(old: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(migrations, "_KINDS", migrations._KINDS[::2])
        key_people_by_id(old)
    key_people_by_id(old)
    check(old)


def test_two_accounts_of_one_email_are_told_of(old: Table) -> None:
    old.write(Put(account("s2", STUDENT.upper())))
    assert len(key_people_by_id(old).contested) == 1
    assert len(key_people_by_id(old).contested) == 1
