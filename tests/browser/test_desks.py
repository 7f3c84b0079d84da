"""The desks of tutors and operators: by keyboard alone, read aloud, and with words that would do harm."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.duty import operator, put_letters, put_strange_letter
from tests.browser.hostile import HOSTILE
from tests.browser.keys import Keys
from tests.browser.lessons import match
from tests.browser.trees import same_tree
from tests.browser.visitor import Visitor
from tests.flows.people import People, Person
from tests.flows.platform import Platform


@pytest.fixture(scope="module")
def student(people: People) -> Person:
    return people.fresh()


@pytest.fixture(scope="module")
def tutor(people: People, student: Person) -> Person:
    somebody = people.fresh("tutor")
    match(student, somebody)
    return somebody


@pytest.fixture(scope="module")
def duty(people: People) -> Person:
    return operator(people)


def test_a_tutor_needs_no_mouse(visit: Callable[..., Visitor], student: Person, tutor: Person) -> None:
    with visit(tutor, "/app/students") as visitor:
        page = visitor.page
        Keys(visitor).to(".student-row")
        page.keyboard.press("Enter")
        expect(page.locator(".student-name")).to_have_text(student.name)
        Keys(visitor).to("[name=feedback-kind]")
        page.keyboard.press("ArrowRight")
        Keys(visitor).to(".feedback-box textarea")
        page.keyboard.type("That pause was exactly right.")
        page.keyboard.press("Control+Enter")
        expect(page.locator(".sent-row").first).to_contain_text("That pause was exactly right.")
        expect(page.locator(".sent-row .chip").first).to_have_text("Praise")
        expect(page.locator(".sent-row").first).to_contain_text(f"Waits until {student.name} is back")


def test_an_operator_needs_no_mouse_and_pages_are_read_in_order(
    visit: Callable[..., Visitor], platform: Platform, people: People, duty: Person
) -> None:
    [letter] = put_letters(platform, people.fresh(), 1)
    with visit(duty, "/app/operations/workers") as visitor:
        page = visitor.page
        page.locator(".ops-table tbody tr").first.wait_for()
        same_tree(visitor, "operations-workers")
        Keys(visitor).to(".navigation a[href='/app/operations/dead-letters']")
        page.keyboard.press("Enter")
        page.locator(".letter-top").wait_for()
        same_tree(visitor, "operations-dead-letters")
        page.keyboard.press("x")
        expect(page.get_by_role("button", name="Replay 1", exact=True)).to_be_enabled()
        page.keyboard.press("r")
        expect(page.get_by_role("dialog", name="Replay 1 dead letter?")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        visitor.open(f"/app/operations/dead-letters/{letter}")
        page.locator(".letter-top").wait_for()
        Keys(visitor).to(".letter-foot .button.danger")
        page.keyboard.press("Enter")
        Keys(visitor).to("#discard-reason")
        page.keyboard.type("It was a trial.")
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.locator(".letter-top .chip")).to_have_text("Discarded")
        expect(page.locator(".letter-detail")).to_contain_text("It was a trial.")


def test_hostile_words_in_letters_are_only_words(
    visit: Callable[..., Visitor], platform: Platform, student: Person, duty: Person
) -> None:
    letter = put_strange_letter(platform, student, HOSTILE[:40])
    with visit(duty, f"/app/operations/dead-letters/{letter}") as visitor:
        page = visitor.page
        page.locator(".letter-top").wait_for()
        visitor.button("Show people’s words").click()
        expect(page.locator(".letter-error")).to_have_text(f"Invalid: {HOSTILE[0]} {HOSTILE[1]}")
        for text in HOSTILE[:8]:
            expect(page.locator(".traceback")).to_contain_text(text)
        page.get_by_role("radio", name="Arguments").check(force=True)
        written = json.loads(page.locator("#letter-arguments").input_value())
        assert written == {text: text for text in HOSTILE[:40]}
        assert page.evaluate("window.harmed") is None
        assert visitor.findings() == []
    duty.post(f"/api/operations/dead-letters/{letter}/discard", {"reason": "A trial."})  # others count what is open
