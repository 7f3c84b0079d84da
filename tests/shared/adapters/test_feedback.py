import json
from typing import Any

import pytest

from shared.adapters.dynamodb.feedback import DynamoFeedback
from shared.adapters.dynamodb.table import Table
from shared.adapters.memory.feedback import MemoryFeedback
from shared.domains.feedback.models import Anchor, Feedback, FeedbackType
from shared.domains.feedback.ports import FeedbackStore

PAIR = ("tutor@example.com", "student@example.com")


def a_feedback(number: int = 1, **fields: Any) -> Feedback:
    given: dict[str, Any] = {
        "feedback_id": f"f{number}",
        "tutor_email": PAIR[0],
        "tutor_id": "tutor",
        "student_email": PAIR[1],
        "student_id": "student",
        "message": f"number {number}",
        "message_type": FeedbackType.TEXT,
        "timestamp": f"2026-01-02T03:04:{number:02d}.000000Z",
    }
    return Feedback(**given | fields)


@pytest.fixture(params=["memory", "dynamodb"])
def feedback(request: pytest.FixtureRequest) -> FeedbackStore:
    if request.param == "memory":
        return MemoryFeedback()
    return DynamoFeedback(request.getfixturevalue("adapter_table"))


def test_feedback_is_kept_as_it_was_sent(feedback: FeedbackStore) -> None:
    anchor = Anchor.model_validate({"messageId": "m1", "from": 0, "to": 4, "second": 2.5})
    sent = a_feedback(1, anchor=anchor, kind="praise", session_id="s", audio_url="https://x", websocket_sent=True)
    plain = a_feedback(2)
    for one in (sent, plain):
        feedback.keep(one)

    assert feedback.find("f1") == sent
    assert feedback.find("f2") == plain
    assert feedback.find("f3") is None
    assert feedback.undelivered("student") == [plain]


def test_once_sent_stays_sent_and_the_first_time_read_counts(feedback: FeedbackStore) -> None:
    at, later = "2026-01-03T00:00:00.000000Z", "2026-01-04T00:00:00.000000Z"
    known = [
        a_feedback(),
        a_feedback(websocket_sent=True),
        a_feedback(websocket_sent=True, read_at=at),
        a_feedback(websocket_sent=True, read_at=later),
        a_feedback(),
    ]
    for one in known:
        feedback.keep(one)

    assert feedback.find("f1") == known[2]
    assert feedback.undelivered("student") == []


def test_what_became_known_may_come_before_the_feedback_itself(feedback: FeedbackStore) -> None:
    read = a_feedback(websocket_sent=True, read_at="2026-01-03T00:00:00.000000Z")

    feedback.keep(read)
    feedback.keep(a_feedback())

    assert feedback.find("f1") == read
    assert feedback.undelivered("student") == []


def test_the_history_comes_in_pages_newest_first(feedback: FeedbackStore) -> None:
    for number in range(1, 6):
        feedback.keep(a_feedback(number, websocket_sent=number % 2 == 0))
    feedback.keep(a_feedback(9, student_email="other@example.com", student_id="other"))

    pages, position = [], None
    while not pages or position is not None:
        page = feedback.between("tutor", "student", limit=2, position=position)
        pages.append([one.feedback_id for one in page.items])
        position = json.loads(json.dumps(page.position))

    assert pages == [["f5", "f4"], ["f3", "f2"], ["f1"]]
    assert [one.feedback_id for one in feedback.undelivered("student")] == ["f1", "f3", "f5"]
    assert feedback.between("tutor@example.com", "nobody@example.com", limit=5, position=None).items == []


def test_the_item_has_the_keys_of_the_table(adapter_table: Table) -> None:
    store = DynamoFeedback(adapter_table)
    store.keep(a_feedback())
    place = ("FEEDBACK#tutor#student", "2026-01-02T03:04:01.000000Z#f1")
    item = adapter_table.get(*place)
    assert item is not None
    assert (item["GSI1PK"], item["GSI2PK"]) == ("USER#student#UNDELIVERED", "FEEDBACK#f1")
    assert (item["websocket_sent"], item["message_type"]) == (False, "text")

    store.keep(a_feedback(websocket_sent=True))

    settled = adapter_table.get(*place)
    assert settled is not None
    assert settled["websocket_sent"] is True
    assert "GSI1PK" not in settled
