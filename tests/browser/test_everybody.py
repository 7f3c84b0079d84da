"""Everybody can use it: by eye, by ear, by keyboard, on small screens; and nobody harms anybody by words."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.duty import operator
from tests.browser.hostile import HOSTILE
from tests.browser.lessons import match
from tests.browser.visitor import Visitor
from tests.flows.channel import Channel
from tests.flows.people import PASSWORD, People, Person
from tests.flows.platform import wait_for

TREES = Path(__file__).parent / "trees"
STRANGERS = ("/app/sign-in", "/app/sign-up", "/app/confirm", "/app/forgot", "/app/reset")


@pytest.fixture(scope="package")
def places(minji: Person, yuna: Person) -> list[str]:
    """Every page of somebody who is signed in, with something on it."""
    room = minji.room(name="Coffee and small talk", description="How was your weekend?")
    with minji.enter(room) as channel:
        channel.ask("sendMessage", roomId=room, content="How was your weekend?")
    yuna.room(name="Job interview", level="advanced")
    asked = {"difficulty": "beginner", "topic": "Checking in at a hotel", "role": "hotel receptionist"}
    talk, ended = (minji.post("/api/ai/chat/start", asked)["conversationId"] for _ in range(2))
    minji.post(f"/api/ai/conversations/{ended}/end")
    pages = [
        "rooms",
        f"rooms/{room}",
        "partner",
        f"partner/{talk}",
        f"partner/{ended}/report",
        "practise",
        "practise/notebook",
        "tutors",
        "map",
        "progress",
        "notifications",
        "settings",
    ]
    return [f"/app/{page}" for page in pages]


@pytest.fixture(scope="package")
def daniel(people: People, minji: Person) -> Person:
    """A tutor who teaches somebody, and is asked by somebody else."""
    tutor = people.fresh("tutor")
    match(minji, tutor)
    minji.ask("PATCH", "/api/me", json={"shareResults": True})
    people.fresh().post(f"/api/tutors/{tutor.email}/request", {"message": "I have an interview in May."})
    return tutor


@pytest.fixture(scope="package")
def duty(people: People) -> Person:
    """Somebody on duty."""
    return operator(people)


DESK = ["/app/students", "/app/requests"]
"""The pages of a tutor."""
WATCH = [f"/app/operations/{page}" for page in ("queues", "workers", "dead-letters", "connections", "budgets")]
"""The pages of an operator."""


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_axe_finds_nothing(
    visit: Callable[..., Visitor],
    places: list[str],
    minji: Person,
    daniel: Person,
    duty: Person,
    language: str,
    theme: str,
) -> None:
    found: dict[str, list[str]] = {}
    for person in (minji, daniel, duty):
        person.ask("PATCH", "/api/me", json={"language": language})
    with visit(language=language, color_scheme=theme, reduced_motion="reduce") as visitor:
        for path in STRANGERS:
            visitor.open(path)
            visitor.page.locator("h1").wait_for()
            found[path] = visitor.findings()
        visitor.sign_in(minji)
        for path in places:
            _go(visitor, path)
            found[path] = visitor.findings()
    for person, paths in ((daniel, DESK), (duty, WATCH)):
        with visit(person, language=language, color_scheme=theme, reduced_motion="reduce") as desk:
            for path in paths:
                _go(desk, path)
                found[path] = desk.findings()
    for person in (minji, daniel, duty):
        person.ask("PATCH", "/api/me", json={"language": "en"})
    assert {path: findings for path, findings in found.items() if findings} == {}


def test_nothing_is_lost_at_320_pixels(
    visit: Callable[..., Visitor], places: list[str], minji: Person, daniel: Person, duty: Person
) -> None:
    for person, paths in ((minji, places), (daniel, DESK), (duty, WATCH)):
        with visit(person, viewport={"width": 320, "height": 640}) as visitor:
            for path in paths:
                _go(visitor, path)
                assert visitor.overflow() <= 0, path
    with visit(viewport={"width": 320, "height": 640}) as stranger:
        for path in STRANGERS:
            stranger.open(path)
            stranger.page.locator("h1").wait_for()
            assert stranger.overflow() <= 0, path


def test_a_reader_understands_each_page(
    visit: Callable[..., Visitor], places: list[str], minji: Person, daniel: Person, duty: Person, people: People
) -> None:
    with visit() as visitor:
        visitor.page.locator("h1").wait_for()
        _same_tree(visitor, "sign-in")
    told = "/app/notifications"  # nobody was told anything who has just come
    own = [path for path in places if path != told]
    for person, paths in ((minji, own), (people.fresh(), [told]), (daniel, DESK), (duty, WATCH[:1])):
        with visit(person) as visitor:
            for path in paths:
                _go(visitor, path)
                name = "-".join(part for part in path.split("/")[2:] if len(part) < 30)
                _same_tree(visitor, f"{name}-one" if path.count("/") == 3 else name)


def _same_tree(visitor: Visitor, name: str) -> None:
    """Compare the landmarks, headings and controls with those that were read and found good."""
    wanted = TREES / f"{name}.yaml"
    expect(visitor.page.locator("body")).to_match_aria_snapshot(wanted.read_text("utf-8"))


def test_everything_is_done_by_keyboard_alone(visit: Callable[..., Visitor], people: People) -> None:
    somebody = people.fresh()
    with visit() as visitor:
        page = visitor.page
        page.locator("h1").wait_for()
        _tab_to(visitor, "#email")
        page.keyboard.type(somebody.email)
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Practise", level=1)).to_be_visible()
        _tab_to(visitor, ".navigation a[href='/app/rooms']")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Rooms", level=1)).to_be_visible()
        _tab_to(visitor, ".top .button.primary")
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog", name="New room")).to_be_visible()
        _tab_to(visitor, "#room-name")
        page.keyboard.type("By keyboard")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="By keyboard", level=1)).to_be_visible()
        _tab_to(visitor, ".composer textarea")
        page.keyboard.type("Hello")
        page.keyboard.press("Enter")
        wait_for(lambda: visitor.said() == ["Hello"], "it is said")
        _tab_to(visitor, ".top .button", backwards=True)
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog", name="Leave this room?")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        assert page.evaluate("document.activeElement.textContent.trim()") == "Leave"


def test_single_keys_find_and_explain_and_can_be_switched_off(visit: Callable[..., Visitor], people: People) -> None:
    with visit(people.fresh(), "/app/rooms") as visitor:
        page = visitor.page
        page.locator("h1").click()
        page.keyboard.press("/")
        expect(page.get_by_label("Find a room")).to_be_focused()
        page.keyboard.type("?")
        expect(page.get_by_role("dialog")).to_have_count(0)
        page.locator("h1").click()
        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
        page.keyboard.press("Escape")
        page.goto("/app/settings")
        page.get_by_role("switch", name="Single keys").uncheck()
        page.goto("/app/rooms")
        page.locator("h1").click()
        page.keyboard.press("?")
        page.keyboard.press("/")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.get_by_label("Find a room")).not_to_be_focused()


def test_hostile_words_are_only_words(visit: Callable[..., Visitor], people: People) -> None:
    writer, reader = people.fresh(), people.fresh()
    room = writer.room(name=HOSTILE[0], description=HOSTILE[1])
    writer.ask("PATCH", "/api/me", json={"name": HOSTILE[2][:100]})
    reader.ticket(room)
    with writer.again().enter(room) as channel:
        for number, text in enumerate(HOSTILE):
            wait_for(lambda: _is_said(channel, room, text, number), "it is said")  # noqa: B023
    with visit(reader, f"/app/rooms/{room}") as visitor:
        page = visitor.page
        expect(page.locator("h1")).to_have_text(HOSTILE[0])
        page.locator(".message").first.wait_for()
        while page.get_by_role("button", name="Load older").count():
            page.get_by_role("button", name="Load older").click()
            expect(page.locator(".log")).to_have_attribute("aria-busy", "false")
        wait_for(lambda: page.locator(".message .words").count() == len(HOSTILE), "all are shown")
        shown = page.locator(".message .words").evaluate_all("(all) => all.map((one) => one.textContent)")
        assert shown == HOSTILE
        assert page.evaluate("window.harmed") is None
        page.goto("/app/rooms")
        expect(page.locator(".own-room")).to_contain_text(HOSTILE[0])


def test_hostile_names_requests_feedback_and_titles_are_only_words(
    visit: Callable[..., Visitor], people: People, tmp_path: Path
) -> None:
    """What students, tutors and exports call things, where others read it."""
    student, tutor = people.fresh(), people.fresh("tutor")
    names = [text[:100] for text in HOSTILE if text.strip()[:100].isprintable()][:8]
    student.ask("PATCH", "/api/me", json={"name": names[0], "shareResults": True})
    match(student, tutor)
    for number, name in enumerate(names[1:4]):
        other = people.fresh()
        other.ask("PATCH", "/api/me", json={"name": name})
        other.post(f"/api/tutors/{tutor.email}/request", {"message": HOSTILE[number]})
    for text in HOSTILE[:40]:
        body = {"studentEmail": student.email, "message": text, "messageType": "text", "kind": "correction"}
        assert tutor.ask("POST", "/api/tutor/feedback", json=body).status_code == 200, text
    said = f"/api/feedback?with={student.email}&limit=100"
    wait_for(lambda: len(tutor.get(said)["feedback"]) == 40, "all is stored")
    with visit(tutor, "/app/students") as desk, visit(student, "/app/rooms") as learner:
        student.post("/api/student-status", {"room": HOSTILE[5], "isLearning": True})
        expect(desk.page.locator(".student-name")).to_have_text(student.ask("GET", "/api/me").json()["name"])
        expect(desk.page.locator(".student-row .secondary")).to_contain_text(HOSTILE[5], timeout=20_000)
        desk.page.locator(".sent-row").first.wait_for()
        rows, older = desk.page.locator(".sent-row"), desk.page.locator(".sent .load-more button")
        while older.count():
            known = rows.count()
            older.click()
            rows.nth(known).wait_for()
        shown = desk.page.locator(".sent-row p").evaluate_all("(all) => all.map((one) => one.textContent)")
        assert [text.strip() for text in reversed(shown)] == [text.strip() for text in HOSTILE[:40]]
        assert learner.page.locator(".overlay-words").text_content() in [text.strip() for text in HOSTILE[:40]]
        learner.page.goto("/app/practise/notebook")
        learner.page.locator(".entry").first.wait_for()
        learner.page.goto(f"/app/feedback?with={tutor.email}")
        learner.page.locator(".feedback-list li").first.wait_for()
        assert [one.page.evaluate("window.harmed") for one in (desk, learner)] == [None, None]


def test_only_the_clients_own_files_are_kept(visit: Callable[..., Visitor], places: list[str], minji: Person) -> None:
    with visit(minji) as visitor:
        page = visitor.page
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        for path in places:
            page.goto(path)
            page.locator("h1").wait_for()
        kept = page.evaluate(
            """caches.keys()
            .then((names) => Promise.all(names.map((name) => caches.open(name).then((one) => one.keys()))))
            .then((all) => all.flat().map((request) => new URL(request.url).pathname))"""
        )
        assert "/" in kept
        assert [path for path in kept if path != "/" and not path.startswith("/static/")] == []


def _is_said(channel: Channel, room: str, text: str, number: int) -> bool:
    """Say something; False where too much was said in the last two seconds."""
    answer = channel.ask("sendMessage", requestId=str(number), roomId=room, content=text)
    return bool(answer["action"] == "messageAck")


def _go(visitor: Visitor, path: str) -> None:
    visitor.page.evaluate(
        "(path) => { history.pushState(null, '', path); dispatchEvent(new PopStateEvent('popstate')); }", path
    )
    visitor.page.locator(".top h1").wait_for()
    visitor.page.wait_for_load_state("networkidle")


def _tab_to(visitor: Visitor, selector: str, backwards: bool = False) -> None:
    for _ in range(60):
        if visitor.page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
        visitor.page.keyboard.press("Shift+Tab" if backwards else "Tab")
    raise AssertionError(f"{selector} is not reached by Tab")
