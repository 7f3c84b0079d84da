"""Voices in the table, and the jobs that wait for them."""

import time

from boto3.dynamodb.conditions import Attr, ConditionBase, Key

from shared.adapters.dynamodb.items import METADATA
from shared.adapters.dynamodb.keys import voice as keys
from shared.adapters.dynamodb.ledger import milliseconds
from shared.adapters.dynamodb.table import NEW, ConditionFailed, Delete, Item, Put, Table, Update
from shared.domains.voice.models import Asker, Voice, VoiceState

ASKER_SECONDS = 2 * 86_400
"""An asker outlives its job's message (a day), and is then nobody's."""
VOICE_SECONDS = 30 * 86_400


class DynamoVoices:
    """The port VoiceStore: a lease and a fence on the voice's own item."""

    def __init__(self, table: Table) -> None:
        """Use the table."""
        self._table = table

    def get(self, voice: str) -> Voice | None:
        """Return a record as it stands."""
        item = self._table.get(keys.voice(voice), METADATA)
        return _voice(item) if item else None

    def begin(self, voice: str, holder: str, *, seen: int, lease_seconds: float) -> int | None:
        """Take a voice to make it, where it is free; of many at once one gets it."""
        now = time.time()
        making = Attr("state").eq(VoiceState.MAKING.value)
        ended = making & (Attr("leaseUntil").lt(milliseconds(now)) | Attr("holder").eq(holder))
        gone = Attr("state").eq(VoiceState.READY.value) & Attr("fence").eq(seen)
        change = self._change(
            voice,
            put={
                "id": voice,
                "state": VoiceState.MAKING.value,
                "holder": holder,
                "leaseUntil": milliseconds(now + lease_seconds),
                "ttl": int(now) + VOICE_SECONDS,
            },
            add={"fence": 1},
            condition=NEW | ended | gone,
        )
        try:
            fence: int = self._table.write(change, want="ALL_NEW")["fence"]
        except ConditionFailed:
            return None
        return fence

    def finish(self, voice: Voice) -> bool:
        """Store a made voice, where its fence still holds."""
        put = voice.model_dump(mode="json", by_alias=True, exclude={"fence", "holder", "lease_until"})
        remove = ("leaseUntil", "holder", "failures")
        try:
            self._table.write(self._change(voice.id, put=put, remove=remove, condition=_held(voice.fence)))
        except ConditionFailed:
            return False
        return True

    def give_up(self, voice: str, fence: int) -> int:
        """Free a voice that could not be made; return how often in a row."""
        change = self._change(voice, put={"leaseUntil": 0}, add={"failures": 1}, condition=_held(fence))
        try:
            failures: int = self._table.write(change, want="ALL_NEW")["failures"]
        except ConditionFailed:
            return 0
        return failures

    def ask(self, voice: str, asker: Asker) -> None:
        """Note that a job waits."""
        place = {"PK": keys.voice(voice), "SK": keys.asker(asker.job_id), "ttl": int(time.time()) + ASKER_SECONDS}
        self._table.write(Put(asker.model_dump(mode="json", by_alias=True, exclude_none=True) | place))

    def askers(self, voice: str) -> list[Asker]:
        """Return the jobs that wait."""
        waiting = Key("SK").begins_with(keys.asker(""))
        page = self._table.query(keys.voice(voice), sort=waiting, consistent=True)
        return [Asker.model_validate(item, extra="ignore") for item in page.items]

    def forget(self, voice: str, askers: list[Asker]) -> None:
        """Remove jobs that were told."""
        self._table.batch_write(Delete(keys.voice(voice), keys.asker(asker.job_id)) for asker in askers)

    @staticmethod
    def _change(voice: str, **change: object) -> Update:
        return Update(keys.voice(voice), METADATA, **change)  # type: ignore[arg-type]  # passed on by name


def _held(fence: int) -> ConditionBase:
    return Attr("fence").eq(fence) & Attr("state").eq(VoiceState.MAKING.value)


def _voice(item: Item) -> Voice:
    return Voice.model_validate(item, extra="ignore")
