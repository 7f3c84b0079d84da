"""A talk with the partner: spoken, corrected, interrupted, reported. Feedback over whatever page is shown."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.visitor import Visitor
from tests.flows.people import People, Person
from tests.flows.platform import wait_for


def test_a_turn_is_spoken_corrected_answered_interrupted_and_reported(
    visit: Callable[..., Visitor], people: People
) -> None:
    with visit(people.fresh(), "/app/partner") as visitor:
        page = visitor.page
        page.get_by_role("radio", name="Checking in at a hotel").check(force=True)
        visitor.button("Start talking").click()
        expect(page.locator(".script .line").first).not_to_be_empty(timeout=30_000)
        page.locator("h1").click()
        page.keyboard.press("Space")
        expect(page.locator(".recording-time")).to_contain_text(re.compile(r"0:0[456]"), timeout=15_000)
        page.keyboard.press("Space")
        area = page.locator(".composer textarea")
        expect(area).to_have_value(re.compile("room", re.IGNORECASE), timeout=40_000)
        expect(page.locator(".heard-note")).to_contain_text("This is what we heard")
        area.fill("I goes to the beach yesterday. Do you have a room?")
        area.press("Enter")
        expect(page.locator(".stage.done").nth(1)).to_be_visible(timeout=20_000)
        expect(page.locator(".said.live .line")).not_to_be_empty(timeout=20_000)
        page.locator("h1").click()
        page.keyboard.press("Space")
        expect(page.locator(".recording")).to_be_visible(timeout=1_000)
        assert page.evaluate("[...document.querySelectorAll('audio')].every((one) => one.paused)")
        page.keyboard.press("Escape")
        expect(page.locator(".better")).to_contain_text("went", timeout=30_000)
        visitor.button("End and see report").click()
        expect(page.get_by_role("heading", name="Your report")).to_be_visible(timeout=40_000)
        expect(page.locator(".better-row mark").first).to_have_text("went", timeout=20_000)


def test_feedback_appears_over_the_page_without_taking_the_focus(visit: Callable[..., Visitor], people: People) -> None:
    student, tutor = people.fresh(), people.fresh("tutor")
    request = student.post(f"/api/tutors/{tutor.email}/request", {"message": "Please"})["requestId"]
    tutor.post(f"/api/tutors/requests/{request}/approve")
    room = student.room()

    def send(message: str) -> str:
        body = {"studentEmail": student.email, "message": message, "messageType": "text", "kind": "tip"}
        return str(tutor.post("/api/tutor/feedback", body)["feedback_id"])

    with visit(student, f"/app/rooms/{room}") as visitor:
        page = visitor.page
        page.locator(".composer textarea").type("I was ")
        first = send("Much better rhythm.")
        overlay = page.get_by_role("dialog", name=re.compile("Feedback from"))
        expect(overlay).to_contain_text("Much better rhythm.")
        expect(overlay).to_contain_text(tutor.name)
        page.keyboard.type("writing")
        expect(page.locator(".composer textarea")).to_have_value("I was writing")
        page.keyboard.press("Escape")
        expect(overlay).to_have_count(0)
        wait_for(lambda: _is_read(tutor, student, first), "the tutor sees that it was read")
        visitor.button("Record a voice message").click()
        expect(page.locator(".recording")).to_be_visible()
        send("Breathe.")
        expect(page.locator(".overlay-strip")).to_contain_text("Breathe.")
        expect(overlay).to_have_count(0)
        visitor.button("Throw away").click()
        expect(overlay).to_be_visible()
        send("And one more.")
        expect(overlay).to_contain_text("1 more")
        visitor.button("Got it").click()
        expect(overlay).to_contain_text("And one more.")
        page.locator(".log").click(position={"x": 5, "y": 5})
        expect(overlay).to_have_count(0)
        page.goto(f"/app/feedback?with={tutor.email}")
        expect(page.locator(".feedback-list li")).to_have_count(3)


def _is_read(tutor: Person, student: Person, feedback_id: str) -> bool:
    items = tutor.get(f"/api/feedback?with={student.email}")["feedback"]
    return any(one["feedback_id"] == feedback_id and one.get("read_at") for one in items)
