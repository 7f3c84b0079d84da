"""Accounts in the table."""

from typing import Any

from shared.adapters.dynamodb import keys
from shared.adapters.dynamodb.table import NEW, PRESENT, ConditionFailed, Item, Put, Table, Update
from shared.domains.accounts.errors import AccountNotFound
from shared.domains.accounts.models import Account, Role

_NO_KEYS = ("PK", "SK", "GSI1PK", "GSI1SK", "GSI2PK", "GSI2SK")


class DynamoAccounts:
    """The port AccountStore."""

    def __init__(self, table: Table) -> None:
        """Use the table."""
        self._table = table

    def get(self, user_id: str) -> Account | None:
        """Return an account."""
        item = self._table.get(keys.user(user_id), keys.PROFILE)
        return _account(item) if item else None

    def add(self, account: Account) -> None:
        """Store a new account; where it is there already nothing changes."""
        try:
            self._table.write(Put(_item(account), NEW))
        except ConditionFailed:
            return

    def change(self, user_id: str, fields: dict[str, Any]) -> Account:
        """Set fields by their names in the model, None clears, and return the account."""
        aliases = {name: field.alias or name for name, field in Account.model_fields.items()}
        put = {aliases[name]: value for name, value in fields.items()}
        if not put:  # DynamoDB takes no change of nothing
            return self._present(user_id)
        try:
            account = _account(self._table.write(_update(user_id, put), want="ALL_NEW"))
        except ConditionFailed as problem:
            raise AccountNotFound from problem
        if _is_listed(account) and not fields.keys().isdisjoint(("name", "is_confirmed")):
            self._table.write(_update(user_id, _tutor_place(account)))
        return account

    def _present(self, user_id: str) -> Account:
        account = self.get(user_id)
        if account is None:
            raise AccountNotFound
        return account

    def confirm(self, email: str) -> None:
        """Note that an e-mail was proved; unknown or again changes nothing."""
        for item in self._table.query(keys.email(email), index="GSI2", limit=1).items:
            self.change(item["userId"], {"is_confirmed": True})


def _update(user_id: str, put: dict[str, Any]) -> Update:
    return Update(keys.user(user_id), keys.PROFILE, put=put, condition=PRESENT)


def _is_listed(account: Account) -> bool:
    return account.role is Role.TUTOR and account.is_confirmed


def _tutor_place(account: Account) -> dict[str, str]:
    return {"GSI1PK": keys.TUTORS, "GSI1SK": f"{account.name}#{account.user_id}"}


def _item(account: Account) -> Item:
    place = {"PK": keys.user(account.user_id), "SK": keys.PROFILE}
    by_email = {"GSI2PK": keys.email(account.email), "GSI2SK": keys.PROFILE}
    listed = _tutor_place(account) if _is_listed(account) else {}
    return account.model_dump(by_alias=True, exclude_none=True) | place | by_email | listed


def _account(item: Item) -> Account:
    return Account.model_validate({name: value for name, value in item.items() if name not in _NO_KEYS}, extra="ignore")
