"""Feedback in the table."""

from shared.adapters.dynamodb.items import METADATA
from shared.adapters.dynamodb.keys import feedback as keys
from shared.adapters.dynamodb.table import NEW, ConditionFailed, Item, Put, Table, Update
from shared.domains.feedback.models import Feedback
from shared.kernel.pages import Page, Position

_KNOWN_LATER = ("websocket_sent", "read_at")


class DynamoFeedback:
    """The port FeedbackStore; what no channel took is what the first index has."""

    def __init__(self, table: Table) -> None:
        """Use the table."""
        self._table = table

    def keep(self, feedback: Feedback) -> None:
        """Store feedback, or add what is known of it; in any order and however often, the item is the same."""
        if feedback.websocket_sent:
            self._table.write(_settle(feedback))
            return
        try:
            self._table.write(Put(_item(feedback), NEW))
        except ConditionFailed:
            return

    def between(self, tutor_id: str, student_id: str, *, limit: int, position: Position | None) -> Page[Feedback]:
        """Return what was said between two, newest first."""
        pair = keys.feedback(tutor_id, student_id)
        page = self._table.query(pair, limit=limit, newest_first=True, start=position, consistent=True)
        return Page([_feedback(item) for item in page.items], page.position)

    def find(self, feedback_id: str) -> Feedback | None:
        """Return feedback by its id."""
        page = self._table.query(keys.feedback_by_id(feedback_id), index="GSI2", limit=1)
        return _feedback(page.items[0]) if page.items else None

    def undelivered(self, student_id: str) -> list[Feedback]:
        """Return what no channel of a student took, oldest first."""
        return [_feedback(item) for item in self._table.query(keys.undelivered(student_id), index="GSI1").items]


def _settle(one: Feedback) -> Update:
    """Return the change that notes feedback as sent, and makes the whole item where its own job is not here yet."""
    item = _item(one)
    place = item["PK"], item["SK"]
    always = {name: value for name, value in item.items() if name not in ("PK", "SK", *_KNOWN_LATER)}
    read = {"read_at": one.read_at} if one.read_at else {}
    return Update(*place, put={"websocket_sent": True}, put_if_absent=always | read, remove=("GSI1PK", "GSI1SK"))


def _item(one: Feedback) -> Item:
    waiting = {} if one.websocket_sent else {"GSI1PK": keys.undelivered(one.student_id), "GSI1SK": one.timestamp}
    return (
        one.wire()
        | waiting
        | {
            "PK": keys.feedback(one.tutor_id, one.student_id),
            "SK": f"{one.timestamp}#{one.feedback_id}",
            "GSI2PK": keys.feedback_by_id(one.feedback_id),
            "GSI2SK": METADATA,
        }
    )


def _feedback(item: Item) -> Feedback:
    return Feedback.model_validate(item, extra="ignore")
