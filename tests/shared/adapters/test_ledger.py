"""The idempotency ledger: one conformance for the table and for memory."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from shared.adapters.dynamodb.items import METADATA
from shared.adapters.dynamodb.keys import ledger as keys
from shared.adapters.dynamodb.ledger import DynamoLedger, Outcome
from shared.adapters.dynamodb.table import Table, Update
from shared.adapters.memory.ledger import MemoryLedger


@pytest.fixture(params=["memory", "table"])
def ledger(request: pytest.FixtureRequest) -> Any:
    if request.param == "memory":
        return MemoryLedger()
    return DynamoLedger(request.getfixturevalue("adapter_table"))


def test_of_many_at_once_one_begins(adapter_table: Table) -> None:
    ledger = DynamoLedger(adapter_table)
    with ThreadPoolExecutor(8) as pool:
        outcomes = [entry.outcome for entry in pool.map(lambda _: ledger.begin("k", lease_seconds=60), range(16))]
    assert sorted(outcomes) == [Outcome.BEGUN, *[Outcome.RUNNING] * 15]


def test_what_is_done_is_remembered_with_its_result(ledger: Any) -> None:
    begun = ledger.begin("k", lease_seconds=60)
    assert begun.outcome is Outcome.BEGUN
    assert ledger.complete("k", begun.fence, {"status": 201, "words": ["하나", "two"]})
    found = ledger.begin("k", lease_seconds=60)
    assert (found.outcome, found.result) == (Outcome.DONE, {"status": 201, "words": ["하나", "two"]})
    assert ledger.begin("another", lease_seconds=60).outcome is Outcome.BEGUN


def test_a_released_key_may_be_begun_at_once(ledger: Any) -> None:
    first = ledger.begin("k", lease_seconds=60)
    assert ledger.release("k", first.fence)
    second = ledger.begin("k", lease_seconds=60)
    assert second.outcome is Outcome.BEGUN
    assert second.fence > first.fence


def test_who_lost_the_lease_cannot_complete_or_release(ledger: Any) -> None:
    late = ledger.begin("k", lease_seconds=-1)
    current = ledger.begin("k", lease_seconds=60)
    assert current.outcome is Outcome.BEGUN
    assert not ledger.complete("k", late.fence, "late")
    assert not ledger.release("k", late.fence)
    assert ledger.complete("k", current.fence, "current")
    assert ledger.begin("k", lease_seconds=60).result == "current"


def test_what_has_expired_begins_anew_though_the_table_still_has_it(adapter_table: Table) -> None:
    ledger = DynamoLedger(adapter_table)
    begun = ledger.begin("k", lease_seconds=60)
    ledger.complete("k", begun.fence, "old")
    adapter_table.write(Update(keys.once("k"), METADATA, put={"ttl": 1}))
    assert ledger.begin("k", lease_seconds=60).outcome is Outcome.BEGUN
