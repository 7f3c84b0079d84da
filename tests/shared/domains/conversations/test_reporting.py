import pytest

from shared.domains.conversations.contract import ReportConversation, SummarizeConversation
from shared.domains.conversations.errors import ConversationNotFound
from shared.domains.conversations.models import REPORT, Report, best_corrections
from shared.domains.conversations.rules import reporting, summarizing
from shared.kernel.budgets import BudgetState, Kind
from shared.kernel.errors import Unavailable
from shared.kernel.partner import PartnerRefused
from tests.shared.domains.conversations.backstage import SCENE, World, a_correction, a_turn

WRITTEN = {"summary": "잘했어요.", "phrases": [{"english": "to go", "meaning": "포장"}]}
JOB = ReportConversation(job_id="j1", conversation_id="c1", user_id="u1", scene=SCENE)


@pytest.fixture
def world() -> World:
    world = World()
    world.partner.answers = [WRITTEN]
    world.tracker.record("j1", REPORT, "u1")
    return world


def reported(world: World) -> Report:
    reporting.report_conversation(JOB, backstage=world.backstage)
    report = world.store.conversations["c1"].report
    assert report is not None
    return report


def summarized(world: World, up_to: int) -> tuple[str, int]:
    job = SummarizeConversation(conversation_id="c1", user_id="u1", up_to=up_to)
    summarizing.summarize_conversation(job, backstage=world.backstage)
    found = world.store.conversations["c1"]
    return found.summary, found.summarized


def test_a_report_is_written_stored_and_told(world: World) -> None:
    world.converse(3, correction=a_correction())
    report = reported(world)

    assert (report.summary, report.turn_count, report.corrections) == ("잘했어요.", 3, [a_correction()])
    assert world.store.conversations["c1"].has_ended
    assert world.records.records["j1"].result == {"conversationId": "c1", "report": report.wire()}
    assert world.told("j1") == ["COMPLETED"]
    assert world.purse.settled == {"j1": {Kind.TOKENS: 120}}


def test_the_model_is_shown_what_was_said_and_corrected(world: World) -> None:
    world.converse(2, correction=a_correction())
    reported(world)
    [question] = world.partner.asked

    assert 'Student: "student 1"\nPartner: "partner 1"\nStudent: "student 2"' in question.said[0].text
    assert 'Corrected: "He go." as "He goes."' in question.said[0].text


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(
    ("port", "method"),
    [
        ("store", "end"),
        ("purse", "hold"),
        ("partner", "fill"),
        ("purse", "settle"),
        ("store", "keep_report"),
        ("tracker", "progress"),
        ("tracker", "complete"),
    ],
)
def test_a_run_that_dies_anywhere_is_finished_by_the_next(world: World, port: str, method: str, after: bool) -> None:
    world.converse(2)
    broken = world.break_once(port, method, after=after)
    with pytest.raises(Unavailable):
        reported(world)
    kept = world.store.conversations["c1"].report
    world.partner.answers = [{"summary": "another"}]
    report = reported(world)
    assert reported(world) == report

    assert broken.broke == 1
    assert kept in (None, report)
    assert world.told("j1") == ["COMPLETED"]
    assert world.records.records["j1"].result == {"conversationId": "c1", "report": report.wire()}
    assert world.purse.held == {}


def test_without_a_turn_nothing_is_asked(world: World) -> None:
    world.converse(0)
    report = reported(world)

    assert world.partner.asked == []
    assert report.turn_count == 0
    assert report.summary


@pytest.mark.parametrize("fields", [{}, {"summary": " \x00"}, {"summary": 7}])
def test_an_unusable_report_is_replaced_by_a_plain_one(world: World, fields: dict[str, object]) -> None:
    world.converse(2, correction=a_correction())
    world.partner.answers = [fields]

    assert reported(world).summary == "이번 대화에서 2번 말했습니다. 다시 볼 문장: 1개."


def test_beyond_the_budget_the_report_is_a_plain_one(world: World) -> None:
    world.converse(2)
    world.purse.states = {Kind.TOKENS: BudgetState.SPENT}

    assert reported(world).summary == "이번 대화에서 2번 말했습니다. 다시 볼 문장: 0개."
    assert world.partner.asked == []
    assert world.purse.settled == {}


def test_where_the_model_refuses_the_conversation_has_ended_all_the_same(world: World) -> None:
    world.converse(2)
    world.partner.answers = [PartnerRefused()]
    with pytest.raises(PartnerRefused):
        reported(world)

    assert world.store.conversations["c1"].has_ended
    assert world.purse.held == {}


def test_a_report_on_nothing_is_refused(world: World) -> None:
    with pytest.raises(ConversationNotFound):
        reporting.report_conversation(JOB, backstage=world.backstage)


def test_a_long_conversation_is_shown_by_its_newest_turns(world: World) -> None:
    world.converse(0)
    for number in range(1, 61):
        world.store.add_turn(a_turn(number, user_message=f"{number}. " + "x" * 396, ai_message="y" * 400))
    report = reported(world)
    said = world.partner.asked[0].said[0].text

    assert report.turn_count == 60
    assert '"60. x' in said
    assert '"30. x' not in said


def test_the_ten_best_corrections_are_in_their_order_and_none_comes_twice() -> None:
    turns = [a_turn(1, correction=a_correction("Long.", original="x" * 90))]
    turns += [a_turn(2, correction=a_correction("No why.", why=""))]
    turns += [a_turn(number, correction=a_correction(f"Better {number}.")) for number in range(3, 13)]
    turns += [a_turn(13), a_turn(14, correction=a_correction("BETTER 5."))]

    best = [one.better for one in best_corrections(turns)]
    assert best == ["Better 3.", "Better 4.", "BETTER 5.", *(f"Better {number}." for number in range(6, 13))]
    assert best_corrections([]) == []


def test_a_summary_covers_the_turns_up_to_a_number_on_top_of_the_last(world: World) -> None:
    world.converse(6)
    world.partner.answers = [{"summary": "They met."}, {"summary": "They met and ate."}]
    assert summarized(world, 2) == ("They met.", 2)
    assert summarized(world, 4) == ("They met and ate.", 4)

    second = world.partner.asked[1]
    assert 'Earlier: "They met."' in second.system
    assert [line for line in second.said[0].text.splitlines() if "Student" in line] == [
        'Student: "student 3"',
        'Student: "student 4"',
    ]


def test_a_summary_that_is_there_is_not_asked_for_again(world: World) -> None:
    world.converse(4)
    world.partner.answers = [{"summary": "They met."}]
    for up_to in (4, 4, 2):
        assert summarized(world, up_to) == ("They met.", 4)

    assert len(world.partner.asked) == 1
    assert world.purse.settled == {"summary-c1-4": {Kind.TOKENS: 120}}


def test_a_summary_counts_only_turns_that_are_there(world: World) -> None:
    world.converse(2)
    world.partner.answers = [{"summary": "They met."}]

    assert summarized(world, 9) == ("They met.", 2)
    assert summarized(world, 9) == ("They met.", 2)
    assert len(world.partner.asked) == 1


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(("port", "method"), [("partner", "fill"), ("purse", "settle"), ("store", "keep_summary")])
def test_a_summary_that_died_is_made_by_the_next_run(world: World, port: str, method: str, after: bool) -> None:
    world.converse(2)
    world.partner.answers = [{"summary": "They met."}]
    world.break_once(port, method, after=after)
    with pytest.raises(Unavailable):
        summarized(world, 2)

    assert summarized(world, 2) == ("They met.", 2)
    assert world.purse.held == {}


def test_nothing_usable_and_no_budget_leave_the_summary_as_it_is(world: World) -> None:
    world.converse(2)
    world.partner.answers = [{"summary": None}]
    assert summarized(world, 2) == ("", 0)
    world.purse.states = {Kind.TOKENS: BudgetState.SPENT}
    assert summarized(world, 2) == ("", 0)

    assert len(world.partner.asked) == 1
    summarizing.summarize_conversation(
        SummarizeConversation(conversation_id="gone", user_id="u1", up_to=3), backstage=world.backstage
    )
