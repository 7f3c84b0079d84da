"""Conversations and their turns in the table."""

import hashlib
import json

from boto3.dynamodb.conditions import Attr, ConditionBase, Key

from shared.adapters.dynamodb.items import METADATA
from shared.adapters.dynamodb.keys import accounts as account_keys
from shared.adapters.dynamodb.keys import conversations as keys
from shared.adapters.dynamodb.table import NEW, PRESENT, ConditionFailed, Item, Put, Table, Update
from shared.domains.conversations.errors import ConversationNotFound
from shared.domains.conversations.models import Conversation, Report, Turn
from shared.kernel.contract import Contract
from shared.kernel.errors import Unavailable
from shared.kernel.pages import Page, Position

MOST_TURNS = 500
_NESTED = ("scene", "report", "correction")
"""What is kept as JSON text, so that it comes back as it was, nulls and empty lists too."""


class DynamoConversations:
    """The ports ConversationStore and TurnStore.

    A turn is found by its id through an item of its own (`TURN#{turnId}`), written in the transaction that stores and
    counts the turn: an index would lag behind, and that item also lets a turn be stored only once.
    """

    def __init__(self, table: Table) -> None:
        """Use the table."""
        self._table = table

    def add(self, conversation: Conversation) -> bool:
        """Store a new one; where there is one of that id nothing changes. Tell whether it was new."""
        try:
            self._table.write(Put(_conversation_item(conversation), NEW))
        except ConditionFailed:
            return False
        return True

    def get(self, conversation_id: str) -> Conversation | None:
        """Return one as it stands after every write so far."""
        item = self._table.get(keys.conversation(conversation_id), METADATA)
        return _conversation(item) if item else None

    def default_of(self, user_id: str) -> str | None:
        """Return the id of a user's default conversation, as of every write so far."""
        item = self._table.get(account_keys.user(user_id), keys.DEFAULT_CONVERSATION)
        return item["conversationId"] if item else None

    def set_default(self, user_id: str, conversation_id: str, *, instead_of: str | None) -> str:
        """Make one the default where there is none or it is still the one named; return which one is it now."""
        is_still = NEW if instead_of is None else NEW | Attr("conversationId").eq(instead_of)
        place = {"PK": account_keys.user(user_id), "SK": keys.DEFAULT_CONVERSATION}
        try:
            self._table.write(Put(place | {"conversationId": conversation_id}, is_still))
        except ConditionFailed as refused:
            return str((refused.item or {})["conversationId"])
        return conversation_id

    def list_of(self, user_id: str, *, position: Position | None, limit: int) -> Page[Conversation]:
        """Return a user's conversations, newest first."""
        partition = keys.conversations_of(user_id)
        page = self._table.query(partition, index="GSI1", limit=limit, newest_first=True, start=position)
        return Page([_conversation(item) for item in page.items], page.position)

    def end(self, conversation_id: str, at: str) -> bool:
        """Take no more turns from now on; False where it had ended already, or is not there."""
        return self._change(conversation_id, {"endedAt": at}, Attr("endedAt").not_exists())

    def keep_report(self, conversation_id: str, report: Report) -> None:
        """Store the report, over one that is there."""
        self._change(conversation_id, {"report": _text(report)})

    def keep_summary(self, conversation_id: str, summary: str, *, summarized: int) -> bool:
        """Store a summary of more turns than the one that is there; tell whether it did."""
        return self._change(
            conversation_id, {"summary": summary, "summarized": summarized}, Attr("summarized").lt(summarized)
        )

    def add_turn(self, turn: Turn) -> bool:
        """Store an answered turn and count it in one transaction; False where one of that `turn_id` is there already.

        Raises:
            Unavailable: another turn took the number since the conversation was read: read it again.
            ConversationNotFound: there is none.
        """
        count = Update(
            keys.conversation(turn.conversation_id),
            METADATA,
            put={"turnCount": turn.number},
            condition=Attr("turnCount").eq(turn.number - 1),
        )
        try:
            self._table.transact([Put(_turn_item(turn), NEW), Put(_turn_place(turn), NEW), count])
        except ConditionFailed as refused:
            if self._place_of(turn.turn_id) is not None:
                return False
            if self.get(turn.conversation_id) is None:
                raise ConversationNotFound from refused
            raise Unavailable("Another turn came between.", "잠시 후 다시 시도해 주세요.") from refused
        return True

    def keep_correction(self, turn: Turn) -> None:
        """Store what a turn has of correction and audioJobId; what it has not stays, and no turn comes to be."""
        correction = {"correction": _text(turn.correction)} if turn.correction else {}
        audio = {"audioJobId": turn.audio_job_id} if turn.audio_job_id else {}
        if not correction and not audio:
            return
        place, same = keys.conversation(turn.conversation_id), Attr("turnId").eq(turn.turn_id)
        try:
            self._table.write(Update(place, keys.turn(turn.number), put=correction | audio, condition=same))
        except ConditionFailed:
            return

    def find_turn(self, turn_id: str) -> Turn | None:
        """Return a turn by its id, as of every write so far: two reads."""
        place = self._place_of(turn_id)
        item = (
            self._table.get(keys.conversation(place["conversationId"]), keys.turn(place["number"])) if place else None
        )
        return _turn(item) if item else None

    def turns_of(self, conversation_id: str, *, after: int = 0) -> list[Turn]:
        """Return the turns whose number is above `after` as of every write so far, oldest first, at most 500."""
        later = Key("SK").between(keys.turn(after + 1), keys.turn(10**8 - 1))
        page = self._table.query(keys.conversation(conversation_id), sort=later, limit=MOST_TURNS, consistent=True)
        return [_turn(item) for item in page.items]

    def _place_of(self, turn_id: str) -> Item | None:
        return self._table.get(keys.turn_by_id(turn_id), METADATA)

    def _change(self, conversation_id: str, put: Item, condition: ConditionBase = PRESENT) -> bool:
        update = Update(keys.conversation(conversation_id), METADATA, put=put, condition=PRESENT & condition)
        try:
            self._table.write(update)
        except ConditionFailed:
            return False
        return True


def _text(nested: Contract) -> str:
    return nested.model_dump_json(by_alias=True)


def _stored(one: Contract) -> Item:
    fields = one.model_dump(mode="json", by_alias=True, exclude_none=True)
    texts = {name: _text(getattr(one, name)) for name in _NESTED if name in fields}
    return fields | texts


def _read(item: Item) -> Item:
    return item | {name: json.loads(item[name]) for name in _NESTED if name in item}


def _conversation_item(one: Conversation) -> Item:
    return _stored(one) | {
        "PK": keys.conversation(one.conversation_id),
        "SK": METADATA,
        "GSI1PK": keys.conversations_of(one.user_id),
        "GSI1SK": f"{one.started_at}#{one.conversation_id}",
    }


def _turn_item(turn: Turn) -> Item:
    digest = hashlib.sha256(turn.request_id.encode()).hexdigest()
    return _stored(turn) | {
        "PK": keys.conversation(turn.conversation_id),
        "SK": keys.turn(turn.number),
        "GSI2PK": keys.turn_by_request(turn.user_id, digest),
        "GSI2SK": METADATA,
    }


def _turn_place(turn: Turn) -> Item:
    place = {"PK": keys.turn_by_id(turn.turn_id), "SK": METADATA}
    return place | {"conversationId": turn.conversation_id, "number": turn.number}


def _conversation(item: Item) -> Conversation:
    return Conversation.model_validate(_read(item), extra="ignore")


def _turn(item: Item) -> Turn:
    return Turn.model_validate(_read(item), extra="ignore")
