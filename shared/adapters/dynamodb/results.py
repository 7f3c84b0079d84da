"""Pronunciation results in the table."""

from boto3.dynamodb.conditions import Key

from shared.adapters.dynamodb.items import METADATA
from shared.adapters.dynamodb.keys import accounts as account_keys
from shared.adapters.dynamodb.keys import practice as keys
from shared.adapters.dynamodb.table import NEW, PRESENT, ConditionFailed, Item, Put, Table, Update
from shared.domains.practice.models import PronunciationResult
from shared.kernel.pages import Page, Position

_LOOK_BACK = 25


class DynamoResults:
    """The port ResultStore."""

    def __init__(self, table: Table) -> None:
        """Use the table."""
        self._table = table

    def add(self, result: PronunciationResult) -> bool:
        """Store a result; False where there is one of that id, and then nothing changes."""
        try:
            self._table.write(Put(_item(result), NEW))
        except ConditionFailed:
            return False
        return True

    def get(self, user_id: str, created_at: str, result_id: str) -> PronunciationResult | None:
        """Return a result by its whole key, as of every write so far."""
        item = self._table.get(account_keys.user(user_id), keys.result(created_at, result_id))
        return _result(item) if item else None

    def find(self, result_id: str, user_id: str) -> PronunciationResult | None:
        """Return a student's result by its id, one that the index does not have yet too; None for somebody else's."""
        page = self._table.query(keys.result_by_id(result_id), index="GSI2", limit=1)
        found = [_result(item) for item in page.items]
        if not found:
            newest = self.list_of(user_id, position=None, limit=_LOOK_BACK).items
            found = [one for one in newest if one.result_id == result_id]
        return next((one for one in found if one.user_id == user_id), None)

    def list_of(self, user_id: str, *, position: Position | None, limit: int) -> Page[PronunciationResult]:
        """Return a student's results, newest first."""
        own = Key("SK").begins_with(keys.RESULT)
        page = self._table.query(
            account_keys.user(user_id), sort=own, newest_first=True, limit=limit, start=position, consistent=True
        )
        return Page([_result(item) for item in page.items], page.position)

    def forget_recording(self, result: PronunciationResult) -> None:
        """Note that the recording of a result is deleted; again changes nothing."""
        place = (account_keys.user(result.user_id), keys.result(result.created_at, result.result_id))
        try:
            self._table.write(Update(*place, remove=("recordingKey",), condition=PRESENT))
        except ConditionFailed:
            return


def _item(one: PronunciationResult) -> Item:
    return one.model_dump(mode="json", by_alias=True, exclude_none=True) | {
        "PK": account_keys.user(one.user_id),
        "SK": keys.result(one.created_at, one.result_id),
        "GSI2PK": keys.result_by_id(one.result_id),
        "GSI2SK": METADATA,
    }


def _result(item: Item) -> PronunciationResult:
    return PronunciationResult.model_validate(item, extra="ignore")
