import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from pydantic import ValidationError

from shared.adapters.memory.bus import MemoryBus
from shared.adapters.memory.dead_letters import MemoryLetters, MemoryPayloads
from shared.adapters.memory.jobs import MemoryJobRecords
from shared.adapters.memory.kernel import SetClock
from shared.catalogue import job_type_of
from shared.domains.dead_letters.contract import DeadLetterDetails, DiscardDeadLetter, EditDeadLetter, ListDeadLetters
from shared.domains.dead_letters.errors import LetterNotFound, LetterSettled, UnknownTask, WrongArguments
from shared.domains.dead_letters.models import DeadLetter, Death, LetterState
from shared.domains.dead_letters.rules import mending, reviewing
from shared.domains.jobs.models import JobStatus
from shared.domains.jobs.service import RecordTracker, record_job
from shared.domains.messages.contract import StoreMessages
from shared.domains.turns.contract import AnswerTurn
from tests.builders import a_message
from tests.shared.domains.dead_letters.letters import STORE, a_letter


@dataclass
class World:
    clock: SetClock = field(default_factory=SetClock)
    letters: MemoryLetters = field(default_factory=MemoryLetters)
    payloads: MemoryPayloads = field(default_factory=MemoryPayloads)
    jobs: MemoryJobRecords = field(default_factory=MemoryJobRecords)

    def put(self, number: int = 1, **fields: Any) -> DeadLetter:
        return self.letters.record(a_letter(number, **fields)).letter

    def listed(self, **query: Any) -> list[str]:
        page = reviewing.list_dead_letters(ListDeadLetters.model_validate(query), position=None, letters=self.letters)
        return [item.id for item in page.items]

    def show(self, *, reveal: bool = False) -> DeadLetterDetails:
        return reviewing.show_dead_letter(
            "j1",
            "op",
            reveal=reveal,
            letters=self.letters,
            payloads=self.payloads,
            jobs=self.jobs,
            job_types=job_type_of,
            clock=self.clock,
        )

    def edit(self, arguments: dict[str, Any], task: str | None = None, letter_id: str = "j1") -> DeadLetter:
        return mending.edit_dead_letter(
            letter_id,
            EditDeadLetter(arguments=arguments, task=task),
            "op",
            letters=self.letters,
            payloads=self.payloads,
            job_types=job_type_of,
            clock=self.clock,
        )

    def discard(self, reason: str = "not needed") -> DeadLetter:
        return mending.discard_dead_letter(
            "j1", DiscardDeadLetter(reason=reason), "op", letters=self.letters, clock=self.clock
        )

    def actions(self) -> list[tuple[str, str]]:
        return [(line.by, line.action) for line in self.letters.noted]


@pytest.fixture
def world() -> World:
    return World()


def test_letters_are_listed_newest_first_and_filtered(world: World) -> None:
    for number in range(1, 4):
        world.put(number, queue="tts" if number == 2 else "persistence")

    assert world.listed() == ["j3", "j2", "j1"]
    assert world.listed(queue="tts", state="open", task=STORE, fingerprint="f1") == ["j2"]
    assert world.listed(**{"from": "2026-01-02T03:02Z", "to": "2026-01-02T03:03:30Z"}) == ["j3", "j2"]
    assert world.listed(state="parked") == []
    for wrong in ({"from": "yesterday"}, {"state": "lost"}, {"limit": 0}):
        with pytest.raises(ValidationError):
            world.listed(**wrong)


def test_people_s_words_are_lengths(world: World) -> None:
    world.put(raw_body="words")

    shown = world.show()
    text = json.dumps(shown.wire(), ensure_ascii=False)

    assert "비밀" not in text
    assert "words" not in text
    assert shown.error == "ValueError [12 characters]"
    assert shown.traceback == '  File "/app/b.py", line 2, in store'
    assert shown.arguments is not None
    message = shown.arguments["messages"][0]
    assert message["content"] == "[6 characters]"
    assert (message["messageId"], message["seq"]) == ("m1", 1)
    assert world.actions() == []


def test_who_waits_for_the_job_is_told_apart_from_nobody(world: World) -> None:
    world.put()
    assert world.show().awaited_by is None
    events = MemoryBus()
    record_job("j1", "speech", "minji", jobs=world.jobs, clock=world.clock)
    RecordTracker(world.jobs, events, world.clock).fail("j1", "UNAVAILABLE")

    found = world.show().awaited_by
    assert found is not None
    assert (found.user_id, found.status, found.error) == ("minji", JobStatus.FAILED, "UNAVAILABLE")


def test_a_turn_is_waited_for_under_the_name_that_the_job_has(world: World) -> None:
    """The job's arguments may lie in the bucket."""
    turn = AnswerTurn(turn_id="t1", request_id="r1", user_id="minji", conversation_id="c1", sent_at="2026-01-02")
    kept = world.payloads.keep(json.dumps(turn.wire()))
    world.put(task=turn.name, arguments=None, arguments_key=kept)
    record_job("t1", "turn", "minji", jobs=world.jobs, clock=world.clock)

    assert world.show().awaited_by is not None
    world.payloads.is_away = True
    assert world.show().awaited_by is None


def test_what_is_revealed_is_noted_and_fetched_from_where_it_lies(world: World) -> None:
    arguments_key, body_key = world.payloads.keep('{"text": "가나다"}'), world.payloads.keep("whole body")
    world.put(arguments=None, arguments_key=arguments_key, raw_body_key=body_key)

    shown = world.show(reveal=True)

    assert (shown.arguments, shown.raw_body) == ({"text": "가나다"}, "whole body")
    assert shown.error == "ValueError: secret words"
    assert [line.action for line in shown.audit] == ["revealed"]
    world.payloads.texts.clear()
    assert (world.show(reveal=True).arguments, world.show().arguments) == (None, None)


def test_a_letter_that_is_not_there_is_not_found(world: World) -> None:
    for action in (world.show, world.discard, lambda: world.edit({})):
        with pytest.raises(LetterNotFound):
            action()


def test_unsettled_letters_are_counted_by_cause(world: World) -> None:
    for number in range(1, 6):
        world.put(number, fingerprint="often" if number > 1 else "once")
    world.put(6, state=LetterState.PARKED, fingerprint="once", error="unreadable: not JSON", task=None)
    world.put(7, state=LetterState.DISCARDED)

    groups, is_whole = reviewing.group_dead_letters(letters=world.letters)

    assert [(group.fingerprint, group.count) for group in groups] == [("often", 4), ("once", 2)]
    assert (groups[0].first_at, groups[0].last_at) == (a_letter(2).first_at, a_letter(5).last_at)
    assert (groups[1].error, groups[1].task) == ("unreadable", None)
    assert is_whole


def test_a_flood_of_letters_is_counted_as_far_as_it_is_reasonable(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(2_101):
        world.put(1, id=f"flood-{number}")

    groups, is_whole = reviewing.group_dead_letters(letters=world.letters)

    assert groups[0].count == 2_000
    assert not is_whole


def test_arguments_are_edited_as_the_job_s_contract_wants_them(world: World) -> None:
    world.put(replay_at="2026-01-02T04:00:00.000000Z")
    mended = StoreMessages(messages=[a_message(2)]).wire()

    assert world.edit(mended).arguments == mended

    assert world.letters.letters["j1"].arguments == mended
    assert world.letters.letters["j1"].replay_at is None
    assert world.actions() == [("op", "edited")]
    with pytest.raises(WrongArguments) as refused:
        world.edit({"messages": [], "surprise": "words"})
    assert [one["field"] for one in refused.value.details or []] == ["messages", "surprise"]
    assert "words" not in str(refused.value.details)
    with pytest.raises(UnknownTask):
        world.edit(mended, task="nobody.knows")


def test_large_arguments_are_edited_to_where_they_have_room(world: World) -> None:
    world.put()
    mended = StoreMessages(messages=[a_message(1, content="x" * 50_000)]).wire()

    letter = world.edit(mended)

    assert letter.arguments is None
    assert json.loads(world.payloads.texts[letter.arguments_key or ""]) == mended


def test_a_parked_letter_can_be_replayed_once_somebody_wrote_the_job(world: World) -> None:
    world.put(state=LetterState.PARKED, task=None, arguments=None, raw_body="<a/>", death=Death.UNREADABLE)
    mended = StoreMessages(messages=[a_message()]).wire()
    with pytest.raises(UnknownTask):
        world.edit(mended)

    letter = world.edit(mended, task=STORE)

    assert (letter.state, letter.task, letter.has_arguments) == (LetterState.OPEN, STORE, True)


def test_discarding_is_for_a_reason_and_twice_is_once(world: World) -> None:
    world.put()

    first, second = world.discard(), world.discard("another")

    assert (first.state, first.reason, second.reason) == (LetterState.DISCARDED, "not needed", "not needed")
    assert world.actions() == [("op", "discarded")]
    assert world.letters.noted[0].details == "not needed"
    with pytest.raises(ValidationError):
        world.discard(" ")


def test_what_was_replayed_is_neither_edited_nor_discarded(world: World) -> None:
    letter = world.put(state=LetterState.REPLAYED, replays=1)

    with pytest.raises(LetterSettled):
        world.discard()
    with pytest.raises(LetterSettled):
        world.edit(letter.arguments or {})
