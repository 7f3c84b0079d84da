"""The judge of the drills sees what it is there to see."""

from typing import Any

from cli.drills.record import Record, judge
from speaktracker_client.models import Ack


def recorded(*words: str) -> Record:
    record = Record()
    for number, one in enumerate(words):
        record.send(one)
        record.acknowledge(one, Ack(one, f"id of {one}", number, f"{number}"))
    return record


def stored(*words: str) -> list[dict[str, Any]]:
    return [{"content": one, "messageId": f"id of {one}"} for one in words]


def test_what_is_stored_once_and_in_order_is_good() -> None:
    outcome = judge(recorded("a 1", "b 1", "a 2"), stored("b 1", "a 1", "a 2"))

    assert outcome.is_good
    assert (outcome.sent, outcome.acknowledged, outcome.found) == (3, 3, 3)


def test_what_was_acknowledged_and_is_not_there_is_lost() -> None:
    assert judge(recorded("a 1", "a 2"), stored("a 1")).lost == 1


def test_what_was_shown_and_is_not_there_is_lost() -> None:
    record = recorded("a 1")
    record.send("a 2")
    record.shown = {"id of a 1": "a 1", "id of a 2": "a 2"}

    assert judge(record, stored("a 1")).lost == 1


def test_what_was_sent_and_never_acknowledged_may_be_there_or_not() -> None:
    record = recorded("a 1")
    record.send("a 2")

    assert judge(record, stored("a 1", "a 2")).is_good
    assert judge(record, stored("a 1")).is_good


def test_what_is_there_twice_is_doubled() -> None:
    assert judge(recorded("a 1"), stored("a 1", "a 1")).doubled == 1


def test_what_nobody_sent_is_a_fault() -> None:
    assert judge(recorded("a 1"), stored("a 1", "a 2")).faults == ["1 that nobody sent"]


def test_what_has_another_id_than_was_told_is_a_fault() -> None:
    found = [{"content": "a 1", "messageId": "another"}]

    assert judge(recorded("a 1"), found).faults == ["1 under another id"]


def test_a_senders_words_in_another_order_are_a_fault() -> None:
    record, found = recorded("a 1", "a 2", "a 10"), stored("a 1", "a 10", "a 2")

    assert judge(record, found).faults == ["1 out of a sender's order"]
    assert judge(record, found, in_order=False).is_good
