"""Pictures of every page, by desk and phone, in both themes and languages, from the running product.

`make screens` starts a platform of its own, lets people talk on it, and writes `docs/screens`. `python -m
tests.browser.screens practise desktop-light-en` takes those pictures alone whose names have one of the words of a kind:
parts of pages, and appearances.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import find_chromium
from tests.browser.duty import operator
from tests.browser.pictures import smaller
from tests.browser.screen_lessons import practise_pictures, prepare_lesson, show, student_pictures
from tests.browser.screen_maps import draw_map, map_pictures
from tests.browser.screen_operations import operator_pictures, prepare_duty
from tests.browser.speech import write_speech
from tests.browser.visitor import DESK, PHONE, Visitor
from tests.flows.people import People, Person
from tests.flows.platform import Platform, wait_for

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screens"
SAID = (
    ("Lucía Cano", "So: Busan or Gyeongju? Make your case."),
    ("Yuna Noh", "If we leave on Friday, we could wake up in Busan. I’d rather take the night train."),
    ("Tomás Melo", "Is it worth it? The fast one only takes two and a half hours."),
    ("Minji Kim", "How do I say it politely when I don’t agree with a plan?"),
)
ROOMS = (
    ("Stand-up meeting English", "What I did, what I will do, what is in my way.", "intermediate", 6, ["Jun Park"]),
    ("Ordering food abroad", "Menus, allergies, paying separately.", "beginner", 4, ["Jun Park", "Emre Kaya"]),
    ("Coffee and small talk", "How was your weekend? No corrections unless you ask.", "beginner", 6, ["Yuna Noh"]),
    ("Job interview, round two", "Answer out loud, get questions back.", "advanced", 6, ["Jun Park", "Lucía Cano"]),
)
SPOKEN = "I booked a room for two nights. But I was wondering is there a room with sea view."
TIP = (
    "Much better rhythm, Minji. For “particularly”, clap the four beats first, then say it. Try it once more right now."
)


@dataclass
class Scene:
    """Who is there, and where things happen."""

    minji: Person
    tutor: Person
    operator: Person
    others: list[Person]
    room: str
    talk: str
    report: str


Take = Callable[[str], None]


def main() -> None:
    """Write every picture anew, or those that are named."""
    parts = [one for one in sys.argv[1:] if "-" not in one]
    appearances = [one for one in sys.argv[1:] if "-" in one]
    if not sys.argv[1:]:
        shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, _platform(Path(place)) as people:
        scene = _scene(people)
        speech = write_speech(scene.minji, SPOKEN, Path(place) / "spoken.wav")
        arguments = [
            "--no-sandbox",
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            "--autoplay-policy=no-user-gesture-required",
            "--enable-unsafe-swiftshader",
            f"--use-file-for-fake-audio-capture={speech}",
        ]
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=arguments)
            for language, theme, device in product(("en", "ko"), ("light", "dark"), ("desktop", "phone")):
                if not appearances or f"{device}-{theme}-{language}" in appearances:
                    _pictures(browser, scene, (language, theme, device), parts)


@contextmanager
def _platform(place: Path) -> Iterator[People]:
    platform = Platform(place)
    platform.start()
    try:
        with httpx.Client(base_url=platform.base, timeout=60, trust_env=False) as client:
            yield People(platform, client)
    finally:
        platform.stop()


def _scene(people: People) -> Scene:
    names = ["Minji Kim", "Lucía Cano", "Yuna Noh", "Tomás Melo", "Jun Park", "Emre Kaya"]
    known = {name: _named(people, name) for name in names}
    tutor, minji = _named(people, "Daniel Okafor", "tutor"), known["Minji Kim"]
    minji.ask("PATCH", "/api/me", json={"level": "intermediate"})
    for name, about, level, most, members in ROOMS:
        _room(known, name, about, level, most, members)
    locked = {"isPrivate": True, "password": "sesame", "maxMembers": 2}
    book = known["Jun Park"].room(name="Book club: The Remains of the Day", level="advanced", **locked)
    known["Emre Kaya"].ticket(book, password="sesame")
    about = "Plan a trip together and disagree kindly. Corrections welcome."
    room = _room(known, "Travel plans, honestly", about, "intermediate", 6, [name for name, _ in SAID])
    _talk(known, room)
    request = minji.post(f"/api/tutors/{tutor.email}/request", {"message": "Please"})["requestId"]
    tutor.post(f"/api/tutors/requests/{request}/approve")
    asked = {"difficulty": "intermediate", "topic": "Checking in at a hotel", "role": "hotel receptionist"}
    talk, report = (str(minji.post("/api/ai/chat/start", asked)["conversationId"]) for _ in range(2))
    _say(minji, talk, "Yes, it is under Kim. I goes here yesterday.")
    for words in ("How much is it cost for one night?", "I will take it. He have been very kind."):
        _say(minji, report, words)
    minji.post(f"/api/ai/conversations/{report}/end")
    others = prepare_lesson(minji, tutor, people)
    draw_map(minji)
    prepare_duty(minji)
    return Scene(minji, tutor, operator(people), others, room, talk, report)


def _named(people: People, name: str, role: str = "student") -> Person:
    person = people.fresh(role)
    person.ask("PATCH", "/api/me", json={"name": name})
    person.name = name
    return person


def _room(known: dict[str, Person], name: str, about: str, level: str, most: int, members: list[str]) -> str:
    first, *others = (known[one] for one in members)
    room = first.room(name=name, description=about, level=level, maxMembers=most)
    for one in others:
        one.ticket(room)
    return room


def _talk(known: dict[str, Person], room: str) -> None:
    for name, words in SAID:
        with known[name].enter(room) as channel:
            channel.ask("sendMessage", roomId=room, content=words)
    job = known["Minji Kim"].post(f"/rooms/{room}/ai", {"prompt": "Say it politely"})["jobId"]
    wait_for(lambda: known["Minji Kim"].get(f"/api/jobs/{job}")["status"] == "COMPLETED", "the partner answers", 60)


def _say(person: Person, talk: str, words: str) -> None:
    turn = person.post("/api/ai/chat/message", {"conversationId": talk, "userMessage": words})["requestId"]
    wait_for(lambda: person.get(f"/api/ai/chat/status/{turn}")["status"] == "COMPLETED", "the partner answers", 60)


def _pictures(browser: Browser, scene: Scene, appearance: tuple[str, str, str], parts: list[str]) -> None:
    language, theme, device = appearance
    is_phone = device == "phone"
    shape = {"viewport": PHONE, "is_mobile": True, "has_touch": True} if is_phone else {"viewport": DESK}
    look: dict[str, Any] = {"language": language, "color_scheme": theme, "reduced_motion": "reduce", **shape}

    def sitting(person: Person | None, steps: Callable[[Visitor, Take], None]) -> None:
        with Visitor(browser, scene.minji.platform.base, **look) as visitor:
            if person is not None:
                person.ask("PATCH", "/api/me", json={"language": language})
                visitor.sign_in(person)

            def take(name: str) -> None:
                picture = smaller(visitor.page.screenshot())
                (FOLDER / f"{name}-{device}-{theme}-{language}.png").write_bytes(picture)

            steps(visitor, take)

    sittings: dict[str, tuple[Person | None, Callable[[Visitor, Take], None]]] = {
        "welcome": (None, _welcome),
        "rooms": (scene.minji, lambda visitor, take: _rooms(visitor, scene, take)),
        "partner": (scene.minji, lambda visitor, take: _partner_pictures(visitor, scene, take)),
        "notices": (scene.minji, lambda visitor, take: _notices(visitor, scene, take)),
        "practise": (scene.minji, practise_pictures),
        "map": (scene.minji, map_pictures),
        "students": (scene.tutor, lambda visitor, take: student_pictures(visitor, take, scene.others)),
        "operations": (scene.operator, operator_pictures),
    }
    for name, (person, steps) in sittings.items():
        if not parts or name in parts:
            sitting(person, steps)


def _welcome(visitor: Visitor, take: Take) -> None:
    for name in ("sign-in", "sign-up", "confirm", "forgot", "reset"):
        visitor.open(f"/app/{name}")
        visitor.page.locator("h1").wait_for()
        take(name)


def _rooms(visitor: Visitor, scene: Scene, take: Take) -> None:
    for name, path in (("rooms", "rooms"), ("partner-start", "partner"), ("settings", "settings")):
        show(visitor, path)
        take(name)
    _room_pictures(visitor, scene, take)


def _room_pictures(visitor: Visitor, scene: Scene, take: Take) -> None:
    page = visitor.page
    show(visitor, f"rooms/{scene.room}")
    page.locator(".partner-message .round").click()
    page.locator(".spoken .now").wait_for(timeout=30_000)
    page.wait_for_timeout(700)
    take("room")
    visitor.context.set_offline(True)
    page.locator(".banner").wait_for()
    visitor.write("I see why you’d like it, though I sleep badly on trains.")
    page.locator(".composer textarea").type("Could we take the late one on")
    page.locator(".message.waiting").wait_for()
    take("room-offline")
    page.locator(".composer textarea").fill("")
    page.locator(".message.waiting").last.evaluate("() => indexedDB.deleteDatabase('speaktracker')")
    page.reload()
    visitor.context.set_offline(False)
    page.reload()
    page.locator(".top h1").wait_for()


def _partner_pictures(visitor: Visitor, scene: Scene, take: Take) -> None:
    page = visitor.page
    show(visitor, f"partner/{scene.talk}")
    page.locator(".script .line").first.wait_for()
    page.locator(".speak").click()
    page.locator(".recording").wait_for()
    page.wait_for_timeout(6_000)
    take("partner-recording")
    page.locator(".recording .button.voice").click()
    page.locator(".heard-note").wait_for(timeout=60_000)
    take("partner-heard")
    page.locator(".composer textarea").press("Enter")
    page.locator(".said .now").wait_for(timeout=60_000)
    take("partner")
    show(visitor, f"partner/{scene.report}/report")
    page.locator(".headline").wait_for()
    take("partner-report")


def _notices(visitor: Visitor, scene: Scene, take: Take) -> None:
    page = visitor.page
    show(visitor, "notifications")
    page.locator(".note").first.wait_for()
    take("notifications")
    show(visitor, "rooms")
    body = {"studentEmail": scene.minji.email, "message": TIP, "messageType": "text", "kind": "tip"}
    scene.tutor.post("/api/tutor/feedback", body)
    page.locator(".overlay").wait_for()
    page.wait_for_timeout(300)
    take("feedback-overlay")
    page.keyboard.press("Escape")
    show(visitor, f"feedback?with={scene.tutor.email}")
    page.locator(".feedback-list li").first.wait_for()
    take("feedback")


if __name__ == "__main__":
    main()
