"""A lesson from practice through a tutor's feedback to the notebook and its review; and a tutor with ten students."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from playwright.sync_api import expect

from tests.browser.conftest import SPOKEN
from tests.browser.lessons import match
from tests.browser.trees import same_tree
from tests.browser.visitor import Visitor
from tests.flows.people import People, Person
from tests.flows.platform import Platform, wait_for

LONG_AGO = "2026-01-01T00:00:00.000000Z"


def test_a_lesson_from_practice_to_feedback_on_a_word_to_the_notebook_and_its_review(
    visit: Callable[..., Visitor], people: People, platform: Platform
) -> None:
    student, tutor = people.fresh(), people.fresh("tutor")
    match(student, tutor)
    with visit(student, "/app/tutors") as learner, visit(tutor, "/app/students") as teacher:
        page, desk = learner.page, teacher.page
        page.get_by_role("switch", name="My recordings").check()
        expect(page.get_by_role("switch", name="My results")).to_be_checked()
        expect(desk.locator(".student-row .secondary")).to_have_text("Online", timeout=20_000)

        desk.get_by_role("radio", name="Correction").check(force=True)
        desk.get_by_label(re.compile("Write to")).fill(SPOKEN)
        desk.keyboard.press("Control+Enter")
        expect(desk.locator(".sent-row")).to_contain_text("Delivered")
        learner.button("Got it").click()
        expect(desk.locator(".sent-row")).to_contain_text("Read", timeout=10_000)

        page.get_by_role("link", name="Practise").first.click()
        page.get_by_role("link", name="Notebook").click()
        expect(page.locator(".entry .is")).to_have_text(SPOKEN, timeout=10_000)
        learner.button(f"Say it: {SPOKEN}").click()
        expect(page.locator(".to-say-text")).to_have_text(SPOKEN)
        assert learner.findings() == []
        expect(desk.locator(".student-row .secondary")).to_contain_text("Practising")
        same_tree(learner, "practise-set-one")
        learner.button("Hear the model").click()
        expect(page.locator(".spoken .now")).to_be_visible(timeout=20_000)
        page.locator("h1").click()
        page.keyboard.press("r")
        expect(page.locator(".listening-words")).to_contain_text(re.compile("0:0[56]"), timeout=15_000)
        page.keyboard.press("Space")
        expect(page.locator(".ring")).to_have_attribute("aria-label", re.compile("points, Grade"), timeout=60_000)
        assert " ".join(page.locator(".word:not(.extra) .word-text").all_inner_texts()) == SPOKEN
        page.locator(".word").first.click()
        page.keyboard.press("ArrowRight")
        expect(page.locator(".word").nth(1)).to_be_focused()
        expect(page.locator(".word-detail")).to_be_visible()
        page.locator(".bit").first.click()
        assert learner.findings() == []
        same_tree(learner, "practise-result")

        desk.locator(".result-row").first.click(timeout=20_000)
        desk.locator(".open-result .word", has_text="wondering").click()
        expect(desk.locator(".about")).to_contain_text("wondering")
        expect(desk.locator(".about")).to_contain_text(re.compile("0:0[0-9]"))
        expect(desk.locator(".open-result .player")).to_be_visible()
        desk.get_by_role("radio", name="Tip").check(force=True)
        desk.get_by_label(re.compile("Write to")).fill("Stress the first syllable.")
        assert teacher.findings() == []
        same_tree(teacher, "students-result")
        teacher.button("Send now").click()
        overlay = page.get_by_role("dialog", name=re.compile("Feedback from"))
        expect(overlay.locator(".anchor mark")).to_have_text("wondering", timeout=10_000)
        expect(overlay.get_by_role("button", name="Play this bit: my voice")).to_be_visible()
        assert learner.findings() == []
        same_tree(learner, "feedback-overlay")
        learner.button("Got it").click()
        result = student.get("/api/stt/results?limit=1")["results"][0]["resultId"]
        heard = f"/api/tutor/students/{student.email}/results/{result}"
        assert "recordingUrl" in tutor.get(heard)
        student.ask("PATCH", "/api/me", json={"shareRecordings": False})
        assert "recordingUrl" not in tutor.get(heard)
        expect(desk.locator(".open-result .player")).to_have_count(0, timeout=15_000)
        expect(desk.locator(".open-result .word").first).to_be_visible()
        learner.button("Finish the set").click()
        expect(page.locator(".headline")).to_contain_text("You said 1 sentence")
        same_tree(learner, "practise-done")

        page.get_by_role("link", name="Notebook").click()
        with page.expect_download() as download:
            learner.button("Take it along as a table").click()
        assert SPOKEN in download.value.path().read_text("utf-8")
        entry = student.get("/api/notebook")["entries"][0]["entryId"]
        _make_due(platform, student, entry)
        page.get_by_role("switch", name="Only what is due").check()
        expect(page.locator(".entry")).to_contain_text("due now")
        page.get_by_role("link", name="Practise").first.click()
        learner.button("Review").click()
        expect(page.locator(".to-say-text")).to_have_text(SPOKEN)
        page.get_by_role("link", name="Progress").first.click()
        expect(page.locator(".progress-numbers")).to_contain_text("1")
        learner.button("Show as table").first.click()
        expect(page.locator("table")).to_contain_text("Minutes")
        same_tree(learner, "progress-table")


def test_sentences_of_a_topic_wait_where_one_left_them(visit: Callable[..., Visitor], people: People) -> None:
    with visit(people.fresh(), "/app/practise") as visitor:
        page = visitor.page
        page.get_by_role("radio", name="Travelling").check(force=True)
        page.get_by_role("radio", name="3", exact=True).check(force=True)
        visitor.button("Start practising").click()
        expect(page.get_by_text("Sentence 1 of 3")).to_be_visible(timeout=30_000)
        page.locator("h1").click()
        first = page.locator(".to-say-text").inner_text()
        page.keyboard.press("ArrowRight")
        expect(page.get_by_text("Sentence 2 of 3")).to_be_visible()
        second = page.locator(".to-say-text").inner_text()
        assert first != second
        page.reload()
        expect(page.locator(".to-say-text")).to_have_text(second)
        page.goto("/app/practise")
        page.get_by_role("link", name="Go on").click()
        expect(page.get_by_text("Sentence 2 of 3")).to_be_visible()


def test_a_tutor_sees_ten_students_live(visit: Callable[..., Visitor], people: People) -> None:
    tutor = people.fresh("tutor")
    tutor.ask("PATCH", "/api/me", json={"maxStudents": 12})
    with ThreadPoolExecutor(5) as pool:
        students = list(pool.map(lambda _: people.fresh(), range(10)))
    for one in students:
        match(one, tutor)
    asks = people.fresh()
    asks.post(f"/api/tutors/{tutor.email}/request", {"message": "I have an interview in May."})
    with visit(tutor, "/app/students") as visitor:
        page = visitor.page
        rows = page.locator(".student-row")
        expect(rows).to_have_count(10)
        expect(page.locator(".request")).to_contain_text(f"{asks.name} asks to join you")
        expect(page.locator(".student-list .dot.on")).to_have_count(0)
        with (
            visit(students[3], "/app/practise") as learner,
            visit(students[5], "/app/rooms") as talker,
            students[7].channel(),
        ):
            _begin_to_practise(learner)
            _open_a_room(talker, "Coffee and small talk")
            expect(rows.nth(0)).to_contain_text("Practising: Travelling", timeout=5_000)
            expect(rows.nth(1)).to_contain_text("In Coffee and small talk", timeout=5_000)
            expect(rows.nth(2)).to_contain_text("Online", timeout=15_000)
            names = page.locator(".student-row strong").all_inner_texts()
            assert names[:3] == [students[number].name for number in (3, 5, 7)]
            expect(page.locator(".top")).to_contain_text("3 online, 1 practising")
            rows.first.focus()
            for number in (5, 7):
                page.keyboard.press("ArrowDown")
                expect(page.locator(".student-name")).to_have_text(students[number].name)
                expect(page.locator(".at-once")).to_contain_text("will see it at once")
                expect(page.locator(".not-shared")).to_contain_text("does not share results")
            page.get_by_label(re.compile("Write to")).fill("Hello there!")
            page.keyboard.press("ArrowDown")
            expect(page.locator(".student-name")).to_have_text(students[7].name)  # arrows in a text are the text's
            rows.last.click()
            expect(page.locator(".at-once")).to_contain_text("sees it on coming back")
            expect(page.get_by_label(re.compile("Write to"))).to_have_value("")
            assert visitor.findings() == []
        visitor.button("Accept").click()
        expect(page.locator(".request")).to_have_count(0)
        expect(page.locator(".student-row")).to_have_count(11)


def _begin_to_practise(visitor: Visitor) -> None:
    visitor.page.get_by_role("radio", name="Travelling").check(force=True)
    visitor.page.get_by_role("radio", name="3", exact=True).check(force=True)
    visitor.button("Start practising").click()
    expect(visitor.page.get_by_text("Sentence 1 of 3")).to_be_visible(timeout=30_000)


def _open_a_room(visitor: Visitor, name: str) -> None:
    visitor.page.locator(".top .button.primary").click()
    visitor.page.locator("#room-name").fill(name)
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.get_by_role("heading", name=name, level=1)).to_be_visible()


def _make_due(platform: Platform, student: Person, entry: str) -> None:
    """Let the day come on which something is due."""
    place = f"USER#{student.user_id}", f"NOTEBOOK#{entry}"
    wait_for(lambda: platform.item(*place), "the entry is stored")
    platform.change(*place, dueAt=LONG_AGO, GSI1SK=f"{LONG_AGO}#{entry}")
