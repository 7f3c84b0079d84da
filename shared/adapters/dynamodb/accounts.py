"""Accounts in the table, and the owners of e-mails."""

from typing import Any

from boto3.dynamodb.conditions import Attr

from shared.adapters.dynamodb.keys import accounts as keys
from shared.adapters.dynamodb.keys import rooms as room_keys
from shared.adapters.dynamodb.keys import tutoring as tutoring_keys
from shared.adapters.dynamodb.table import NEW, PRESENT, ConditionFailed, Delete, Item, Put, Table, Update, Write
from shared.domains.accounts.errors import AccountNotFound, EmailTaken
from shared.domains.accounts.models import Account, Role
from shared.kernel.emails import email_digest

_NO_KEYS = ("PK", "SK", "GSI1PK", "GSI1SK", "GSI2PK", "GSI2SK")


class DynamoAccounts:
    """The port AccountStore; an account and the item that makes its e-mail its own change in one transaction."""

    def __init__(self, table: Table) -> None:
        """Use the table."""
        self._table = table

    def get(self, user_id: str) -> Account | None:
        """Return an account."""
        item = self._table.get(keys.user(user_id), keys.PROFILE)
        return _account(item) if item else None

    def owner(self, email: str) -> str | None:
        """Return the userId of the account with this e-mail."""
        return owner_of(self._table, email)

    def add(self, account: Account, *, replacing: str | None = None) -> None:
        """Store a new account and make the e-mail its own; where it is there already nothing changes."""
        try:
            self._table.transact([Put(_item(account), NEW), _owning(account.email, account.user_id, replacing)])
        except ConditionFailed as refused:
            if self.get(account.user_id) is None:
                raise EmailTaken from refused

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

    def change_email(self, account: Account, email: str) -> Account:
        """Give an account another e-mail and free the one before."""
        held = Attr("PK").not_exists() | Attr("userId").eq(account.user_id)
        writes: list[Write] = [
            _owning(email, account.user_id, account.user_id),
            Delete(keys.email(email_digest(account.email)), room_keys.OWNER, held),
            _update(account.user_id, {"email": email}),
        ]
        try:
            self._table.transact(writes)
        except ConditionFailed as refused:
            raise EmailTaken from refused
        return self._present(account.user_id)

    def _present(self, user_id: str) -> Account:
        account = self.get(user_id)
        if account is None:
            raise AccountNotFound
        return account


def owner_of(table: Table, email: str) -> str | None:
    """Return the userId of the account with this e-mail."""
    item = table.get(keys.email(email_digest(email)), room_keys.OWNER) if email else None
    return str(item["userId"]) if item else None


def owner_item(email: str, user_id: str) -> Item:
    """Return the item that makes an e-mail somebody's."""
    return {"PK": keys.email(email_digest(email)), "SK": room_keys.OWNER, "userId": user_id}


def _owning(email: str, user_id: str, replacing: str | None) -> Put:
    free = NEW | Attr("userId").is_in([user_id, replacing or user_id])
    return Put(owner_item(email, user_id), free)


def _update(user_id: str, put: dict[str, Any]) -> Update:
    return Update(keys.user(user_id), keys.PROFILE, put=put, condition=PRESENT)


def _is_listed(account: Account) -> bool:
    return account.role is Role.TUTOR and account.is_confirmed


def _tutor_place(account: Account) -> dict[str, str]:
    return {"GSI1PK": tutoring_keys.TUTORS, "GSI1SK": f"{account.name}#{account.user_id}"}


def _item(account: Account) -> Item:
    place = {"PK": keys.user(account.user_id), "SK": keys.PROFILE}
    listed = _tutor_place(account) if _is_listed(account) else {}
    return account.model_dump(by_alias=True, exclude_none=True) | place | listed


def _account(item: Item) -> Account:
    return Account.model_validate({name: value for name, value in item.items() if name not in _NO_KEYS}, extra="ignore")
