"""One platform and one browser for all of this folder; the browser's microphone hears real speech."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser.chromium import find_chromium
from tests.browser.speech import write_speech
from tests.browser.visitor import Visitor
from tests.flows.people import People, Person
from tests.flows.platform import Platform

SPOKEN = "I was wondering if there is a room with a view of the sea."


@pytest.fixture(scope="package")
def chromium() -> str:
    return find_chromium()


@pytest.fixture(scope="package")
def platform(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    running = Platform(tmp_path_factory.mktemp("platform"), PARTNER_FIRST_TOKEN_MS="100")
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="package")
def people(platform: Platform) -> Iterator[People]:
    limits = httpx.Limits(max_connections=20, max_keepalive_connections=0)
    with httpx.Client(base_url=platform.base, timeout=30, trust_env=False, limits=limits) as client:
        yield People(platform, client)


@pytest.fixture(scope="package")
def minji(people: People) -> Person:
    """A student."""
    return people.some(2)[0]


@pytest.fixture(scope="package")
def yuna(people: People) -> Person:
    """Another student."""
    return people.some(2)[1]


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="package")
def speech(minji: Person, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_speech(minji, SPOKEN, tmp_path_factory.mktemp("speech") / "spoken.wav")


@pytest.fixture(scope="package")
def launch(chromium: str, speech: Path) -> dict[str, Any]:
    """How the browser is started."""
    arguments = (
        "--no-sandbox",
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        "--enable-unsafe-swiftshader",
        f"--use-file-for-fake-audio-capture={speech}",
    )
    return {"executable_path": chromium, "args": list(arguments)}


@pytest.fixture(scope="package")
def browser(playwright: Playwright, launch: dict[str, Any]) -> Iterator[Browser]:
    running = playwright.chromium.launch(**launch)
    yield running
    running.close()


@pytest.fixture
def visit(browser: Browser, platform: Platform) -> Callable[..., Visitor]:
    """Opens the client for somebody, in a browser of their own."""

    def opened(person: Person | None = None, path: str = "/", **options: Any) -> Visitor:
        visitor = Visitor(browser, platform.base, **options)
        if person is None:
            visitor.open(path)
        else:
            visitor.sign_in(person, path)
        return visitor

    return opened
