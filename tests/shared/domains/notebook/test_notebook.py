import csv
import io
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.adapters.memory.notebook import MemoryNotebook
from shared.domains.notebook.contract import ExportNotebook, ListNotebook, ListReview, MarkKnown, NoteMistake
from shared.domains.notebook.errors import EntryNotFound
from shared.domains.notebook.models import Mistake, MistakeKind, normalized
from shared.domains.notebook.rules.exporting import export_notebook, exported_entries
from shared.domains.notebook.rules.noting import note_mistake
from shared.domains.notebook.rules.scheduling import reviewed
from shared.domains.notebook.rules.showing import list_notebook, list_review, mark_known
from shared.kernel.times import instant

LATER = "2027-01-01T00:00:00.000000Z"


class NoDecks:
    def deck(self, user_id: str, entries: list[Any]) -> bytes:
        raise AssertionError("no deck was asked for")


def a_mistake(number: int = 1, **fields: Any) -> Mistake:
    given: dict[str, Any] = {
        "happening_id": f"turn-{number}",
        "user_id": "ann",
        "kind": MistakeKind.CORRECTION,
        "said": "I go there yesterday.",
        "better": "I went there yesterday.",
        "why": "past tense",
        "source": "partner",
        "at": f"2026-01-{number:02d}T03:00:00.000000Z",
    }
    return Mistake(**given | fields)


def noted(store: MemoryNotebook, *mistakes: Mistake, zone: str = "Asia/Seoul") -> None:
    for one in mistakes:
        note_mistake(NoteMistake(mistake=one), time_zone=zone, store=store)


def test_mistakes_that_say_the_same_are_one_entry_counted_once_a_happening() -> None:
    store = MemoryNotebook()
    from_tutor = a_mistake(
        2, kind=MistakeKind.FEEDBACK, better="i went there, YESTERDAY!", source="tutor", why="tense!"
    )
    noted(store, a_mistake(1), a_mistake(1), from_tutor)

    (entry,) = store.all_of("ann", limit=10)
    assert (entry.count, entry.kind, entry.better, entry.why) == (
        2,
        MistakeKind.CORRECTION,
        a_mistake().better,
        "past tense",
    )


def test_what_is_said_well_enters_nothing_and_makes_an_entry_due_later() -> None:
    store = MemoryNotebook()
    noted(store, a_mistake(1, score=95.0))
    assert store.all_of("ann", limit=10) == []

    noted(store, a_mistake(2, score=30.0), a_mistake(3, score=96.0))
    (entry,) = store.all_of("ann", limit=10)
    assert (entry.count, entry.last_score) == (1, 96.0)
    assert entry.due_at > "2026-01-04T15:00"


@pytest.mark.parametrize(
    ("zone", "due"),
    [
        ("Asia/Seoul", "2026-03-07T15:00:00.000000Z"),
        ("UTC", "2026-03-08T00:00:00.000000Z"),
        ("America/Los_Angeles", "2026-03-08T08:00:00.000000Z"),
    ],
)
def test_a_mistake_is_due_at_the_beginning_of_the_students_next_day(zone: str, due: str) -> None:
    _, found = reviewed(None, None, datetime(2026, 3, 7, 13, tzinfo=UTC), zone)
    assert found == due


def test_a_day_that_begins_at_one_oclock_has_a_beginning_too() -> None:
    # Midnight does not exist there on that day.
    _, found = reviewed(None, None, datetime(2024, 9, 7, 12, tzinfo=UTC), "America/Santiago")
    assert found == "2024-09-08T04:00:00.000000Z"


def test_intervals_grow_with_every_good_try_and_a_clock_that_goes_back_does_no_harm() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    card, due = reviewed(None, 80.0, at, "UTC")
    gaps = [instant(due) - at]
    for _ in range(4):
        at = instant(due)
        card, due = reviewed(card, 80.0, at, "UTC")
        gaps.append(instant(due) - at)
    assert gaps == sorted(gaps)
    assert gaps[0] < gaps[-1]

    card, due = reviewed(card, 80.0, datetime(2025, 1, 1, tzinfo=UTC), "UTC")
    assert instant(due) > at


def test_due_entries_come_worst_first_in_pages_that_hold_while_some_are_said() -> None:
    store = MemoryNotebook()
    for number, score in enumerate((70.0, 10.0, 40.0, 65.0), 1):
        noted(store, a_mistake(number, better=f"sentence number {number}", score=score))

    first = list_review(ListReview(limit=2), "ann", now=LATER, position=None, store=store)
    noted(store, a_mistake(9, better=first.items[-1].better, score=99.0, at=LATER))
    second = list_review(ListReview(limit=2), "ann", now=LATER, position=first.position, store=store)

    assert [one.last_score for one in (*first.items, *second.items)] == [10.0, 40.0, 65.0, 70.0]
    assert second.position is None


def test_what_is_known_is_not_due_until_it_goes_wrong_again() -> None:
    store = MemoryNotebook()
    noted(store, a_mistake(1))
    entry_id = a_mistake().entry_id
    for _ in range(2):
        assert mark_known(entry_id, MarkKnown(known=True), "ann", now=LATER, store=store).known
    assert list_review(ListReview(), "ann", now=LATER, position=None, store=store).items == []

    noted(store, a_mistake(2))
    assert [one.known for one in list_review(ListReview(), "ann", now=LATER, position=None, store=store).items] == [
        False
    ]
    with pytest.raises(EntryNotFound):
        mark_known(entry_id, MarkKnown(known=True), "ben", now=LATER, store=store)


def test_entries_are_listed_by_kind_and_by_what_is_due() -> None:
    store = MemoryNotebook()
    noted(store, a_mistake(1), a_mistake(2, kind=MistakeKind.PRONUNCIATION, better="How was your day?", score=20.0))

    def better(**asked: Any) -> list[str]:
        command = ListNotebook(**asked)
        now = "2026-01-02T18:00:00.000000Z"
        return [one.better for one in list_notebook(command, "ann", now=now, position=None, store=store).items]

    assert better() == ["I went there yesterday.", "How was your day?"]
    assert better(kind=MistakeKind.PRONUNCIATION) == ["How was your day?"]
    assert better(due=True) == ["I went there yesterday.", "How was your day?"]
    assert better(due=True, kind=MistakeKind.FEEDBACK) == []


def test_a_table_of_the_notebook_is_no_spreadsheet_program() -> None:
    store = MemoryNotebook()
    noted(store, a_mistake(1, said='=cmd|"/c calc"!A1', better="그는 “네”, 라고 했다"))

    content = export_notebook(ExportNotebook(), "ann", exported_entries("ann", store=store), decks=NoDecks())

    rows = [*csv.DictReader(io.StringIO(content.decode("utf-8-sig")))]
    assert rows[0]["said"] == '\'=cmd|"/c calc"!A1'
    assert rows[0]["better"] == "그는 “네”, 라고 했다"


@pytest.mark.parametrize("text", ["How was your day?", "how WAS  your day", "How was your day！", "“How was your day”"])
def test_sentences_are_compared_by_their_words(text: str) -> None:
    assert normalized(text) == "how was your day"
