"""Every flow of a student by keyboard alone: from signing up to the settings, with real keys."""

import re
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import expect

from cli.demo_graph import export_of
from tests.browser.keys import Keys
from tests.browser.visitor import Visitor
from tests.flows.people import PASSWORD, People
from tests.flows.platform import Platform, wait_for

DRAWN_MS = 120_000


def test_a_student_does_everything_by_keyboard_alone(
    visit: Callable[..., Visitor], platform: Platform, tmp_path: Path
) -> None:
    export = tmp_path / "conversations.json"
    export.write_bytes(export_of(3))
    with visit() as visitor:
        keys = Keys(visitor)
        _sign_up(keys, platform)
        _practise(keys)
        _ask_for_a_map(keys, export)
        _talk_in_a_room(keys)
        _speak_with_the_partner(keys)
        _review(keys)
        _read_the_map(keys)
        _settle(keys)


def _heading(keys: Keys, name: str | re.Pattern[str]) -> None:
    expect(keys.page.get_by_role("heading", name=name, level=1)).to_be_visible(timeout=20_000)


def _sign_up(keys: Keys, platform: Platform) -> None:
    email = f"{uuid4().hex[:10]}@example.com"
    keys.page.locator("h1").wait_for()
    keys.use("a[href='/app/sign-up']")
    expect(keys.page.locator("#name")).to_be_visible()
    keys.write("#name", "Ha-eun")
    keys.write("#email", email)
    keys.write("#password", PASSWORD)
    keys.press("Enter")
    _heading(keys, "Confirm your e-mail")
    keys.write("[autocomplete='one-time-code']", wait_for(lambda: platform.codes(email), "a code goes out")[-1])
    keys.press("Enter")
    _heading(keys, "Practise")


def _practise(keys: Keys) -> None:
    page = keys.page
    keys.to("input[name=topic]")
    keys.press("ArrowRight")
    keys.to("input[name=count]")
    keys.press("ArrowLeft")
    keys.use(".start button[type=submit]")
    expect(page.get_by_text("Sentence 1 of 3")).to_be_visible(timeout=30_000)
    keys.press("r")
    expect(page.locator(".listening-words")).to_contain_text(re.compile("0:0[34]"), timeout=15_000)
    keys.press("Space")
    expect(page.locator(".ring")).to_be_visible(timeout=60_000)
    keys.to(".word")
    keys.press("ArrowRight")
    expect(page.locator(".word-detail")).to_be_visible()
    keys.use(".result-foot .next")
    expect(page.get_by_text("Sentence 2 of 3")).to_be_visible()


def _ask_for_a_map(keys: Keys, export: Path) -> None:
    page = keys.page
    keys.go("map")
    keys.use(".body .button.primary")
    expect(page.get_by_role("dialog", name="New map")).to_be_visible()
    keys.to("input[name=map-source]")
    keys.press("ArrowDown")
    keys.to("input[type=file]")
    with page.expect_file_chooser() as chooser:
        keys.press("Space")
    chooser.value.set_files(export)
    keys.use("dialog button[type=submit]")
    expect(page.locator(".making, .map-legend").first).to_be_visible(timeout=20_000)


def _talk_in_a_room(keys: Keys) -> None:
    page = keys.page
    keys.go("rooms")
    _heading(keys, "Rooms")
    keys.use(".top .button.primary")
    expect(page.get_by_role("dialog", name="New room")).to_be_visible()
    keys.write("#room-name", "By keyboard")
    keys.press("Enter")
    _heading(keys, "By keyboard")
    keys.write(".composer textarea", "Hello")
    keys.press("Enter")
    wait_for(lambda: keys.visitor.said() == ["Hello"], "it is said")
    keys.use(".side .accent-text")
    expect(page.locator("#ask-partner")).to_be_focused()
    page.keyboard.type("How do I say hello?")
    keys.press("Enter")
    expect(page.locator(".partner-message .words")).not_to_be_empty(timeout=30_000)
    keys.use(".top .button", backwards=True)
    expect(page.get_by_role("dialog", name="Leave this room?")).to_be_visible()
    keys.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.evaluate("document.activeElement.textContent.trim()") == "Leave"


def _speak_with_the_partner(keys: Keys) -> None:
    page = keys.page
    keys.go("partner")
    _heading(keys, "Partner")
    keys.use(".start button[type=submit]")
    expect(page.locator(".script .line").first).not_to_be_empty(timeout=30_000)
    keys.press("Space")
    expect(page.locator(".recording-time")).to_contain_text(re.compile("0:0[345]"), timeout=15_000)
    keys.press("Space")
    expect(page.locator(".composer textarea")).to_have_value(re.compile(r"\w"), timeout=40_000)
    keys.write(".composer textarea", "I goes to the beach yesterday. Do you have a room?")
    keys.press("Enter")
    expect(page.locator(".said.live .line")).not_to_be_empty(timeout=20_000)
    keys.use(".stop")
    expect(page.locator(".stop")).to_have_count(0)
    assert page.evaluate("[...document.querySelectorAll('audio')].every((one) => one.paused)")
    keys.press("Space")
    expect(page.locator(".recording")).to_be_visible()
    keys.press("Escape")
    expect(page.locator(".recording")).to_have_count(0)
    keys.use(".top .button", backwards=True)
    _heading(keys, "Your report")


def _review(keys: Keys) -> None:
    page = keys.page
    keys.go("practise")
    _heading(keys, "Practise")
    keys.use("a[href='/app/practise/notebook']")
    _heading(keys, "Notebook")
    keys.to("[role=switch]")
    wait_for(lambda: _is_noted(keys), "the partner's correction is in the notebook")
    with page.expect_download() as download:
        keys.use(".exports .button:first-child", backwards=True)
    assert download.value.suggested_filename.endswith(".csv")
    keys.use(".notebook-head .button.voice")
    expect(page.locator(".to-say-text")).to_be_visible()
    keys.press("r")
    expect(page.locator(".stop-button")).to_be_visible()
    keys.press("Escape")
    expect(page.locator(".stop-button")).to_have_count(0)


def _is_noted(keys: Keys) -> bool:
    """Whether something is in the notebook; if not, it is looked up again: what is due alone, or everything."""
    if keys.page.locator(".entry").count():
        return True
    keys.press("Space")
    keys.visitor.settle()
    return False


def _read_the_map(keys: Keys) -> None:
    page = keys.page
    keys.go("map")
    expect(page.locator(".map-legend li").first).to_be_visible(timeout=DRAWN_MS)
    page.locator("h1").wait_for()
    keys.press("/")
    expect(page.get_by_label("Find in the map")).to_be_focused()
    page.keyboard.type("violin")
    expect(page.locator(".map-found")).to_contain_text("these words")
    keys.to("input[name=map-view]")
    keys.press("ArrowRight")
    expect(page.locator(".map-list tbody tr").first).to_be_visible()
    keys.use(".map-list .link")
    expect(page.locator(".node-title")).to_be_focused()
    keys.use(".node-head .button", backwards=True)
    with page.expect_download() as download:
        keys.use(".map-take .button")
    assert download.value.suggested_filename == "speaktracker-map.csv"
    keys.use(".map-legend button", backwards=True)
    expect(page.locator(".map-legend [aria-pressed='false']")).to_have_count(1)
    keys.to("input[name=map-view]", backwards=True)
    keys.press("ArrowLeft")
    keys.to(".canvas")
    keys.press("+", "ArrowLeft", "Escape")


def _settle(keys: Keys) -> None:
    page = keys.page
    keys.use(".me a[href='/app/settings']", backwards=True)
    _heading(keys, "Settings")
    keys.to("input[name=theme]")
    keys.press("ArrowRight")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    keys.to("[role=switch]")
    captions = page.get_by_role("switch").first.is_checked()
    keys.press("Space")
    assert page.get_by_role("switch").first.is_checked() != captions


def test_somebody_signs_in_by_keyboard(visit: Callable[..., Visitor], people: People) -> None:
    somebody = people.fresh()
    with visit() as visitor:
        keys = Keys(visitor)
        visitor.page.locator("h1").wait_for()
        keys.write("#email", somebody.email)
        keys.press("Tab", "Tab")
        visitor.page.keyboard.type(PASSWORD)
        keys.press("Enter")
        _heading(keys, "Practise")


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
