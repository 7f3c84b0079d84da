"""Everybody can use it: by eye, by ear, on small screens; and only the client's own files are kept."""

from collections.abc import Callable

import pytest

from tests.browser.duty import operator
from tests.browser.lessons import match
from tests.browser.trees import same_tree
from tests.browser.visitor import DESK as DESKTOP
from tests.browser.visitor import Visitor
from tests.flows.people import People, Person

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


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_page_is_for_every_eye_and_screen(
    visit: Callable[..., Visitor], places: list[str], minji: Person, daniel: Person, duty: Person, language: str
) -> None:
    """In both themes axe finds nothing; at 320 pixels, and at 640 by 400 (a desk at 200 %), nothing is lost."""
    found: dict[str, list[str]] = {}
    look = {"language": language, "reduced_motion": "reduce", "device_scale_factor": 2}
    with visit(**look) as stranger:
        for path in STRANGERS:
            stranger.open(path)
            stranger.page.locator("h1").wait_for()
            found[path] = _seen(stranger)
    for person, paths in ((minji, places), (daniel, DESK), (duty, WATCH)):
        person.ask("PATCH", "/api/me", json={"language": language})
        with visit(person, **look) as visitor:
            for path in paths:
                visitor.go(path)
                found[path] = _seen(visitor)
        person.ask("PATCH", "/api/me", json={"language": "en"})
    assert {path: findings for path, findings in found.items() if findings} == {}


def _seen(visitor: Visitor) -> list[str]:
    """What is wrong with the page as it stands, in every look of it."""
    wrong = []
    for theme in ("light", "dark"):
        visitor.page.emulate_media(color_scheme=theme)
        wrong += [f"{theme} {one}" for one in visitor.findings()]
    for width, height in ((320, 640), (640, 400)):
        visitor.page.set_viewport_size({"width": width, "height": height})
        wrong += [f"{width} pixels wide: {one} is cut" for one in visitor.cut()]
    visitor.page.set_viewport_size(DESKTOP)
    return wrong


def test_a_reader_understands_each_page(
    visit: Callable[..., Visitor], places: list[str], minji: Person, daniel: Person, duty: Person, people: People
) -> None:
    with visit() as visitor:
        visitor.page.locator("h1").wait_for()
        same_tree(visitor, "sign-in")
    told = "/app/notifications"  # nobody was told anything who has just come
    own = [path for path in places if path != told]
    for person, paths in ((minji, own), (people.fresh(), [told]), (daniel, DESK), (duty, WATCH)):
        with visit(person) as visitor:
            for path in paths:
                visitor.go(path)
                name = "-".join(part for part in path.split("/")[2:] if len(part) < 30)
                same_tree(visitor, f"{name}-one" if path.count("/") == 3 else name)


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
