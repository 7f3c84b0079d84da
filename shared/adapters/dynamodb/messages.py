"""Messages in the table."""

from boto3.dynamodb.conditions import Key

from shared.adapters.dynamodb.items import METADATA
from shared.adapters.dynamodb.keys import accounts as account_keys
from shared.adapters.dynamodb.keys import ledger as ledger_keys
from shared.adapters.dynamodb.keys import messages as keys
from shared.adapters.dynamodb.keys import rooms as room_keys
from shared.adapters.dynamodb.table import NEW, PRESENT, ConditionFailed, Item, Put, Table, Update
from shared.domains.messages.models import Highest, Message
from shared.kernel.pages import Page
from shared.kernel.times import epoch_seconds, instant

REMEMBER_IDS_SECONDS = 2 * 86_400
_LOOK_BACK = 50


class DynamoMessages:
    """The port MessageStore: the key holds the creation time, so the same message again writes the same item."""

    def __init__(self, table: Table) -> None:
        """Use the table."""
        self._table = table

    def before(self, room_id: str, created_at: str | None, *, limit: int) -> Page[Message]:
        """Return messages, newest first, those before a creation time where one is given."""
        start = keys.message("", "")[:-1]
        sort = Key("SK").between(start, f"{start}{created_at}") if created_at else Key("SK").begins_with(start)
        page = self._table.query(room_keys.room(room_id), sort=sort, limit=limit, newest_first=True, consistent=True)
        return Page([_message(item) for item in page.items], page.position)

    def find(self, message_id: str, room_id: str) -> Message | None:
        """Return one message by its id: first by the entry that doubtful ones leave, then by the index."""
        entry = self._table.get(ledger_keys.once(message_id), METADATA)
        if entry is not None:
            item = self._table.get(room_keys.room(room_id), entry["messageKey"])
            return _message(item) if item else None
        in_room = Key("GSI2SK").eq(room_keys.room(room_id))
        page = self._table.query(keys.message_by_id(message_id), index="GSI2", sort=in_room, limit=1)
        return _message(page.items[0]) if page.items else None

    def highest(self, room_id: str) -> Highest:
        """Return what the stored messages of a room reach; the newest few may be of two epochs."""
        newest = self.before(room_id, None, limit=_LOOK_BACK).items
        if not newest:
            return Highest(0, None)
        return Highest(max(one.seq for one in newest), newest[0].created_at)

    def add_all(self, messages: list[Message]) -> None:
        """Write many; the same messages again change nothing."""
        self._table.batch_write(Put(item) for item in {one.message_id: _item(one) for one in messages}.values())

    def add_once(self, message: Message) -> None:
        """Write one unless its id was written before with another place."""
        stored = self.find(message.message_id, message.room_id)
        if stored is not None and stored.created_at != message.created_at:
            return
        entry = {
            "PK": ledger_keys.once(message.message_id),
            "SK": METADATA,
            "messageKey": keys.message(message.created_at, message.message_id),
            "ttl": epoch_seconds(instant(message.created_at)) + REMEMBER_IDS_SECONDS,
        }
        try:
            self._table.transact([Put(entry, NEW), Put(_item(message))])
        except ConditionFailed:
            return

    def keep_voice_key(self, message_id: str, room_id: str, voice: str, key: str) -> bool:
        """Note on a stored message where a voice of it lies; tell whether it is stored.

        A delivery of StoreMessages that comes again writes the item without it: the voice is then found by its content.
        """
        stored = self.find(message_id, room_id)
        if stored is None:
            return False
        place = keys.message(stored.created_at, message_id)
        try:
            self._table.write(Update(room_keys.room(room_id), place, put={f"{voice}VoiceKey": key}, condition=PRESENT))
        except ConditionFailed:
            return False
        return True


def _item(message: Message) -> Item:
    return message.model_dump(by_alias=True, exclude_none=True) | {
        "PK": room_keys.room(message.room_id),
        "SK": keys.message(message.created_at, message.message_id),
        "GSI1PK": account_keys.user(message.user_id),
        "GSI1SK": f"MSG#{message.created_at}",
        "GSI2PK": keys.message_by_id(message.message_id),
        "GSI2SK": room_keys.room(message.room_id),
    }


def _message(item: Item) -> Message:
    return Message.model_validate(item, extra="ignore")
