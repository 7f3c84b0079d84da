"""The ports ConversationStore and TurnStore, on memory and on DynamoDB."""

from collections.abc import Callable
from typing import Any, Protocol

import pytest

from shared.adapters.dynamodb.conversations import DynamoConversations
from shared.adapters.dynamodb.keys import conversations as keys
from shared.adapters.dynamodb.table import Put, Table
from shared.adapters.memory.conversations import MemoryConversations
from shared.domains.conversations.errors import ConversationNotFound
from shared.domains.conversations.models import Conversation, Correction, Phrase, Report, Scene, Span, Turn
from shared.domains.conversations.ports import ConversationStore
from shared.domains.turns.models import turn_id_of
from shared.domains.turns.ports import TurnStore
from shared.kernel.errors import Unavailable
from tests.shared.adapters.concurrency import together


class Store(ConversationStore, TurnStore, Protocol):
    """What every adapter is."""


STORES: dict[str, Callable[[pytest.FixtureRequest], Store]] = {
    "memory": lambda _: MemoryConversations(),
    "dynamodb": lambda request: DynamoConversations(request.getfixturevalue("adapter_table")),
}


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest) -> Store:
    return STORES[request.param](request)


CORRECTION = Correction(
    original="He go home",
    better="He goes home",
    spans=[Span(start=3, end=5, original="go", better="goes")],
    why="3인칭 단수",
)
NOTHING_CHANGED = Correction(original="", better="", spans=[], why="")


def a_conversation(number: int = 1, **fields: Any) -> Conversation:
    given = {
        "conversation_id": f"c{number}",
        "user_id": "u1",
        "scene": Scene(level="beginner", topic="카페", role="barista", language="ko"),
        "started_at": f"2026-01-02T03:04:{number:02d}.000000Z",
    }
    return Conversation.model_validate(given | fields)


def a_turn(number: int = 1, request_id: str | None = None, **fields: Any) -> Turn:
    request = request_id or f"request {number}"
    given = {
        "conversation_id": "c1",
        "number": number,
        "turn_id": turn_id_of("u1", request),
        "request_id": request,
        "user_id": "u1",
        "user_message": f"He go home {number}",
        "ai_message": "Does he? Where does he live?",
        "input_tokens": 310,
        "output_tokens": 24,
        "sent_at": f"2026-01-02T03:05:{number % 60:02d}.000000Z",
        "answered_at": f"2026-01-02T03:05:{number % 60:02d}.500000Z",
    }
    return Turn.model_validate(given | fields)


def counted(store: Store, conversation_id: str = "c1") -> int:
    found = store.get(conversation_id)
    assert found is not None
    return found.turn_count


def test_a_conversation_is_stored_once(store: Store) -> None:
    assert store.get("c1") is None
    assert store.add(a_conversation())
    assert not store.add(a_conversation(first_message="another"))

    assert store.get("c1") == a_conversation()


def test_every_field_of_a_conversation_comes_back(store: Store) -> None:
    whole = a_conversation(
        scene=Scene(level="advanced", topic='"\\\n👋', role="", situation="a\0b", language="en"),
        first_message="Hi! What can I get you?",
        audio_job_id="job",
        is_default=True,
        ended_at="2026-01-03T00:00:00.000000Z",
        turn_count=12,
        summary="They met.",
        summarized=4,
        report=Report(summary="잘했어요", corrections=[CORRECTION, NOTHING_CHANGED], turn_count=12),
    )
    store.add(whole)

    assert store.get("c1") == whole
    assert store.list_of("u1", position=None, limit=1).items == [whole]


def test_the_default_is_who_came_first_or_was_named(store: Store) -> None:
    assert store.default_of("u1") is None
    assert store.set_default("u1", "c1", instead_of=None) == "c1"
    assert store.set_default("u1", "c2", instead_of=None) == "c1"
    assert store.set_default("u1", "c2", instead_of="c9") == "c1"
    assert store.default_of("u1") == "c1"
    assert store.set_default("u1", "c2", instead_of="c1") == "c2"
    assert store.set_default("u1", "c3", instead_of="c1") == "c2"
    assert (store.default_of("u1"), store.default_of("u2")) == ("c2", None)


def test_a_user_s_conversations_come_newest_first_in_pages(store: Store) -> None:
    started = [1, 2, 2, 2, 3, 4, 4]
    for number, second in enumerate(started):
        store.add(a_conversation(number, started_at=f"2026-01-02T03:04:{second:02d}.000000Z"))
    store.add(a_conversation(50, user_id="u2"))

    seen: list[Conversation] = []
    position = None
    for pages_left in (3, 2, 1, 0):
        page = store.list_of("u1", position=position, limit=2)
        seen += page.items
        position = page.position
        assert (position is not None) == (pages_left > 0)

    assert sorted(one.conversation_id for one in seen) == [f"c{number}" for number in range(len(started))]
    times = [one.started_at for one in seen]
    assert times == sorted(times, reverse=True)
    assert store.list_of("u3", position=None, limit=20).items == []
    assert len(store.list_of("u1", position=None, limit=7).items) == 7
    assert store.list_of("u1", position=None, limit=7).position is None


def test_a_conversation_ends_once(store: Store) -> None:
    store.add(a_conversation())
    assert store.end("c1", "2026-01-03T00:00:00.000000Z")
    assert not store.end("c1", "2026-01-04T00:00:00.000000Z")

    found = store.get("c1")
    assert found is not None
    assert found.ended_at == "2026-01-03T00:00:00.000000Z"


def test_a_report_is_kept_over_another(store: Store) -> None:
    store.add(a_conversation())
    first = Report(summary="Good.")
    second = Report(summary="Better.", phrases=[Phrase(english="to go", meaning="포장")], turn_count=2)
    for report in (first, second):
        store.keep_report("c1", report)
        assert store.get("c1") == a_conversation(report=report)


def test_a_summary_only_ever_covers_more(store: Store) -> None:
    store.add(a_conversation())
    assert store.keep_summary("c1", "two", summarized=2)
    assert not store.keep_summary("c1", "two again", summarized=2)
    assert not store.keep_summary("c1", "one", summarized=1)
    assert store.keep_summary("c1", "four", summarized=4)

    assert store.get("c1") == a_conversation(summary="four", summarized=4)


def test_a_turn_is_stored_and_counted_once(store: Store) -> None:
    store.add(a_conversation())
    assert store.find_turn(a_turn().turn_id) is None
    assert store.add_turn(a_turn())
    assert not store.add_turn(a_turn())
    assert not store.add_turn(a_turn(2, request_id="request 1", ai_message="of another run"))
    assert store.add_turn(a_turn(2))

    assert store.turns_of("c1") == [a_turn(1), a_turn(2)]
    assert counted(store) == 2
    assert store.find_turn(a_turn(1).turn_id) == a_turn(1)
    assert store.find_turn(a_turn(2).turn_id) == a_turn(2)


@pytest.mark.parametrize("number", [1, 3])
def test_a_turn_whose_number_is_not_the_next_is_tried_again(store: Store, number: int) -> None:
    store.add(a_conversation())
    store.add_turn(a_turn(1))
    late = a_turn(number, request_id="of a run that was left behind")

    with pytest.raises(Unavailable):
        store.add_turn(late)

    assert store.find_turn(late.turn_id) is None
    assert store.turns_of("c1") == [a_turn(1)]
    assert counted(store) == 1
    assert store.add_turn(late.model_copy(update={"number": 2}))


def test_a_turn_of_no_conversation_is_refused(store: Store) -> None:
    with pytest.raises(ConversationNotFound):
        store.add_turn(a_turn())

    assert store.get("c1") is None
    assert store.find_turn(a_turn().turn_id) is None
    assert store.turns_of("c1") == []


def test_a_turn_in_another_conversation_is_found_by_its_id_too(store: Store) -> None:
    for number in (1, 2):
        store.add(a_conversation(number))
    elsewhere = a_turn(1, request_id="1", conversation_id="c2")
    store.add_turn(a_turn(1))
    store.add_turn(elsewhere)

    assert store.find_turn(elsewhere.turn_id) == elsewhere
    assert not store.add_turn(a_turn(2, request_id="1"))
    assert (counted(store), counted(store, "c2")) == (1, 1)


def test_every_field_of_the_largest_turn_comes_back(store: Store) -> None:
    store.add(a_conversation())
    turn = a_turn(
        request_id="요청 " + "x" * 120,
        user_message="가" * 4000,
        ai_message="👋" * 4000,
        heard=True,
        confidence=0.8765432109876543,
        stopped=True,
        correction=CORRECTION,
        audio_job_id="voice",
    )
    store.add_turn(turn)
    store.add_turn(a_turn(2, confidence=1.0, user_message="", ai_message="", correction=NOTHING_CHANGED))
    store.add_turn(a_turn(3, confidence=0.0, ai_message="\0\x1b\u2028"))

    assert store.find_turn(turn.turn_id) == turn
    assert store.turns_of("c1")[0] == turn
    assert [one.confidence for one in store.turns_of("c1")] == [turn.confidence, 1.0, 0.0]
    assert store.turns_of("c1")[1].correction == NOTHING_CHANGED
    assert store.turns_of("c1")[2].ai_message == "\0\x1b\u2028"


def test_turns_come_oldest_first_from_a_number_on(store: Store) -> None:
    store.add(a_conversation())
    for number in range(1, 13):
        store.add_turn(a_turn(number))

    assert [one.number for one in store.turns_of("c1")] == list(range(1, 13))
    assert [one.number for one in store.turns_of("c1", after=9)] == [10, 11, 12]
    assert store.turns_of("c1", after=12) == []


def test_a_correction_comes_after_its_turn(store: Store) -> None:
    store.add(a_conversation())
    store.add_turn(a_turn())
    corrected = a_turn(correction=CORRECTION, audio_job_id="voice")
    store.keep_correction(corrected)
    store.keep_correction(corrected)

    assert store.find_turn(corrected.turn_id) == corrected
    assert store.turns_of("c1") == [corrected]
    assert counted(store) == 1


def test_a_correction_of_a_turn_that_is_not_there_makes_none(store: Store) -> None:
    store.add(a_conversation())
    store.add_turn(a_turn())
    store.keep_correction(a_turn(2, correction=CORRECTION))
    store.keep_correction(a_turn(1, request_id="another", correction=CORRECTION))

    assert store.turns_of("c1") == [a_turn()]


def test_of_one_turn_from_many_at_once_one_is_stored(adapter_table: Table) -> None:
    store = DynamoConversations(adapter_table)
    store.add(a_conversation())
    outcomes = together(12, lambda number: store.add_turn(a_turn(ai_message=f"by run {number}")))

    assert sorted(outcomes) == [False] * 11 + [True]
    assert counted(store) == 1
    [stored] = store.turns_of("c1")
    assert stored.ai_message == f"by run {outcomes.index(True)}"
    assert store.find_turn(stored.turn_id) == stored


def test_of_many_turns_with_one_number_one_is_stored(adapter_table: Table) -> None:
    store = DynamoConversations(adapter_table)
    store.add(a_conversation())
    outcomes = together(12, lambda number: store.add_turn(a_turn(1, request_id=f"r{number}")))

    assert outcomes.count(True) == 1
    assert sum(isinstance(one, Unavailable) for one in outcomes) == 11
    assert counted(store) == 1
    assert len(store.turns_of("c1")) == 1


def test_of_many_defaults_at_once_all_learn_the_one(adapter_table: Table) -> None:
    store = DynamoConversations(adapter_table)
    outcomes = together(12, lambda number: store.set_default("u1", f"c{number}", instead_of=None))

    assert set(outcomes) == {store.default_of("u1")}


def test_of_many_new_ones_of_one_id_at_once_one_is_stored(adapter_table: Table) -> None:
    store = DynamoConversations(adapter_table)
    outcomes = together(12, lambda number: store.add(a_conversation(first_message=str(number))))

    assert outcomes.count(True) == 1
    assert store.get("c1") == a_conversation(first_message=str(outcomes.index(True)))


def test_turns_summaries_and_reports_at_once_do_not_undo_each_other(adapter_table: Table) -> None:
    store = DynamoConversations(adapter_table)
    store.add(a_conversation())

    def work(number: int) -> list[bool] | None:
        if number == 0:
            return [store.add_turn(a_turn(count)) for count in range(1, 9)]
        if number == 1:
            return [store.keep_summary("c1", f"to {count}", summarized=count) for count in range(1, 9)]
        for count in range(8):
            store.keep_report("c1", Report(summary=str(count)))
        return None

    added, summarized, reported = together(3, work)

    assert added == summarized == [True] * 8
    assert reported is None
    assert store.get("c1") == a_conversation(turn_count=8, summary="to 8", summarized=8, report=Report(summary="7"))


def test_the_keys_are_those_of_the_table_s_page(adapter_table: Table) -> None:
    store = DynamoConversations(adapter_table)
    store.add(a_conversation())
    store.add_turn(a_turn(1))
    turn = adapter_table.get("CONVERSATION#c1", keys.turn(1))

    assert turn is not None
    assert turn["SK"].startswith("TURN#0")
    assert turn["GSI2PK"].startswith("TURN#u1#")
    assert "request" not in turn["GSI2PK"]
    page = adapter_table.query(turn["GSI2PK"], index="GSI2")
    assert [item["turnId"] for item in page.items] == [a_turn(1).turn_id]


def test_a_page_is_at_most_500_turns(adapter_table: Table) -> None:
    store = DynamoConversations(adapter_table)
    store.add(a_conversation(turn_count=520))
    store.add_turn(a_turn(521))

    one = adapter_table.get("CONVERSATION#c1", keys.turn(521))
    assert one is not None
    adapter_table.batch_write(Put(one | {"SK": keys.turn(number), "number": number}) for number in range(1, 521))

    assert [turn.number for turn in store.turns_of("c1")] == list(range(1, 501))
    assert [turn.number for turn in store.turns_of("c1", after=500)] == list(range(501, 522))
