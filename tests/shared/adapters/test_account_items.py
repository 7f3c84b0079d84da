"""Accounts in the table, and found by the indexes."""

from typing import Any

import pytest

from shared.adapters.dynamodb.accounts import DynamoAccounts
from shared.adapters.dynamodb.keys import tutoring as keys
from shared.adapters.dynamodb.table import Table
from shared.adapters.memory.accounts import MemoryAccounts
from shared.domains.accounts.errors import AccountNotFound, EmailTaken
from shared.domains.accounts.models import Account, Language, Role
from tests.shared.adapters.concurrency import together

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


def listed(table: Table) -> list[str]:
    return [item["GSI1SK"] for item in table.query(keys.TUTORS, index="GSI1").items]


def test_a_tutor_is_listed_by_name_once_the_email_is_proved(adapter_table: Table) -> None:
    accounts = DynamoAccounts(adapter_table)
    accounts.add(TUTOR)
    accounts.add(ACCOUNT)
    assert listed(adapter_table) == []

    for one in ("u1", "u2"):
        accounts.change(one, {"is_confirmed": True})
    assert listed(adapter_table) == ["민지#u2"]

    accounts.change("u2", {"name": "가람"})
    assert listed(adapter_table) == ["가람#u2"]
    accounts.change("u2", {"level": "advanced"})
    assert listed(adapter_table) == ["가람#u2"]


def test_an_email_is_one_accounts(accounts: Any) -> None:
    accounts.add(ACCOUNT)
    other = ACCOUNT.model_copy(update={"user_id": "u9"})
    with pytest.raises(EmailTaken):
        accounts.add(other)
    assert accounts.get("u9") is None
    assert accounts.owner(ACCOUNT.email) == "u1"
    assert accounts.owner("nobody@example.com") is None

    accounts.add(other, replacing="u1")
    assert accounts.owner(ACCOUNT.email) == "u9"
    with pytest.raises(EmailTaken):
        accounts.add(ACCOUNT.model_copy(update={"user_id": "u10"}), replacing="u1")


def test_an_account_takes_another_email_and_frees_the_one_before(accounts: Any) -> None:
    accounts.add(ACCOUNT)
    accounts.add(TUTOR)
    with pytest.raises(EmailTaken):
        accounts.change_email(ACCOUNT, TUTOR.email)
    assert accounts.change_email(ACCOUNT, "new@example.com").email == "new@example.com"
    assert [accounts.owner(one) for one in (ACCOUNT.email, "new@example.com")] == [None, "u1"]


def test_of_two_who_take_an_email_at_once_one_has_it(adapter_table: Table) -> None:
    accounts = DynamoAccounts(adapter_table)

    def take(number: int) -> bool:
        try:
            accounts.add(ACCOUNT.model_copy(update={"user_id": f"u{number}"}))
        except EmailTaken:
            return False
        return True

    taken = together(8, take)
    assert sum(taken) == 1
    assert accounts.owner(ACCOUNT.email) == f"u{taken.index(True)}"
