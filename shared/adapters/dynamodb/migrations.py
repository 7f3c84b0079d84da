"""Moving rows of release 0.1.0, which named people by e-mail, to keys by userId."""

from collections.abc import Callable
from dataclasses import dataclass, field

from shared.adapters.dynamodb.accounts import owner_item
from shared.adapters.dynamodb.items import METADATA
from shared.adapters.dynamodb.keys import accounts as account_keys
from shared.adapters.dynamodb.keys import feedback as feedback_keys
from shared.adapters.dynamodb.keys import tutoring as keys
from shared.adapters.dynamodb.table import NEW, PRESENT, ConditionFailed, Delete, Item, Put, Table, Update, Write
from shared.kernel.emails import named_email


@dataclass
class Moved:
    """How many rows of each kind were moved, and which e-mails two accounts claim."""

    rows: dict[str, int] = field(default_factory=dict)
    contested: list[str] = field(default_factory=list)

    def count(self, kind: str) -> None:
        """Count one row."""
        self.rows[kind] = self.rows.get(kind, 0) + 1


def key_people_by_id(table: Table) -> Moved:
    """Move every row that an e-mail names to its userId; again, or after it was broken off, it does what is left.

    It reads the whole table, 1 MB a call. Gateways and workers of release 0.1.0 must have stopped: they would go on
    writing the old keys.
    """
    moved = Moved()
    for item in table.every():
        for kind, belongs, move in _KINDS:
            if belongs(item):
                _try(table, kind, move(table, item), item, moved)
    return moved


def _try(table: Table, kind: str, writes: list[Write], item: Item, moved: Moved) -> None:
    if not writes:
        return
    try:
        table.transact(writes)
    except ConditionFailed:
        # Moved by another run meanwhile, or, of an account, an e-mail that is another's already.
        if kind == "account":
            moved.contested.append(str(item["userId"]))
        return
    moved.count(kind)


def _is_old_account(item: Item) -> bool:
    return item["SK"] == account_keys.PROFILE and "GSI2PK" in item


def _account(_table: Table, item: Item) -> list[Write]:
    """An account gets the item that makes its e-mail its own, where the e-mail was proved."""
    done = Update(item["PK"], item["SK"], remove=("GSI2PK", "GSI2SK"), condition=PRESENT)
    email = named_email(item["email"])
    if not item.get("isConfirmed") or not email:
        return [done]
    return [done, Put(owner_item(email, item["userId"]), NEW)]


def _is_old_request(item: Item) -> bool:
    return bool(item["PK"].startswith("REQUEST#") and item["SK"] == METADATA and item["GSI2PK"] != _sent(item))


def _request(_table: Table, item: Item) -> list[Write]:
    place = {"GSI1PK": keys.requests_to(item["tutorId"], item["status"]), "GSI2PK": _sent(item)}
    return [Update(item["PK"], item["SK"], put=place, condition=PRESENT)]


def _sent(item: Item) -> str:
    return keys.requests_of(item["studentId"])


def _is_old_lock(item: Item) -> bool:
    return item["PK"].startswith("PENDING#") and "@" in item["PK"]


def _lock(table: Table, item: Item) -> list[Write]:
    """The lock of a pair follows its request; one without a request holds nothing."""
    request = table.get(keys.tutor_request(item["requestId"]), METADATA)
    pair = keys.pending(request["tutorId"], request["studentId"]) if request else None
    return _moved(item, {"PK": pair}) if pair else [Delete(item["PK"], item["SK"], PRESENT)]


def _is_old_relation(item: Item) -> bool:
    return bool(item["PK"].startswith("TUTOR#") and item["PK"] != keys.tutor(item["tutorId"]))


def _relation(_table: Table, item: Item) -> list[Write]:
    place = {"PK": keys.tutor(item["tutorId"]), "SK": keys.student(item["studentId"])}
    return _moved(item, place | {"GSI1PK": keys.tutors_of(item["studentId"])})


def _is_old_feedback(item: Item) -> bool:
    place = item["PK"]
    return bool(place.startswith("FEEDBACK#") and place != feedback_keys.feedback(item["tutor_id"], item["student_id"]))


def _feedback(_table: Table, item: Item) -> list[Write]:
    return _moved(item, {"PK": feedback_keys.feedback(item["tutor_id"], item["student_id"])})


def _moved(item: Item, place: Item) -> list[Write]:
    return [Put(item | place, NEW), Delete(item["PK"], item["SK"], PRESENT)]


_Belongs = Callable[[Item], bool]
_Move = Callable[[Table, Item], list[Write]]
_KINDS: tuple[tuple[str, _Belongs, _Move], ...] = (
    ("account", _is_old_account, _account),
    ("request", _is_old_request, _request),
    ("lock", _is_old_lock, _lock),
    ("relation", _is_old_relation, _relation),
    ("feedback", _is_old_feedback, _feedback),
)
