"""A person is found wherever something of theirs is kept, given to them, and removed.

Each key function, prefix of the bucket, key of Redis and queue has a rule here; a new kind without one fails.
"""

import inspect
import json
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import pytest

from shared.adapters.aws.clients import AwsClients
from shared.adapters.aws.payloads import S3Payloads
from shared.adapters.aws.resources.bucket import EXPIRY_DAYS, KEPT_PREFIXES
from shared.adapters.dynamodb import keys as every
from shared.adapters.dynamodb.items import METADATA
from shared.adapters.dynamodb.keys import (
    accounts,
    budgets,
    connections,
    conversations,
    dead_letters,
    feedback,
    graphs,
    jobs,
    messages,
    notebook,
    notifications,
    practice,
    rooms,
    statistics,
    tutoring,
)
from shared.adapters.dynamodb.personal_data import DynamoPersonalData
from shared.adapters.dynamodb.personal_letters import PersonalLetters
from shared.adapters.dynamodb.table import Put, Table
from shared.adapters.personal_moments import PersonalMoments
from shared.adapters.personal_places import OWN_PREFIXES, PersonalPlaces, S3Archives
from shared.adapters.redis_grouped import GroupedRedis
from shared.catalogue import JOBS
from shared.kernel.emails import email_digest
from shared.kernel.packages import modules_of
from shared.kernel.payloads import LETTERS_PREFIX
from shared.kernel.queues import Queue

ROOT = Path(__file__).resolve().parents[3]
ANN, CANARY, EMAIL, AT = "ann-4d1f", "canary-7c2e", "ann@example.com", "2026-01-02T03:04:05.000000Z"

ERASED = "found by one of the person's keys, and removed"
PLANTED = """
    user email sign_in rooms_of member jobs_of job unfinished_jobs connection tutor_request pending requests_to
    requests_of tutor student tutors_of feedback feedback_by_id undelivered note note_by_id unread
    conversation conversations_of turn turn_by_request turn_by_id budget budgets_on hold
    learning_session learning_sessions_of open_sessions sentence session_result result result_by_id
    notebook_entry due day learning_event graph graphs_of room message message_by_id letter letters
"""
KEYS = {
    **dict.fromkeys(PLANTED.split(), ERASED),
    "room": "kept: it is the others' too; the membership goes, and createdBy names nobody any more",
    "message": "kept without the author's id: said to the others",
    "message_by_id": "as the message",
    "letter": "the person's own are emptied and closed; their names go out of the others'",
    "letters": "as the letter",
    "fingerprint": "the cause of deaths, which names nobody",
    "audit": "what operators did; by whom is their own id",
    "erased": "the id alone, for 15 days, so that what still arrives is removed",
    "token": "ids only, gone by itself within two days",
    "gateway": "goes with its connections, within an hour",
    "once": "hashes of requests, gone by themselves within two days",
    "job_run": "ids only, gone by itself within two days",
    "revoked": "the id of a sign-in only, gone by itself within 31 days",
    "voice": "named by its text's hash, and by nobody",
    "asker": "ids only, gone by itself within two days",
}
PREFIXES = {
    "incoming/": "found by the rooms, and removed; in rooms that were left before, gone within a day",
    "profile-images/incoming/": ERASED,
    "profile-images/": ERASED,
    "uploads/": "found by the messages that show them, and removed",
    "exports/": ERASED,
    "user-audio/": ERASED,
    "graphs/": ERASED,
    "graph-payloads/": ERASED,
    "tts/": "named by their text's hash; gone within seven days",
    "transcripts/": "gone within a day",
    "claims/": "arguments of jobs, named by their hash; gone within 30 days",
    "dead-letters/": "removed with the letter that they belong to",
}
MOMENTS = {
    "user": ERASED,
    "turn": "found by the turns, and removed",
    "feedback": "found by the feedback, and removed; else gone within an hour",
    "taken": "as the feedback",
    "takes": "a recording that is being said; dropped a minute after its last chunk",
    "room": "recent words are made nameless; presence goes with the connection, the rest is numbers",
    "gateway": "names a process",
    "slots": "counts calls",
    "guess": "a digest of e-mail and device; gone within an hour",
    "guess-from": "a digest of an address; gone within an hour",
    "known": "a digest of e-mail and device, which nobody can read back; gone within half a year",
    "mail": "a digest of an e-mail; gone within an hour",
    "session": "a topic, of which nothing is kept",
    "address": "an address that asked without a token; gone within seconds",
}
LATE = "what waits on it and is stored after its person has left is removed by the sweep of every hour"


class Used:
    """The functions of a module of keys; remembers which were called."""

    called: ClassVar[set[str]] = set()

    def __init__(self, module: ModuleType) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._module, name)
        if inspect.isfunction(found):
            self.called.add(name)
        return found


def row(pk: str, sk: str, **fields: Any) -> dict[str, Any]:
    return {"PK": pk, "SK": sk, "words": CANARY, **fields}


def pair(tutor: str, student: str) -> dict[str, str]:
    return {"tutorId": tutor, "studentId": student, "tutorEmail": EMAIL, "studentEmail": EMAIL}


def listed(index: int, pk: str, sk: str = AT) -> dict[str, str]:
    return {f"GSI{index}PK": pk, f"GSI{index}SK": sk}


def rows() -> list[dict[str, Any]]:
    """A canary under each key function."""
    a, b, c, f, g, j = map(Used, (accounts, budgets, connections, feedback, graphs, jobs))
    m, n, o, p, r, s, t = map(Used, (messages, notebook, notifications, practice, rooms, statistics, tutoring))
    v, d = Used(conversations), Used(dead_letters)
    own = a.user(ANN)
    live = {"memberIds": {ANN, "ben"}, "currentMembers": 2, "status": "ACTIVE", "createdBy": ANN}
    named = {"name": "r", "level": "beginner", "maxMembers": 6, "createdAt": AT, "lastMessageAt": AT, "roomId": "r1"}
    said = {"userId": ANN, "key": "uploads/r1/x.png"}

    def told(number: int, tutor: str, student: str) -> dict[str, Any]:
        who = {"tutor_id": tutor, "student_id": student, "tutor_email": EMAIL, "student_email": "ben@example.com"}
        found = listed(1, f.undelivered(student)) | listed(2, f.feedback_by_id(f"f{number}"), METADATA)
        return row(f.feedback(tutor, student), f"{AT}#f{number}", **who, **found)

    return [
        row(own, a.PROFILE, userId=ANN, email=EMAIL),
        row(own, a.sign_in("s1"), **listed(2, a.sign_in("s1"))),
        row(own, o.note(AT, "n1"), **listed(1, o.unread(ANN)), **listed(2, o.note_by_id("n1"))),
        row(own, b.budget("2026-01-02"), **listed(1, b.budgets_on("2026-01-02"), ANN)),
        row(own, b.hold("p1")),
        row(own, v.DEFAULT_CONVERSATION),
        row(own, p.result(AT, "x1"), recordingKey=f"user-audio/{ANN}/x1.webm", **listed(2, p.result_by_id("x1"))),
        row(own, p.SENTENCES),
        row(own, n.VOCABULARY),
        row(own, n.notebook_entry("e1"), **listed(1, n.due(ANN))),
        row(own, s.day("2026-01-02")),
        row(own, s.learning_event(AT, "v1")),
        row(a.email(email_digest(EMAIL)), r.OWNER, userId=ANN),
        row(r.room("r1"), METADATA, **live, **named),
        row(r.room("r1"), r.member(ANN), name="Ann", **listed(1, r.rooms_of(ANN))),
        row(r.room("r1"), m.message(AT, "m1"), **said, **listed(1, own), **listed(2, m.message_by_id("m1"))),
        row(c.connection("c1"), METADATA, **listed(2, own, "c1")),
        row(j.job("j1"), METADATA, **listed(1, j.jobs_of(ANN)), **listed(2, j.unfinished_jobs(0))),
        row(v.conversation("v1"), METADATA, **listed(1, v.conversations_of(ANN))),
        row(v.conversation("v1"), v.turn(1), turnId="t1", audio="user-audio/elsewhere.webm"),
        row(v.turn_by_id("t1"), METADATA, **listed(2, v.turn_by_request(ANN, "digest"))),
        row(
            p.learning_session("l1"),
            METADATA,
            **listed(1, p.learning_sessions_of(ANN)),
            **listed(2, p.open_sessions(0)),
        ),
        row(p.learning_session("l1"), p.sentence(0)),
        row(p.learning_session("l1"), p.session_result("x1")),
        row(g.graph("g1"), METADATA, **listed(1, g.graphs_of(ANN))),
        row(t.tutor_request("q1"), METADATA, **listed(2, t.requests_of(ANN)), **pair("tom", ANN)),
        row(t.tutor_request("q2"), METADATA, **listed(1, t.requests_to(ANN, "PENDING")), **pair(ANN, "ben")),
        row(t.pending("tom", ANN), t.LOCK),
        row(t.tutor("tom"), t.student(ANN), **listed(1, t.tutors_of(ANN)), **pair("tom", ANN)),
        row(t.tutor(ANN), t.student("ben"), **listed(1, t.tutors_of("ben")), **pair(ANN, "ben")),
        row(a.user("tom"), a.PROFILE, studentCount=3),
        {"PK": a.user("tom"), "SK": o.note(AT, "n2"), "message": {"en": f"{EMAIL} asks"}},
        told(1, "tom", ANN),
        told(2, ANN, "ben"),
        letter(d, "own", messageGroup=ANN, arguments=json.dumps({"text": CANARY})),
        letter(d, "large", argumentsKey="by the test"),
        letter(d, "many", arguments=json.dumps({"messages": [{"userId": ANN}, {"userId": "ben", "content": "kept"}]})),
        letter(d, "raw", rawBody=f"not json {EMAIL}"),
        letter(d, "others", arguments=json.dumps({"userId": "ben", "text": "kept"})),
    ]


def letter(d: Any, name: str, **fields: Any) -> dict[str, Any]:
    died = {"id": name, "state": "open", "error": f"ValueError('{CANARY}')", "traceback": CANARY, "queue": "tts"}
    place = {"PK": d.letter(name), "SK": METADATA}
    return died | listed(1, d.letters("open"), f"{AT}#{name}") | place | fields


class World:
    """Somebody of whom there is something everywhere."""

    def __init__(self, table: Table, aws: AwsClients, redis: GroupedRedis) -> None:
        self.table, self.s3, self.redis = table, aws.s3, redis
        self.bucket = f"bucket-{uuid.uuid4().hex}"
        self.s3.create_bucket(Bucket=self.bucket, CreateBucketConfiguration={"LocationConstraint": "ap-northeast-2"})
        payloads = S3Payloads(self.s3, self.bucket, prefix=LETTERS_PREFIX)
        for one in rows():
            if one.get("argumentsKey"):
                one["argumentsKey"] = payloads.keep(json.dumps({"userId": ANN, "text": CANARY}))
            table.write(Put(one))
        own = (f"{prefix.format(user=ANN)}one" for prefix in OWN_PREFIXES)
        for key in (*own, "uploads/r1/x.png", f"incoming/r1/{ANN}/x.png", "user-audio/elsewhere.webm"):
            self.s3.put_object(Bucket=self.bucket, Key=key, Body=CANARY.encode())
        for key in ("user:{%s}:events", "user:{%s}:channels", "LIMITS:LIMITER/rest/%s/200/2/second"):
            redis.call("SET", key % ANN, CANARY)
        for words in (f'{{"studentEmail":"{EMAIL}"}}', f'{{"studentId":"{ANN}"}}', '{"studentId":"ben"}'):
            redis.call("XADD", "user:{tom}:events", "*", "push", words)
        for key in ("turn:{t1}:said", "feedback:f1"):
            redis.call("SET", key, CANARY)
        for seq, (user, words) in enumerate([(ANN, f'she said "userId":"{ANN}"'), ("ben", "hello")]):
            message = {"type": "message", "userId": user, "content": words, "key": f"uploads/r1/{user}.png", "seq": seq}
            redis.call("ZADD", "room:{r1}:recent", seq, json.dumps(message, separators=(",", ":")))
        letters = PersonalLetters(table, payloads)
        places = PersonalPlaces(self.s3, self.bucket)
        self.parts = (table, places, PersonalMoments(redis), letters)
        self.data = DynamoPersonalData(*self.parts)

    def objects(self) -> set[str]:
        return {one["Key"] for one in self.s3.list_objects_v2(Bucket=self.bucket).get("Contents", ())}

    def recent(self) -> list[dict[str, Any]]:
        return [json.loads(one) for one in self.redis.call("ZRANGE", "room:{r1}:recent", 0, -1)]


@pytest.fixture
def world(adapter_table: Table, adapter_aws: AwsClients, adapter_grouped: GroupedRedis) -> World:
    return World(adapter_table, adapter_aws, adapter_grouped)


def test_every_key_function_has_a_rule_and_its_canary() -> None:
    functions = {
        name
        for module in modules_of(every)
        for name, found in inspect.getmembers(module, inspect.isfunction)
        if found.__module__ == module.__name__
    }
    assert functions - KEYS.keys() == set(), "say here what becomes of the new kind of row when its person leaves"
    assert KEYS.keys() - functions == set()
    Used.called.clear()
    rows()
    assert set(PLANTED.split()) - Used.called == set()


def test_every_prefix_of_the_bucket_has_a_rule() -> None:
    known = {*EXPIRY_DAYS, *KEPT_PREFIXES}
    assert known - PREFIXES.keys() == set(), "say here what becomes of the new objects when their person leaves"
    written = in_code(
        r'f?"([a-z-]+/(?:incoming/)?)(?:\{|")', "shared/adapters", "shared/domains", "shared/kernel", "web"
    )
    assert {one for one in written if one in known or one.endswith("s/")} <= known | {"docs/", "words/", "pages/"}
    own = {prefix.replace("{user}/", "") for prefix in OWN_PREFIXES}
    assert own == {prefix for prefix, rule in PREFIXES.items() if rule is ERASED}


def test_every_key_of_redis_has_a_rule() -> None:
    written = in_code(r'f"([a-z-]+):\{', "shared", "web", "workers")
    assert written - MOMENTS.keys() == set(), "say here what becomes of the new key when its person leaves"


def test_every_queue_is_swept_after_its_person_has_left() -> None:
    assert dict.fromkeys(Queue, LATE).keys() == {job.queue for job in JOBS} | set(Queue)
    assert "accounts.sweep_erasures" in {job.name for job in JOBS}


def in_code(pattern: str, *folders: str) -> set[str]:
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return {found for path in files for found in re.findall(pattern, path.read_text("utf-8"))}


def test_everything_is_given_without_keys_and_secrets(world: World) -> None:
    given = list(world.data.gather(ANN))
    kinds = {kind for kind, _ in given}
    expected = (
        "account own membership message connection job conversation session graph request relation feedback letter"
    )
    assert kinds == set(expected.split())
    assert all(fields["words"] == CANARY for kind, fields in given if kind != "letter")
    assert {fields["id"] for kind, fields in given if kind == "letter"} == {"own", "large", "many", "raw"}
    assert not any(name in fields for _, fields in given for name in ("PK", "GSI1PK", "passwordHash"))

    address = S3Archives(world.s3, world.bucket).keep(ANN, "all", iter(given))
    assert f"exports/{ANN}/all.zip" in address
    assert f"exports/{ANN}/all.zip" in world.objects()


def test_everything_is_removed_and_again_nothing_is_left(world: World) -> None:
    removed = world.data.erase(ANN)
    assert (removed["message"], removed["letter"]) == (1, 4)
    assert world.data.erase(ANN).keys() <= {"job", "letter"}
    world.data.erase_account(ANN, EMAIL)
    world.data.erase_account(ANN, EMAIL)

    left = list(world.table.every())
    assert [item for item in left if ANN in repr(item) or EMAIL in repr(item)] == [
        item for item in left if item["PK"] == accounts.erased(ANN)
    ]
    assert {item["userId"] for item in left if item["SK"].startswith("MSG#")} == {"former-member"}
    room = world.table.get(rooms.room("r1"), METADATA)
    assert room is not None
    assert (room["memberIds"], room["currentMembers"], room["createdBy"]) == ({"ben"}, 1, "former-member")
    tom = world.table.get(accounts.user("tom"), accounts.PROFILE)
    assert tom is not None
    assert tom["studentCount"] == 2
    assert [name for name in world.objects() if ANN in name or "elsewhere" in name] == []
    assert "uploads/r1/x.png" not in world.objects()


def test_what_is_done_twice_counts_once(world: World) -> None:
    class Repeating(DynamoPersonalData):
        """Meets every row twice, as after an answer that was lost."""

        def _all(self, user_id: str) -> Iterator[tuple[str, dict[str, Any]]]:
            found = list(super()._all(user_id))
            yield from (row for row in found for _ in range(2))

    Repeating(*world.parts).erase(ANN)
    tom = world.table.get(accounts.user("tom"), accounts.PROFILE)
    assert tom is not None
    assert tom["studentCount"] == 2
    assert world.table.get(tutoring.tutor("tom"), tutoring.student(ANN)) is None


def test_letters_are_emptied_or_lose_a_name_and_others_stay(world: World) -> None:
    world.data.erase(ANN)

    def stored(name: str) -> dict[str, Any]:
        found = world.table.get(dead_letters.letter(name), METADATA)
        assert found is not None
        return found

    for name in ("own", "large"):
        emptied = stored(name)
        assert (emptied["state"], emptied["error"], "arguments" in emptied) == ("discarded", "ValueError", False)
        assert CANARY not in repr(emptied)
    assert [name for name in world.objects() if name.startswith(LETTERS_PREFIX)] == []
    many = json.loads(stored("many")["arguments"])["messages"]
    assert many == [{"userId": "former-member"}, {"userId": "ben", "content": "kept"}]
    assert (stored("many")["state"], stored("raw")["rawBody"]) == ("open", "not json former-member")
    assert stored("others")["arguments"] == json.dumps({"userId": "ben", "text": "kept"})


def test_redis_forgets_the_person_and_keeps_what_was_said_to_others(world: World) -> None:
    world.data.erase(ANN)
    keys = [key.decode() for key in world.redis.call("KEYS", "*")]
    assert sorted(keys) == ["room:{r1}:recent", "user:{tom}:events"]
    pushed = world.redis.call("XRANGE", "user:{tom}:events", "-", "+")
    assert [b'"studentId":"ben"' in repr(entry).encode() for _, entry in pushed] == [True]
    first, second = world.recent()
    assert (first["userId"], first["content"], "key" in first) == ("former-member", f'she said "userId":"{ANN}"', False)
    assert (second["userId"], second["key"]) == ("ben", "uploads/r1/ben.png")


def test_what_arrives_late_is_found_by_the_id_that_is_kept(world: World) -> None:
    world.data.erase(ANN)
    world.data.erase_account(ANN, EMAIL)
    assert world.data.erased_lately() == [ANN]
    world.table.write(Put(row(accounts.user(ANN), notifications.note(AT, "late"))))
    assert world.data.erase(ANN) == {"own": 1}


def test_two_who_leave_at_the_same_time_are_each_removed_whole(world: World) -> None:
    told = iter([lambda: world.data.erase("ben")])

    class Meanwhile(DynamoPersonalData):
        def _erase_letters(self, user_id: str) -> int:
            for leave in told:
                leave()
            return super()._erase_letters(user_id)

    Meanwhile(*world.parts).erase(ANN)
    assert world.recent()[0]["userId"] == "former-member"
    assert "uploads/r1/x.png" not in world.objects()
