from typing import Any

import pytest

from shared.adapters.dynamodb.rooms import DynamoRoomTokens
from shared.adapters.dynamodb.table import Table
from shared.adapters.memory.rooms import MemoryRoomTokens
from shared.domains.rooms.errors import TicketRefused
from shared.domains.rooms.models import RoomToken
from shared.domains.rooms.ports import RoomTokens
from tests.shared.adapters.concurrency import together


def a_token(token: str = "t1", **fields: Any) -> RoomToken:
    given = {"room_id": "r1", "user_id": "u1", "session_id": "s1", "language": "ko", "expires_at": 1_000}
    return RoomToken.model_validate({"token": token} | given | fields)


@pytest.fixture(params=["memory", "dynamodb"])
def tokens(request: pytest.FixtureRequest) -> RoomTokens:
    if request.param == "memory":
        return MemoryRoomTokens()
    return DynamoRoomTokens(request.getfixturevalue("adapter_table"))


def test_a_ticket_is_good_once(tokens: RoomTokens) -> None:
    tokens.issue(a_token())

    assert tokens.redeem("t1", now=999) == a_token()
    with pytest.raises(TicketRefused):
        tokens.redeem("t1", now=999)


def test_an_unknown_or_expired_ticket_is_refused(tokens: RoomTokens) -> None:
    tokens.issue(a_token())

    for token, now in (("unknown", 1), ("t1", 1_000), ("t1", 2_000)):
        with pytest.raises(TicketRefused):
            tokens.redeem(token, now=now)


def test_tickets_do_not_touch_each_other(tokens: RoomTokens) -> None:
    tokens.issue(a_token("t1"))
    tokens.issue(a_token("t2", user_id="u2"))

    assert tokens.redeem("t2", now=1).user_id == "u2"
    assert tokens.redeem("t1", now=1).user_id == "u1"


def test_a_ticket_issued_again_is_not_made_good_again(adapter_table: Table) -> None:
    tokens = DynamoRoomTokens(adapter_table)
    tokens.issue(a_token())
    tokens.redeem("t1", now=1)

    tokens.issue(a_token())

    with pytest.raises(TicketRefused):
        tokens.redeem("t1", now=1)
    item = adapter_table.get("TOKEN#t1", "METADATA")
    assert item is not None
    assert (item["status"], item["ttl"] > 1_000) == ("VALIDATED", True)


def test_of_a_hundred_who_use_one_ticket_at_once_one_succeeds(adapter_table: Table) -> None:
    tokens = DynamoRoomTokens(adapter_table)
    tokens.issue(a_token())

    outcomes = together(100, lambda _: tokens.redeem("t1", now=1))

    assert sum(one == a_token() for one in outcomes) == 1
    assert sum(isinstance(one, TicketRefused) for one in outcomes) == 99
