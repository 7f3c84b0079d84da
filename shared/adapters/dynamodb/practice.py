"""Learning sessions and their sentences in the table."""

from collections.abc import Collection
from zlib import crc32

from boto3.dynamodb.conditions import Attr, Key

from shared.adapters.dynamodb.items import METADATA
from shared.adapters.dynamodb.keys import accounts as account_keys
from shared.adapters.dynamodb.keys import practice as keys
from shared.adapters.dynamodb.table import NEW, PRESENT, ConditionFailed, Item, Put, Table, Update
from shared.domains.practice.models import AudioStatus, Difficulty, LearningSession, SentenceAudio
from shared.kernel.pages import Page, Position

SHARDS = 8
"""Partitions of the index of open sessions, so that a thousand writes a second each are left."""
MOST_OPEN = 100
MOST_RECENT = 50


class DynamoSessions:
    """The port SessionStore; the second index has the sessions that are open or not yet counted, by last activity."""

    def __init__(self, table: Table) -> None:
        """Use the table."""
        self._table = table

    def add(self, session: LearningSession) -> None:
        """Store a new session; where there is one of that id nothing changes."""
        try:
            self._table.write(Put(_session_item(session), NEW))
        except ConditionFailed:
            return

    def get(self, session_id: str) -> LearningSession | None:
        """Return a session as it stands after every write so far."""
        item = self._table.get(keys.learning_session(session_id), METADATA)
        return _session(item) if item else None

    def list_of(self, user_id: str, *, position: Position | None, limit: int) -> Page[LearningSession]:
        """Return a student's sessions, newest first."""
        page = self._table.query(
            keys.learning_sessions_of(user_id), index="GSI1", newest_first=True, limit=limit, start=position
        )
        return Page([_session(item) for item in page.items], page.position)

    def end(self, session: LearningSession) -> bool:
        """Write how a session ended, unless it has ended already; tell whether it had not."""
        ended = Update(
            keys.learning_session(session.session_id),
            METADATA,
            put={
                "endedAt": session.ended_at,
                "duration": session.duration,
                "speakingDuration": session.speaking_duration,
            },
            condition=PRESENT & Attr("endedAt").not_exists(),
        )
        try:
            self._table.write(ended)
        except ConditionFailed:
            return False
        return True

    def touch(
        self, session_id: str, *, at: str, result_id: str, speaking_ms: int, suspected: Collection[Difficulty]
    ) -> None:
        """Add a recording to an open session, once a result; in one that has ended nothing changes."""
        place = keys.learning_session(session_id)
        mark = {"PK": place, "SK": keys.session_result(result_id), "at": at, "speakingMs": speaking_ms}
        names = {"suspected": {one.value for one in suspected}} if suspected else {}
        more = Update(
            place,
            METADATA,
            put={"lastActivityAt": at, "GSI2SK": f"{at}#{session_id}"},
            add={"speakingMs": speaking_ms} | names,
            condition=PRESENT & Attr("endedAt").not_exists(),
        )
        try:
            self._table.transact([Put(mark, NEW), more])
        except ConditionFailed:
            return

    def count_off(self, session_id: str) -> None:
        """Take a session that was counted out of the index of those that wait for it."""
        counted = Update(keys.learning_session(session_id), METADATA, remove=("GSI2PK", "GSI2SK"), condition=PRESENT)
        try:
            self._table.write(counted)
        except ConditionFailed:
            return

    def waiting(self, before: str, *, limit: int) -> list[str]:
        """Return ids of up to `limit` sessions that are open or not yet counted and idle since before an instant."""
        earlier = Key("GSI2SK").lt(before)
        found: list[Item] = []
        for shard in range(SHARDS):
            if len(found) < limit:
                page = self._table.query(
                    keys.open_sessions(shard), index="GSI2", sort=earlier, limit=limit - len(found)
                )
                found += page.items
        return [item["sessionId"] for item in found]

    def open_of(self, user_id: str) -> list[LearningSession]:
        """Return a student's newest sessions that are open, at most 100."""
        page = self._table.query(
            keys.learning_sessions_of(user_id),
            index="GSI1",
            newest_first=True,
            limit=MOST_OPEN,
            filtered=Attr("endedAt").not_exists(),
        )
        return [_session(item) for item in page.items]


class DynamoSentences:
    """The port SentenceStore."""

    def __init__(self, table: Table) -> None:
        """Use the table."""
        self._table = table

    def of_session(self, session_id: str) -> list[SentenceAudio]:
        """Return the sentences of a session in their order, as of every write so far."""
        own = Key("SK").begins_with(keys.SENTENCE)
        items = self._table.query(keys.learning_session(session_id), sort=own, consistent=True).items
        return [SentenceAudio.model_validate(item, extra="ignore") for item in items]

    def add(self, sentences: list[SentenceAudio]) -> bool:
        """Store new sentences, all or none; False where one of these numbers is taken."""
        try:
            self._table.transact([Put(_sentence_item(one), NEW) for one in sentences])
        except ConditionFailed:
            return False
        return True

    def complete(self, sentence: SentenceAudio) -> None:
        """Note how the voice of a sentence ended, unless that is noted already, or there is no such sentence."""
        done = Update(
            keys.learning_session(sentence.session_id),
            keys.sentence(sentence.sentence_index),
            put={
                "status": sentence.status.value,
                "s3key": sentence.s3key,
                "durationMs": sentence.duration_ms,
                "completedAt": sentence.completed_at,
            },
            condition=PRESENT & Attr("status").ne(AudioStatus.COMPLETED.value),
        )
        try:
            self._table.write(done)
        except ConditionFailed:
            return

    def recent_of(self, user_id: str) -> list[str]:
        """Return the English of the last 50 sentences that were written for a student, newest first."""
        item = self._table.get(account_keys.user(user_id), keys.SENTENCES) or {}
        return list(item.get("english", []))

    def remember(self, user_id: str, english: list[str]) -> None:
        """Note sentences as the newest ones that were written for a student; of two at once the later write counts."""
        before = [one for one in self.recent_of(user_id) if one not in english]
        kept = [*english, *before][:MOST_RECENT]
        self._table.write(Update(account_keys.user(user_id), keys.SENTENCES, put={"english": kept}))


def _session_item(one: LearningSession) -> Item:
    stored = one.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"suspected"})
    return stored | {
        "PK": keys.learning_session(one.session_id),
        "SK": METADATA,
        "suspected": {difficulty.value for difficulty in one.suspected},
        "GSI1PK": keys.learning_sessions_of(one.user_id),
        "GSI1SK": f"{one.start_time}#{one.session_id}",
        "GSI2PK": keys.open_sessions(crc32(one.session_id.encode()) % SHARDS),
        "GSI2SK": f"{one.last_activity_at}#{one.session_id}",
    }


def _session(item: Item) -> LearningSession:
    suspected = sorted(item.get("suspected", ()))
    return LearningSession.model_validate(item | {"suspected": suspected}, extra="ignore")


def _sentence_item(one: SentenceAudio) -> Item:
    stored = one.model_dump(mode="json", by_alias=True, exclude_none=True)
    return stored | {"PK": keys.learning_session(one.session_id), "SK": keys.sentence(one.sentence_index)}
