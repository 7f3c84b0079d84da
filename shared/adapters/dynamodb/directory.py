"""People as tutoring needs them, read from the accounts in the table."""

import unicodedata

from shared.adapters.dynamodb.accounts import owner_of
from shared.adapters.dynamodb.keys import accounts as account_keys
from shared.adapters.dynamodb.keys import tutoring as keys
from shared.adapters.dynamodb.table import Item, Table
from shared.domains.accounts.models import Role
from shared.domains.tutoring.models import Person, Tutor, handled
from shared.kernel.pages import Page, Position

_READ_AT_ONCE = 100
MOST_READ = 1_000
"""Tutors that one page of a search reads at most; where they do not fill it, the page is short and goes on."""
_PLACE = ("PK", "SK", "GSI1PK", "GSI1SK")


class DynamoDirectory:
    """The port TutorDirectory; it only reads."""

    def __init__(self, table: Table) -> None:
        """Use the table."""
        self._table = table

    def owner(self, email: str) -> str | None:
        """Return the userId of the person who has proved this e-mail."""
        return owner_of(self._table, email)

    def tutor(self, email: str) -> Tutor | None:
        """Return a tutor whose e-mail was proved, as things stand."""
        user_id = handled(email) or self.owner(email)
        item = self._table.get(account_keys.user(user_id), account_keys.PROFILE) if user_id else None
        return _tutor(item) if item and item["role"] == Role.TUTOR and item.get("isConfirmed") else None

    def tutors(self, search: str | None, *, limit: int, position: Position | None) -> Page[Tutor]:
        """Return tutors by name; DynamoDB cannot search without regard to case, so names are compared here."""
        wanted = _folded(search or "")
        found: list[Item] = []
        for _ in range(MOST_READ // _READ_AT_ONCE):
            page = self._table.query(keys.TUTORS, index="GSI1", limit=_READ_AT_ONCE, start=position)
            found += [item for item in page.items if wanted in _folded(item["name"])]
            if len(found) > limit:
                place = {name: found[limit - 1][name] for name in _PLACE}
                return Page([_tutor(item) for item in found[:limit]], place)
            position = page.position
            if position is None:
                break
        return Page([_tutor(item) for item in found], position)

    def people(self, user_ids: list[str]) -> dict[str, Person]:
        """Return those of these people who exist, by their ids."""
        items = self._table.batch_get([(account_keys.user(one), account_keys.PROFILE) for one in user_ids])
        return {item["userId"]: Person.model_validate(item, extra="ignore") for item in items}


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def _tutor(item: Item) -> Tutor:
    return Tutor.model_validate(item, extra="ignore")
