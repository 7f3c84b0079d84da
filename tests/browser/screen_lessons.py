"""Pictures of practice, progress, and a tutor's desk."""

from collections.abc import Callable
from contextlib import ExitStack

import httpx

from tests.browser.visitor import Visitor
from tests.flows.people import People, Person
from tests.flows.platform import wait_for

ACCEPTED = 202
Take = Callable[[str], None]
"""Takes a picture by this name."""
SENTENCE = "But I was wondering whether there is a room with a sea view."
SAID = (
    ("I usually sleep in on Saturdays.", "I usually sleep in on Saturdays."),
    ("We ended up staying until midnight.", "We ended up staying until midnight."),
    ("I particularly enjoyed the quiet mornings by the sea.", "I enjoyed the really quiet mornings by sea."),
    ("That schedule is comfortable.", "That shedule is comfort."),
)
PRACTISED = SAID[2][0]
TIP = (
    "Much better rhythm, Minji. For “particularly”, clap the four beats first, then say it. Try it once more right now."
)
STUDENTS = ("Tomás Rivera", "Haeun Seo", "Lucía Campos", "Jiwoo Park", "Aino Korhonen")
FEEDBACK = (
    ("praise", "Three minutes without a single word of Korean. Bravo."),
    ("correction", "“explain me” needs to: “explain it to me”."),
    ("tip", "Read the list of linking words before Thursday."),
    ("praise", "That pause before “however” was exactly right."),
    ("correction", "“I am agree” → “I agree”. You do it when you hurry."),
)


def show(visitor: Visitor, path: str) -> None:
    """Go to a page as a link does, and wait until it has everything."""
    visitor.go(f"/app/{path}")


def prepare_lesson(student: Person, tutor: Person, people: People) -> list[Person]:
    """Let a student have practised, and a tutor have students and a request; return the other students."""
    student.ask("PATCH", "/api/me", json={"shareResults": True, "shareRecordings": True, "dailyGoalMinutes": 30})
    session = student.post("/api/sessions/start", {"sessionType": "practice"})["sessionId"]
    for text, said in SAID:
        form = {"files": {"audioFile": ("said.mp3", _spoken(student, said))}, "data": {"originalText": text}}
        form["data"]["sessionId"] = session  # type: ignore[index]
        answer = student.ask("POST", "/api/stt/evaluate", **form)
        assert answer.is_success, answer.text
        if answer.status_code == ACCEPTED:
            wait_for(lambda: _is_done(student, answer), "it is scored", 60)  # noqa: B023
    student.post("/api/sessions/end", {"sessionId": session})
    for kind, message in FEEDBACK:
        _tell(tutor, student, kind, message)
    _tell(tutor, student, "correction", SENTENCE)
    others = [_named(people, name) for name in STUDENTS]
    for other in others:
        request = other.post(f"/api/tutors/{tutor.email}/request", {"message": "Please"})["requestId"]
        tutor.post(f"/api/tutors/requests/{request}/approve")
    nari = _named(people, "Nari Ryu")
    nari.post(f"/api/tutors/{tutor.email}/request", {"message": "I have an interview in May."})
    return others


def practise_pictures(visitor: Visitor, take: Take, tutor: Person, student: Person) -> None:
    """Choosing, tutors and the notebook; a sentence as it is said, its result, a tutor's word about it; progress."""
    page = visitor.page
    for name, path, shown in (
        ("practise", "practise", ".scene"),
        ("tutors", "tutors", ".tutor-row"),
        ("notebook", "practise/notebook", ".entry"),
    ):
        show(visitor, path)
        page.locator(shown).first.wait_for()
        take(name)
    page.locator(".notebook-head .button.voice").click()
    while page.locator(".to-say-text").inner_text() != PRACTISED:
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(100)
    page.locator(".say-it").click()
    page.locator(".stop-button").wait_for()
    page.wait_for_timeout(3_000)
    take("practise-recording")
    page.wait_for_timeout(2_000)
    page.locator(".stop-button").click()
    page.locator(".ring").wait_for()
    page.wait_for_timeout(500)
    take("practise-result")
    _tell(tutor, student, "tip", TIP)
    page.locator(".overlay").wait_for()
    page.wait_for_timeout(300)
    take("feedback-overlay")
    page.keyboard.press("Escape")
    show(visitor, "progress")
    page.locator(".words-again").wait_for()
    take("progress")


def student_pictures(visitor: Visitor, take: Take, others: list[Person]) -> None:
    """A tutor's students, some of them live, and requests."""
    with ExitStack() as stack:
        for one in others[:3]:
            stack.enter_context(one.again().channel())
        others[0].post("/api/student-status", {"room": "Job interview, round two", "isLearning": True})
        others[1].post("/api/student-status", {"room": "Coffee and small talk", "isLearning": False})
        _student_pictures(visitor, take)


def _student_pictures(visitor: Visitor, take: Take) -> None:
    page = visitor.page
    show(visitor, "students")
    page.locator(".student-row", has_text="Minji").first.click()
    page.locator(".sent-row").first.wait_for()
    page.locator(".feedback-box textarea").fill(
        "Much better rhythm, Minji. For “particularly”, clap the four beats first."
    )
    take("students")
    page.locator(".result-row").nth(1).click()
    page.locator(".open-result .word").nth(1).click()
    page.wait_for_timeout(300)
    take("students-result")
    show(visitor, "requests")
    take("requests")


def _tell(tutor: Person, student: Person, kind: str, message: str) -> None:
    body = {"studentEmail": student.email, "message": message, "messageType": "text", "kind": kind}
    tutor.post("/api/tutor/feedback", body)


def _spoken(person: Person, text: str) -> bytes:
    asked = {"text": text, "voice": "female"}
    wait_for(lambda: person.ask("POST", "/api/tts", json=asked).status_code == 200, "the voice is made", 60)
    return httpx.get(person.post("/api/tts", asked)["audioUrl"], trust_env=False).content


def _is_done(person: Person, accepted: httpx.Response) -> bool:
    return bool(person.get(f"/api/jobs/{accepted.json()['jobId']}")["status"] == "COMPLETED")


def _named(people: People, name: str) -> Person:
    person = people.fresh()
    person.ask("PATCH", "/api/me", json={"name": name})
    person.name = name
    return person
