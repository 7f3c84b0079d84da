"""Sign-ins in the table."""

from boto3.dynamodb.conditions import Attr, Key

from shared.adapters.dynamodb.items import METADATA
from shared.adapters.dynamodb.keys import accounts as keys
from shared.adapters.dynamodb.table import NEW, PRESENT, ConditionFailed, Item, Put, Table, Update
from shared.domains.accounts.models import SignIn
from shared.kernel.ports import Clock
from shared.kernel.times import epoch_seconds, instant

UNUSED_SECONDS = 30 * 24 * 3600 + 3600
"""As long as a refresh token lives, and the last access token after it."""
_OPEN = Attr("endedAt").not_exists()


class DynamoSignIns:
    """The port SignInStore."""

    def __init__(self, table: Table, clock: Clock) -> None:
        """Use the table; the clock tells which have expired and are not removed yet."""
        self._table = table
        self._clock = clock

    def add(self, sign_in: SignIn) -> None:
        """Store a sign-in; the same again changes nothing."""
        try:
            self._table.write(Put(_item(sign_in), NEW))
        except ConditionFailed:
            return

    def of(self, user_id: str) -> list[SignIn]:
        """Return a person's sign-ins that have not ended, the last used first."""
        sort = Key("SK").begins_with(keys.sign_in(""))
        found = self._table.query(keys.user(user_id), sort=sort, consistent=True).items
        now = epoch_seconds(self._clock.now())
        living = [SignIn.model_validate(item, extra="ignore") for item in found if item["ttl"] > now]
        is_open = [one for one in living if one.ended_at is None]
        return sorted(is_open, key=lambda one: one.last_used_at, reverse=True)

    def touch(self, user_id: str, sign_in_id: str, at: str) -> None:
        """Note a use; an unknown or ended one is passed over."""
        self._set(user_id, sign_in_id, {"lastUsedAt": at, "ttl": _ttl(at)})

    def end(self, user_id: str, sign_in_id: str, at: str) -> bool:
        """Note an end, and tell whether there was such a sign-in, not ended yet."""
        return self._set(user_id, sign_in_id, {"endedAt": at})

    def _set(self, user_id: str, sign_in_id: str, fields: Item) -> bool:
        try:
            self._table.write(
                Update(keys.user(user_id), keys.sign_in(sign_in_id), put=fields, condition=PRESENT & _OPEN)
            )
        except ConditionFailed:
            return False
        return True


def _ttl(at: str) -> int:
    return epoch_seconds(instant(at)) + UNUSED_SECONDS


def _item(one: SignIn) -> Item:
    return one.wire() | {
        "PK": keys.user(one.user_id),
        "SK": keys.sign_in(one.sign_in_id),
        "GSI2PK": keys.sign_in(one.sign_in_id),
        "GSI2SK": METADATA,
        "ttl": _ttl(one.last_used_at),
    }
