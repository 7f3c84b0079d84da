"""Pictures of every page, by desk and phone, in both themes and languages, from the running product.

`make screens` starts a platform of its own, lets people talk on it, and writes `docs/screens`. `python -m
tests.browser.screens practise desktop-light-en` takes those pictures alone whose names have one of the words of a kind:
parts of pages, and appearances.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser.chromium import find_chromium
from tests.browser.pictures import smaller
from tests.browser.screen_lessons import Take, practise_pictures, student_pictures
from tests.browser.screen_maps import map_pictures
from tests.browser.screen_operations import operator_pictures
from tests.browser.screen_scene import Scene, prepare
from tests.browser.screen_talk import notices_pictures, partner_pictures, rooms_pictures, welcome_pictures
from tests.browser.speech import write_speech
from tests.browser.visitor import DESK, PHONE, Visitor
from tests.flows.people import People, Person
from tests.flows.platform import Platform

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screens"
PATIENCE_MS = 180_000
ASKED = "I booked a room for two nights. But I was wondering is there a room with sea view."
"""What the partner hears."""
PRACTISED = "I particular enjoyed the really quiet morning by the sea."
"""How a sentence is said that is practised: not quite as it is written."""


@dataclass
class Studio:
    """The browsers, which differ in what their microphones hear, and the scene."""

    asking: Browser
    practising: Browser
    scene: Scene


def main() -> None:
    """Write every picture anew, or those that are named."""
    parts = [one for one in sys.argv[1:] if "-" not in one]
    appearances = [one for one in sys.argv[1:] if "-" in one]
    FOLDER.mkdir(parents=True, exist_ok=True)
    if not sys.argv[1:]:
        for old in FOLDER.glob("*.webp"):
            old.unlink()
    with tempfile.TemporaryDirectory() as place, _platform(Path(place)) as people, sync_playwright() as playwright:
        scene = prepare(people)
        heard = [write_speech(scene.minji, text, Path(place) / f"{len(text)}.wav") for text in (ASKED, PRACTISED)]
        studio = Studio(*(_browser(playwright, one) for one in heard), scene)
        for device, theme, language in product(("desktop", "phone"), ("light", "dark"), ("en", "ko")):
            if not appearances or f"{device}-{theme}-{language}" in appearances:
                _pictures(studio, (language, theme, device), parts)


@contextmanager
def _platform(place: Path) -> Iterator[People]:
    platform = Platform(place)
    platform.start()
    try:
        with httpx.Client(base_url=platform.base, timeout=60, trust_env=False) as client:
            yield People(platform, client)
    finally:
        platform.stop()


def _browser(playwright: Playwright, heard: Path) -> Browser:
    arguments = [
        "--no-sandbox",
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        "--autoplay-policy=no-user-gesture-required",
        "--enable-unsafe-swiftshader",
        f"--use-file-for-fake-audio-capture={heard}",
    ]
    return playwright.chromium.launch(executable_path=find_chromium(), args=arguments)


def _pictures(studio: Studio, appearance: tuple[str, str, str], parts: list[str]) -> None:
    language, theme, device = appearance
    scene = studio.scene
    shape = {"viewport": PHONE, "is_mobile": True, "has_touch": True} if device == "phone" else {"viewport": DESK}
    look: dict[str, Any] = {"language": language, "color_scheme": theme, "reduced_motion": "reduce", **shape}

    def sitting(name: str, person: Person | None, steps: Callable[[Visitor, Take], None]) -> None:
        browser = studio.practising if name == "practise" else studio.asking
        with Visitor(browser, scene.minji.platform.base, **look) as visitor:
            visitor.page.set_default_timeout(PATIENCE_MS)
            if person is not None:
                person.ask("PATCH", "/api/me", json={"language": language})
                visitor.sign_in(person)

            def take(name: str) -> None:
                picture = smaller(visitor.page.screenshot())
                (FOLDER / f"{name}-{device}-{theme}-{language}.webp").write_bytes(picture)

            steps(visitor, take)

    sittings: dict[str, tuple[Person | None, Callable[[Visitor, Take], None]]] = {
        "welcome": (None, welcome_pictures),
        "rooms": (scene.minji, lambda visitor, take: rooms_pictures(visitor, take, scene)),
        "partner": (scene.minji, lambda visitor, take: partner_pictures(visitor, take, scene)),
        "practise": (scene.minji, lambda visitor, take: practise_pictures(visitor, take, scene.tutor, scene.minji)),
        "notices": (scene.minji, lambda visitor, take: notices_pictures(visitor, take, scene)),
        "map": (scene.minji, map_pictures),
        "students": (scene.tutor, lambda visitor, take: student_pictures(visitor, take, scene.others)),
        "operations": (scene.operator, operator_pictures),
    }
    for name, (person, steps) in sittings.items():
        if not parts or name in parts:
            sitting(name, person, steps)


if __name__ == "__main__":
    main()
