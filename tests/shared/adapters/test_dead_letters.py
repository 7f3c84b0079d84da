from typing import Any

import pytest

from shared.adapters.dynamodb.dead_letters import DynamoLetters
from shared.adapters.dynamodb.items import METADATA
from shared.adapters.dynamodb.keys import ledger as keys
from shared.adapters.memory.dead_letters import MemoryLetters
from shared.domains.dead_letters.models import Audit, DeadLetter, Death, Due, LetterState, Wanted
from tests.shared.adapters.concurrency import together

Letters = MemoryLetters | DynamoLetters


def at(minute: int) -> str:
    return f"2026-01-02T03:{minute:02d}:00.000000Z"


def a_letter(number: int = 1, **fields: Any) -> DeadLetter:
    given = {
        "id": f"letter-{number}",
        "state": LetterState.OPEN,
        "task": "messages.store_messages",
        "queue": "persistence",
        "death": Death.FAILED,
        "error": "Unavailable: away",
        "fingerprint": "abc",
        "arguments": {"messages": [{"content": "안녕", "score": 1.0, "none": None}]},
        "first_at": at(number),
        "last_at": at(number),
    }
    return DeadLetter(**(given | fields))


def a_line(action: str, minute: int, letter_id: str = "letter-1") -> Audit:
    return Audit(letter_id=letter_id, at=at(minute), by="operator", action=action)


@pytest.fixture(params=["memory", "dynamodb"])
def letters(request: pytest.FixtureRequest) -> Letters:
    if request.param == "memory":
        return MemoryLetters()
    return DynamoLetters(request.getfixturevalue("adapter_table"))


def found(letters: Letters, *, limit: int = 20, oldest_first: bool = False, **wanted: Any) -> list[str]:
    """Walk all pages."""
    ids: list[str] = []
    position = None
    while True:
        page = letters.find(Wanted(**wanted), limit=limit, position=position, oldest_first=oldest_first)
        ids += [one.id for one in page.items]
        position = page.position
        if position is None:
            return ids


def stored(letters: Letters, letter_id: str = "letter-1") -> DeadLetter:
    letter = letters.get(letter_id)
    assert letter is not None
    return letter


def replayed(letters: Letters, letter: DeadLetter, minute: int = 30) -> bool:
    letters.claim(letter, now=at(minute), until=at(minute + 1))
    return letters.sent(letter, a_line("replayed", minute, letter.id))


def test_the_same_death_twice_is_one_letter_as_it_was(letters: Letters) -> None:
    letter = a_letter(correlation_id="r", traceback="…", replay_at=at(20))

    assert letters.record(letter) == (letter, True)
    assert letters.record(a_letter(last_at=at(9), error="Other")) == (letter, False)
    assert letters.get("letter-1") == letter
    assert letters.get("letter-2") is None


def test_many_reports_of_one_death_at_once_are_one_letter(letters: Letters) -> None:
    if isinstance(letters, MemoryLetters):
        pytest.skip("for one thread")

    reports = together(6, lambda _: letters.record(a_letter()))

    assert sorted(report.is_new for report in reports) == [False] * 5 + [True]


def test_a_death_after_a_replay_reopens_the_letter_and_an_old_one_does_not(letters: Letters) -> None:
    letters.record(a_letter())
    assert replayed(letters, stored(letters))

    assert letters.record(a_letter(last_at=at(8))).is_new is False
    again = letters.record(a_letter(replays=1, last_at=at(40), first_at=at(40), error="Worse"))

    assert again.is_new
    assert stored(letters) == a_letter(replays=1, last_at=at(40), error="Worse")
    assert letters.record(a_letter(replays=1, last_at=at(41))).is_new is False
    assert found(letters, state=LetterState.REPLAYED) == []


def test_a_job_that_dies_before_its_replay_is_counted_stays_open(letters: Letters) -> None:
    letters.record(a_letter())
    before = stored(letters)
    assert letters.claim(before, now=at(30), until=at(31))
    letters.record(a_letter(replays=1, last_at=at(30)))

    assert not letters.sent(before, a_line("replayed", 30))
    assert stored(letters).state is LetterState.OPEN
    assert stored(letters).replays == 1


def test_lists_are_in_order_whole_and_filtered(letters: Letters) -> None:
    for number in range(1, 8):
        letters.record(a_letter(number, task="a.b" if number % 2 else "c.d", queue="tts" if number == 3 else "speech"))
    letters.record(a_letter(8, last_at=at(7), task="c.d", fingerprint="other", queue="speech"))
    letters.discard("letter-2", "no", a_line("discarded", 20, "letter-2"))
    replayed(letters, stored(letters, "letter-4"))
    newest_first = ["letter-8", *(f"letter-{number}" for number in range(7, 0, -1))]

    assert found(letters, limit=3) == newest_first
    assert found(letters, limit=3, oldest_first=True) == newest_first[::-1]
    assert found(letters, limit=1, state=LetterState.DISCARDED) == ["letter-2"]
    assert found(letters, limit=1, task="c.d") == ["letter-8", "letter-6", "letter-4", "letter-2"]
    assert found(letters, queue="tts") == ["letter-3"]
    assert found(letters, limit=2, fingerprint="abc", state=LetterState.OPEN) == [
        *("letter-7", "letter-6", "letter-5", "letter-3", "letter-1")
    ]
    assert found(letters, fingerprint="other") == ["letter-8"]
    assert found(letters, limit=1, since=at(3), until=at(5)) == ["letter-5", "letter-4", "letter-3"]
    assert found(letters, since=at(5), until=at(3)) == []


def test_of_many_who_want_to_send_one_may_until_its_claim_ends(letters: Letters) -> None:
    letters.record(a_letter())
    letter = stored(letters)

    assert letters.claim(letter, now=at(30), until=at(32))
    assert not letters.claim(letter, now=at(31), until=at(33))
    assert not letters.discard("letter-1", "no", a_line("discarded", 31))
    letters.release(letter, until=at(33))
    assert not letters.claim(letter, now=at(31), until=at(33))
    letters.release(letter, until=at(32))
    assert letters.claim(letter, now=at(31), until=at(33))
    assert letters.claim(letter, now=at(33), until=at(34))
    assert letters.sent(letter, a_line("replayed", 33))
    assert not letters.claim(letter, now=at(40), until=at(41))
    assert not letters.sent(letter, a_line("replayed", 34))
    assert [line.at for line in letters.audits("letter-1")] == [at(33)]


def test_claims_at_once_are_taken_by_one(letters: Letters) -> None:
    if isinstance(letters, MemoryLetters):
        pytest.skip("for one thread")
    letters.record(a_letter())

    claims = together(6, lambda _: letters.claim(a_letter(), now=at(30), until=at(31)))

    assert sorted(claims) == [False] * 5 + [True]


def test_an_edit_is_kept_with_its_line(letters: Letters) -> None:
    letters.record(a_letter(state=LetterState.PARKED, arguments=None, task=None, raw_body="<a/>"))
    mended = stored(letters).model_copy(
        update={"task": "a.b", "arguments": {"x": 1.5}, "state": LetterState.OPEN, "replay_at": None}
    )

    assert letters.amend(mended, a_line("edited", 20))

    assert stored(letters) == mended
    assert found(letters, state=LetterState.OPEN) == ["letter-1"]
    assert found(letters, state=LetterState.PARKED) == []
    assert letters.audits("letter-1") == [a_line("edited", 20)]
    assert not letters.amend(mended.model_copy(update={"replays": 1}), a_line("edited", 21))
    assert not letters.amend(a_letter(9), a_line("edited", 21, "letter-9"))


def test_what_is_settled_is_neither_edited_nor_discarded(letters: Letters) -> None:
    letters.record(a_letter())
    assert letters.discard("letter-1", "not needed", a_line("discarded", 20))

    assert stored(letters).reason == "not needed"
    assert not letters.amend(a_letter(), a_line("edited", 21))
    assert not letters.discard("letter-1", "again", a_line("discarded", 22))
    assert not letters.discard("letter-9", "unknown", a_line("discarded", 22, "letter-9"))
    assert not letters.claim(a_letter(), now=at(30), until=at(31))


def test_success_closes_the_letter_of_that_replay_and_of_no_later_one(letters: Letters) -> None:
    letters.record(a_letter())
    replayed(letters, stored(letters))

    assert letters.succeed("letter-1", 1, at(35))
    assert stored(letters).succeeded_at == at(35)
    letters.record(a_letter(replays=1, last_at=at(40)))
    assert stored(letters).succeeded_at is None
    replayed(letters, stored(letters), 41)
    assert not letters.succeed("letter-1", 1, at(42))
    assert letters.succeed("letter-1", 2, at(42))
    assert not letters.succeed("letter-9", 1, at(42))


def test_success_that_is_heard_of_before_the_count_closes_too(letters: Letters) -> None:
    letters.record(a_letter())
    letter = stored(letters)
    letters.claim(letter, now=at(30), until=at(31))

    assert letters.succeed("letter-1", 1, at(30))
    assert not letters.sent(letter, a_line("replayed", 30))
    assert (stored(letters).state, stored(letters).replays) == (LetterState.REPLAYED, 1)


def test_a_discarded_letter_is_not_closed_by_a_late_success(letters: Letters) -> None:
    letters.record(a_letter())
    letters.discard("letter-1", "no", a_line("discarded", 20))

    assert not letters.succeed("letter-1", 1, at(30))


def test_scheduled_letters_are_found_when_their_time_has_come(letters: Letters) -> None:
    letters.schedule("letter-1", at(20))
    letters.schedule("letter-2", at(10))
    letters.schedule("letter-3", at(30))

    assert letters.due(at(20), 10) == [Due("letter-2", at(10)), Due("letter-1", at(20))]
    assert letters.due(at(20), 1) == [Due("letter-2", at(10))]
    letters.schedule("letter-2", at(15))
    letters.unschedule(Due("letter-2", at(10)))
    assert letters.due(at(19), 10) == [Due("letter-2", at(15))]
    letters.unschedule(Due("letter-2", at(15)))
    letters.unschedule(Due("letter-2", at(15)))
    assert letters.due(at(19), 10) == []


def test_notes_are_kept_in_order(letters: Letters) -> None:
    lines = [a_line("revealed", 1), a_line("edited", 2).model_copy(update={"details": "a.b"})]
    for line in lines:
        letters.note(line)

    assert letters.audits("letter-1") == lines
    assert letters.audits("letter-2") == []


def test_the_ledger_tells_what_was_done(letters: Letters) -> None:
    assert not letters.has_taken_effect("letter-1")
    if isinstance(letters, MemoryLetters):
        letters.done.add("letter-1")
    else:
        item = {"PK": keys.job_run("letter-1"), "SK": METADATA, "state": "COMPLETED", "fence": 1}
        letters._table._client.put_item(
            TableName=letters._table.name,
            Item={name: {"N" if name == "fence" else "S": str(value)} for name, value in item.items()},
        )

    assert letters.has_taken_effect("letter-1")
