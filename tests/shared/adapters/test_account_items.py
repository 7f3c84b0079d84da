"""Accounts in the table, and found by the indexes."""

from typing import Any

import pytest

from shared.adapters.dynamodb import keys
from shared.adapters.dynamodb.accounts import DynamoAccounts
from shared.adapters.dynamodb.table import Table
from shared.adapters.memory.accounts import MemoryAccounts
from shared.domains.accounts.errors import AccountNotFound
from shared.domains.accounts.models import Account, Language, Role

ACCOUNT = Account(
    user_id="u1", email="min@example.com", name="민지", role=Role.STUDENT, created_at="2026-01-02T03:04:05Z"
)
TUTOR = ACCOUNT.model_copy(
    update={"user_id": "u2", "email": "tutor@example.com", "role": Role.TUTOR, "is_accepting": True, "max_students": 10}
)


@pytest.fixture(params=["memory", "table"])
def accounts(request: pytest.FixtureRequest) -> Any:
    return MemoryAccounts() if request.param == "memory" else DynamoAccounts(request.getfixturevalue("adapter_table"))


def test_what_is_added_is_found_and_added_again_nothing_changes(accounts: Any) -> None:
    assert accounts.get("u1") is None
    accounts.add(ACCOUNT)
    accounts.add(ACCOUNT.model_copy(update={"name": "another"}))
    assert accounts.get("u1") == ACCOUNT


def test_fields_are_set_and_cleared(accounts: Any) -> None:
    accounts.add(TUTOR)
    changed = accounts.change("u2", {"language": Language.KOREAN, "level": "advanced", "is_accepting": False})
    assert changed == TUTOR.model_copy(update={"language": "ko", "level": "advanced", "is_accepting": False})
    assert accounts.change("u2", {"level": None}).level is None
    assert accounts.get("u2") == changed.model_copy(update={"level": None})
    with pytest.raises(AccountNotFound):
        accounts.change("nobody", {"name": "x"})
    assert accounts.get("nobody") is None


def test_a_proved_email_is_noted_once_and_an_unknown_one_passed_over(accounts: Any) -> None:
    accounts.add(ACCOUNT)
    accounts.confirm("min@example.com")
    accounts.confirm("min@example.com")
    accounts.confirm("nobody@example.com")
    assert accounts.get("u1").is_confirmed


def listed(table: Table) -> list[str]:
    return [item["GSI1SK"] for item in table.query(keys.TUTORS, index="GSI1").items]


def test_a_tutor_is_listed_by_name_once_the_email_is_proved(adapter_table: Table) -> None:
    accounts = DynamoAccounts(adapter_table)
    accounts.add(TUTOR)
    accounts.add(ACCOUNT)
    assert listed(adapter_table) == []

    accounts.confirm(TUTOR.email)
    accounts.confirm(ACCOUNT.email)
    assert listed(adapter_table) == ["민지#u2"]

    accounts.change("u2", {"name": "가람"})
    assert listed(adapter_table) == ["가람#u2"]
    accounts.change("u2", {"level": "advanced"})
    assert listed(adapter_table) == ["가람#u2"]


def test_an_account_is_found_by_email_in_any_case(adapter_table: Table) -> None:
    DynamoAccounts(adapter_table).add(ACCOUNT)
    found = adapter_table.query(keys.email("MIN@example.com"), index="GSI2").items
    assert [item["userId"] for item in found] == ["u1"]
