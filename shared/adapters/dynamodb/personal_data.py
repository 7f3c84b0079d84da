"""Everything that is kept of a person: found by keys and indexes, given or removed by one rule for each kind."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import chain

from boto3.dynamodb.conditions import Attr, Key

from shared.adapters.dynamodb.items import METADATA
from shared.adapters.dynamodb.keys import accounts, conversations, feedback, graphs, jobs, practice, rooms, tutoring
from shared.adapters.dynamodb.personal_letters import PersonalLetters
from shared.adapters.dynamodb.rooms import DynamoRooms
from shared.adapters.dynamodb.table import NEW, PRESENT, ConditionFailed, Delete, Item, Put, Table, Update
from shared.adapters.personal_moments import PersonalMoments
from shared.adapters.personal_places import PersonalPlaces
from shared.domains.rooms.errors import NotAMember, RoomNotFound
from shared.domains.tutoring.models import RequestStatus
from shared.kernel.emails import email_digest

FORMER = "former-member"
NOTES = "NOTE#"
_IN_ACCOUNT = (accounts.PROFILE, accounts.sign_in(""))
_PLACES = ("PK", "SK", "GSI1PK", "GSI1SK", "GSI2PK", "GSI2SK")
_SECRET = ("passwordHash",)
ERASURE_SECONDS = 15 * 86_400
"""How long what was on its way may still arrive: a queue keeps a message for 14 days."""
_FILES = ("uploads/", "incoming/", "user-audio/", "profile-images/", "graphs/", "graph-payloads/", "exports/")


class DynamoPersonalData:
    """The port PersonalData: rows of the table, and with them the objects and the keys of Redis that they lead to."""

    def __init__(
        self, table: Table, places: PersonalPlaces, moments: PersonalMoments, letters: PersonalLetters
    ) -> None:
        """Use the table, and what reaches the bucket, Redis and the dead letters."""
        self._table = table
        self._places, self._moments, self._letters = places, moments, letters

    def gather(self, user_id: str) -> Iterator[tuple[str, Item]]:
        """Give the kind and the fields of each thing kept of a person."""
        letters = (("letter", item) for item in self._letters.of(self._names(user_id)))
        for kind, item in chain(self._all(user_id), letters):
            yield kind, {name: value for name, value in item.items() if name not in (*_PLACES, *_SECRET)}

    def erase(self, user_id: str) -> dict[str, int]:
        """Remove or make nameless all of it but the account itself; again finds the rest."""
        one = type(self)(self._table, self._places.afresh(), self._moments.afresh(), self._letters)
        return one._erase(user_id)

    def _erase(self, user_id: str) -> dict[str, int]:
        counted: Counter[str] = Counter()
        for kind, item in list(self._all(user_id)):
            if kind == "account":
                continue
            self._rules.get(kind, self._delete)(user_id, item)
            counted[kind] += 1
        counted["letter"] = self._erase_letters(user_id)
        counted["files"] = self._places.remove_files(user_id)
        counted["moments"] = self._moments.remove(user_id, FORMER, self._names(user_id))
        return {kind: count for kind, count in counted.items() if count}

    def erase_account(self, user_id: str, email: str) -> None:
        """Remove the account, its e-mail and its sign-ins; again changes nothing. The userId alone is kept for 15 days.

        What was on its way to the person's rows is found and removed by it.
        """
        listed = {"GSI1PK": accounts.ERASURES, "GSI1SK": user_id}
        until = {"userId": user_id, "ttl": int(time.time()) + ERASURE_SECONDS}
        with suppress(ConditionFailed):
            self._table.write(Put({"PK": accounts.erased(user_id), "SK": METADATA} | listed | until, NEW))
        for item in self._own(user_id):
            self._remove(item)
        for sort in (rooms.OWNER, accounts.REGISTRATION) if email else ():
            self._table.write(Delete(accounts.email(email_digest(email)), sort))
        for job in self._table.query(jobs.jobs_of(user_id), index="GSI1").items:
            self._remove(job)

    def erased_lately(self) -> list[str]:
        """Return whose accounts were removed in the last 15 days."""
        return [item["userId"] for item in self._table.query(accounts.ERASURES, index="GSI1").items]

    def _names(self, user_id: str) -> frozenset[str]:
        account = self._table.get(accounts.user(user_id), accounts.PROFILE)
        return frozenset({user_id, *([account["email"]] if account and account.get("email") else [])})

    def _erase_letters(self, user_id: str) -> int:
        names = self._names(user_id)
        found = list(self._letters.of(names))
        for item in found:
            self._places.note_files(self._letters.erase(item, names, FORMER))
        return len(found)

    @property
    def _rules(self) -> dict[str, Callable[[str, Item], None]]:
        return {
            "membership": self._leave,
            "message": self._unname_message,
            "conversation": self._forget_turn,
            "relation": self._end,
            "request": self._withdraw,
            "feedback": self._unname_feedback,
            "job": self._keep_until_last,
        }

    def _all(self, user_id: str) -> Iterator[tuple[str, Item]]:
        for item in self._own(user_id):
            yield "account" if item["SK"].startswith(_IN_ACCOUNT) else "own", item
        yield from self._indexed("membership", rooms.rooms_of(user_id), "GSI1")
        yield from self._indexed("message", accounts.user(user_id), "GSI1")
        yield from self._indexed("connection", accounts.user(user_id), "GSI2")
        yield from self._indexed("job", jobs.jobs_of(user_id), "GSI1")
        yield from self._partitions("conversation", conversations.conversations_of(user_id))
        yield from self._partitions("session", practice.learning_sessions_of(user_id))
        yield from self._partitions("graph", graphs.graphs_of(user_id))
        yield from self._tutoring(user_id)

    def _own(self, user_id: str) -> list[Item]:
        return self._table.query(accounts.user(user_id), consistent=True).items

    def _indexed(self, kind: str, partition: str, index: str) -> Iterator[tuple[str, Item]]:
        for item in self._table.query(partition, index=index).items:
            yield kind, item

    def _partitions(self, kind: str, partition: str) -> Iterator[tuple[str, Item]]:
        """Give the rows of each partition that an index leads to, and of a conversation where its turns are."""
        for head in self._table.query(partition, index="GSI1").items:
            for item in self._table.query(head["PK"], consistent=True).items:
                yield kind, item
                where = (
                    self._table.get(conversations.turn_by_id(item["turnId"]), METADATA) if "turnId" in item else None
                )
                if where is not None:
                    yield kind, where

    def _tutoring(self, user_id: str) -> Iterator[tuple[str, Item]]:
        received = (self._indexed("request", tutoring.requests_to(user_id, one.value), "GSI1") for one in RequestStatus)
        requests = [
            item for _, item in chain(self._indexed("request", tutoring.requests_of(user_id), "GSI2"), *received)
        ]
        teaching = self._table.query(tutoring.tutor(user_id), consistent=True).items
        taught = self._table.query(tutoring.tutors_of(user_id), index="GSI1").items
        yield from (("request", item) for item in requests)
        yield from (("relation", item) for item in (*teaching, *taught))
        pairs = {(item["tutorId"], item["studentId"]) for item in (*requests, *teaching, *taught)}
        for pair in sorted(pairs | {(FORMER, user_id)}):
            lock = self._table.get(tutoring.pending(*pair), tutoring.LOCK)
            yield from [("request", lock)] if lock is not None else []
            for item in self._table.query(feedback.feedback(*pair), consistent=True).items:
                yield "feedback", item

    def _delete(self, _user_id: str, item: Item) -> None:
        self._places.note_files(value for value in item.values() if isinstance(value, str) and value.startswith(_FILES))
        self._remove(item)

    def _remove(self, item: Item) -> None:
        self._table.write(Delete(item["PK"], item["SK"]))

    def _keep_until_last(self, _user_id: str, item: Item) -> None:
        """The job of the erasure is a row too: the person reads its receipt until the account goes."""

    def _leave(self, user_id: str, item: Item) -> None:
        """Leave a room as anybody does, the last one out ending it; whoever made it is not named any more."""
        room_id = _room_of(item)
        self._places.note_room(room_id)
        with suppress(NotAMember, RoomNotFound):
            DynamoRooms(self._table).dismiss(room_id, user_id)
        self._remove(item)
        self._moments.note_room(room_id)
        made = Attr("createdBy").eq(user_id)
        self._change(Update(item["PK"], METADATA, put={"createdBy": FORMER}, condition=made))

    def _forget_turn(self, user_id: str, item: Item) -> None:
        if "turnId" in item:
            self._moments.note_turn(item["turnId"])
        self._delete(user_id, item)

    def _unname_message(self, _user_id: str, item: Item) -> None:
        self._moments.note_room(_room_of(item))
        self._places.note_room(_room_of(item))
        self._places.note_files([item["key"]] if "key" in item else [])
        gone = ("GSI1PK", "GSI1SK", *(("key",) if "key" in item else ()))
        self._change(Update(item["PK"], item["SK"], put={"userId": FORMER}, remove=gone, condition=PRESENT))

    def _end(self, user_id: str, item: Item) -> None:
        """Remove a relation, and with it, in one step, the student from the tutor's count: again counts nothing."""
        self._note_others(item, "tutorId", "studentId")
        tutor = accounts.user(item["tutorId"])
        count = Update(tutor, accounts.PROFILE, add={"studentCount": -1}, condition=PRESENT)
        try:
            if item["studentId"] == user_id:
                self._table.transact([Delete(item["PK"], item["SK"], PRESENT), count])
                return
        except ConditionFailed:  # the tutor has gone, or the relation has ended meanwhile
            pass
        self._remove(item)

    def _withdraw(self, user_id: str, item: Item) -> None:
        """Remove a request, and with it what the other of the two was notified of that names the person."""
        self._note_others(item, "tutorId", "studentId")
        own, other = ("studentEmail", "tutorId") if item.get("studentId") == user_id else ("tutorEmail", "studentId")
        if own in item and other in item:
            notes = self._table.query(accounts.user(item[other]), sort=Key("SK").begins_with(NOTES), consistent=True)
            for note in notes.items:
                if item[own] in repr(note):
                    self._remove(note)
        self._remove(item)

    def _unname_feedback(self, user_id: str, item: Item) -> None:
        self._moments.note_feedback(item["SK"].rpartition("#")[2])
        self._note_others(item, "tutor_id", "student_id")
        if item["student_id"] == user_id:
            self._delete(user_id, item)
            return
        nameless = {"tutor_email": FORMER, "tutor_id": FORMER}
        moved = item | nameless | {"PK": feedback.feedback(FORMER, item["student_id"])}
        self._table.write(Put(moved))
        self._remove(item)

    def _note_others(self, item: Item, *fields: str) -> None:
        """Remember those of a pair; the person is left out when it comes to what was pushed to others."""
        for field in fields:
            if field in item:
                self._moments.note_other(item[field])

    def _change(self, update: Update) -> None:
        try:
            self._table.write(update)
        except ConditionFailed:
            return


def _room_of(item: Item) -> str:
    return str(item["PK"]).removeprefix(rooms.room(""))
