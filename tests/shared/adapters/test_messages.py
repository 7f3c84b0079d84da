import json
from typing import Any

import pytest

from shared.adapters.dynamodb.messages import DynamoMessages
from shared.adapters.dynamodb.table import Table
from shared.adapters.memory.messages import MemoryMessages
from shared.domains.messages.models import Highest, Message, MessageType
from shared.domains.messages.ports import MessageStore
from tests.builders import a_message
from tests.shared.adapters.concurrency import together


@pytest.fixture(params=["memory", "dynamodb"])
def messages(request: pytest.FixtureRequest) -> MessageStore:
    if request.param == "memory":
        return MemoryMessages()
    return DynamoMessages(request.getfixturevalue("adapter_table"))


def everything(messages: MessageStore, room_id: str = "r1") -> list[Message]:
    return messages.before(room_id, None, limit=1000).items


def test_messages_come_back_newest_first(messages: MessageStore) -> None:
    said = [a_message(seq) for seq in range(1, 8)]
    messages.add_all([*said, a_message(1, room_id="r2", message_id="other")])

    assert everything(messages) == said[::-1]
    assert messages.before("r1", said[3].created_at, limit=2).items == [said[2], said[1]]
    assert messages.before("r1", said[0].created_at, limit=2).items == []
    assert everything(messages, "r3") == []


def test_a_page_says_whether_there_is_more(messages: MessageStore) -> None:
    messages.add_all([a_message(seq) for seq in range(1, 4)])

    assert messages.before("r1", None, limit=3).position is None
    more = messages.before("r1", None, limit=2)
    assert [one.seq for one in more.items] == [3, 2]
    assert more.position is not None
    json.dumps(more.position)


@pytest.mark.parametrize("content", ["안녕 👋🏽", "x" * 4000, "한" * 4000, "null", "\u0000\n"])
def test_a_message_is_kept_as_it_was_said(messages: MessageStore, content: str) -> None:
    said = a_message(content=content, message_type=MessageType.IMAGE, key="uploads/r1/u1/a.png")
    messages.add_all([said])

    assert everything(messages) == [said]
    assert messages.find("m1", "r1") == said


def test_one_is_found_by_its_id_in_its_own_room_only(messages: MessageStore) -> None:
    messages.add_all([a_message(seq) for seq in range(1, 4)])

    assert messages.find("m2", "r1") == a_message(2)
    assert messages.find("m2", "r2") is None
    assert messages.find("unknown", "r1") is None


def test_the_highest_is_over_the_epochs(messages: MessageStore) -> None:
    assert messages.highest("r1") == Highest(0, None)
    late = "2026-01-02T04:00:00.000000Z"
    messages.add_all([a_message(seq) for seq in range(1, 30)])
    messages.add_all([a_message(5, message_id="x", epoch="e2", created_at=late)])

    assert messages.highest("r1") == Highest(29, late)


def test_writing_again_changes_nothing(messages: MessageStore) -> None:
    said = [a_message(seq) for seq in range(1, 61)]
    for _ in range(2):
        messages.add_all([*said, said[0]])
    messages.add_all([])

    assert everything(messages) == said[::-1]


def test_of_one_id_with_two_places_the_first_is_kept(messages: MessageStore) -> None:
    first, second = a_message(1, message_id="same"), a_message(9, message_id="same", epoch="e2")
    for one in (first, second, first, second):
        messages.add_once(one)

    assert everything(messages) == [first]
    assert messages.find("same", "r1") == first


def test_a_place_written_among_many_counts_too(messages: MessageStore) -> None:
    first, second = a_message(1, message_id="same"), a_message(9, message_id="same", epoch="e2")
    messages.add_all([first])
    messages.add_once(first)
    messages.add_once(second)

    assert everything(messages) == [first]


def test_of_many_places_written_at_once_one_is_kept(adapter_table: Table) -> None:
    messages = DynamoMessages(adapter_table)
    places = [a_message(seq, message_id="same", epoch=f"e{seq}") for seq in range(1, 17)]

    outcomes = together(16, lambda number: messages.add_once(places[number]))

    assert outcomes == [None] * 16
    kept = everything(messages)
    assert len(kept) == 1
    assert messages.find("same", "r1") == kept[0]


def test_a_message_of_a_later_version_is_still_read(adapter_table: Table) -> None:
    messages = DynamoMessages(adapter_table)
    messages.add_all([a_message()])
    key: dict[str, Any] = {"PK": {"S": "ROOM#r1"}, "SK": {"S": f"MSG#{a_message().created_at}#m1"}}
    adapter_table._client.update_item(
        TableName=adapter_table.name,
        Key=key,
        UpdateExpression="SET maleVoiceKey = :one",
        ExpressionAttributeValues={":one": {"S": "x"}},
    )

    assert everything(messages) == [a_message()]
