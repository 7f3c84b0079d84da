"""Nobody harms anybody by words: what others wrote is shown exactly as it is, and does nothing."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Route, expect

from tests.browser.hostile import HOSTILE
from tests.browser.lessons import match
from tests.browser.visitor import Visitor
from tests.flows.channel import Channel
from tests.flows.people import People
from tests.flows.platform import wait_for


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
    visit: Callable[..., Visitor], people: People
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


def _is_said(channel: Channel, room: str, text: str, number: int) -> bool:
    """Say something; False where too much was said in the last two seconds."""
    answer = channel.ask("sendMessage", requestId=str(number), roomId=room, content=text)
    return bool(answer["action"] == "messageAck")


WRITTEN = {
    "name",
    "studentName",
    "tutorName",
    "description",
    "content",
    "message",
    "room",
    "originalText",
    "transcription",
    "word",
    "heard",
    "feedback",
    "title",
    "text",
    "said",
    "better",
    "why",
    "topic",
    "situation",
    "device",
}
"""What of the gateway's answers others may have written."""
LISTS = (
    "rooms",
    "members",
    "faces",
    "students",
    "requests",
    "tutors",
    "results",
    "feedback",
    "notifications",
    "entries",
)
"""What the gateway's answers have many of."""
SEEN = (
    ("student", "rooms", ".room-row, .own-room"),
    ("student", "rooms/{room}", ".people li"),
    ("student", "tutors", ".tutor-row"),
    ("student", "practise/notebook", ".entry"),
    ("student", "notifications", ".note"),
    ("student", "feedback?with={tutor}", ".feedback-list li"),
    ("tutor", "students", ".student-row"),
    ("tutor", "requests", ".rows li, .request"),
)
"""Whose page, which page, and what it has many of."""


def test_two_hundred_hostile_strings_wherever_others_are_read(visit: Callable[..., Visitor], people: People) -> None:
    """Each list as the gateway answers it, with 200 of what is in it, and nothing but hostile words in every field.

    Two hundred people who call themselves so would have to sign up; that what was written comes to the pages unchanged,
    the other tests of this file show.
    """
    student, tutor = people.fresh(), people.fresh("tutor")
    match(student, tutor)
    people.fresh().post(f"/api/tutors/{tutor.email}/request", {"message": "Please"})
    room = student.room()
    body = {"studentEmail": student.email, "message": "Say it.", "messageType": "text", "kind": "correction"}
    tutor.post("/api/tutor/feedback", body)
    wait_for(lambda: student.get("/api/notebook")["entries"], "the correction is in the notebook")
    missing: dict[str, list[str]] = {}
    for person, role in ((student, "student"), (tutor, "tutor")):
        with visit(person) as visitor:
            visitor.page.route("**/*", _turn)
            for whose, path, shown in SEEN:
                if whose == role:
                    visitor.go(f"/app/{path.format(room=room, tutor=tutor.email)}")
                    visitor.page.locator(shown).nth(len(HOSTILE) - 1).wait_for(state="attached")
                    read = visitor.page.locator("#app").text_content() or ""
                    missing[path] = [text for text in HOSTILE if text.strip() not in read]
                    assert visitor.page.evaluate("window.harmed") is None
    assert missing == {path: [] for _, path, _ in SEEN}


def _turn(route: Route) -> None:
    """Answer as the gateway does, with hostile words and many of everything."""
    request = route.request
    is_read = request.method == "GET" or request.url.endswith("/join")
    if request.resource_type not in ("fetch", "xhr") or not is_read:
        return route.fallback()
    answer = route.fetch()
    if "json" not in answer.headers.get("content-type", ""):
        return route.fulfill(response=answer)
    return route.fulfill(response=answer, json=_hostile(answer.json(), 0))


def _hostile(value: Any, number: int) -> Any:
    if not isinstance(value, dict):
        return value
    turned = {}
    for name, one in value.items():
        if name in LISTS and isinstance(one, list) and one:
            turned[name] = [_another(one[0], index) for index in range(len(HOSTILE))]
        elif name in WRITTEN and isinstance(one, str):
            turned[name] = HOSTILE[number]
        elif isinstance(one, list):
            turned[name] = [_hostile(part, number) for part in one]
        else:
            turned[name] = _hostile(one, number)
    return turned


def _another(value: Any, number: int) -> Any:
    """Return one like it, which is somebody else or something else."""
    if isinstance(value, str):
        return HOSTILE[number]
    turned = _hostile(value, number)
    ids = {name: f"{one}-{number}" for name, one in turned.items() if name.lower().endswith(("id", "email"))}
    return turned | {name: one for name, one in ids.items() if isinstance(turned[name], str)}
