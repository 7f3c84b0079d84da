"""Rooms between people: order, cuts, drafts, voices, recordings."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Playwright, expect

from tests.browser.visitor import DESK, Visitor
from tests.flows.people import Person
from tests.flows.platform import Platform, wait_for


def test_two_people_talk_and_one_is_cut_off_and_resumes(
    visit: Callable[..., Visitor], minji: Person, yuna: Person
) -> None:
    room = minji.room(name="Travel plans", description="Disagree kindly.")
    yuna.ticket(room)
    with visit(minji, f"/app/rooms/{room}") as one, visit(yuna, f"/app/rooms/{room}") as two:
        expect(one.page.locator(".people .dot.on")).to_have_count(2)
        one.write("Busan or Gyeongju?")
        expect(two.page.locator(".message .words").last).to_have_text("Busan or Gyeongju?")
        two.page.locator(".composer textarea").type("The night")
        expect(one.page.get_by_text("typing…")).to_be_visible()
        one.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        one.context.set_offline(True)
        expect(one.page.locator(".banner")).to_contain_text("Connection lost")
        one.write("I see why you’d like it.")
        one.page.locator(".composer textarea").type("A draft")
        expect(one.page.locator(".message.waiting")).to_contain_text("Waits for the connection")
        for number in range(3):
            two.write(f"Missed {number}")
        one.page.reload()  # without a network: the client's own files are kept, and what was said and typed lies here
        expect(one.page.locator(".composer textarea")).to_have_value("A draft")
        expect(one.page.locator(".message.waiting")).to_have_count(1)
        one.context.set_offline(False)
        expected = ["Busan or Gyeongju?", "Missed 0", "Missed 1", "Missed 2", "I see why you’d like it."]
        for visitor in (one, two):
            wait_for(lambda visitor=visitor: visitor.said() == expected, "both see the same", 30)
        expect(one.page.locator(".composer textarea")).to_have_value("A draft")


def test_enter_does_not_send_while_a_syllable_is_composed(visit: Callable[..., Visitor], minji: Person) -> None:
    room = minji.room()
    with visit(minji, f"/app/rooms/{room}") as visitor:
        area = visitor.page.locator(".composer textarea")
        area.fill("안녕")
        area.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True, "cancelable": True})
        expect(area).to_have_value("안녕")
        area.press("Shift+Enter")
        assert visitor.said() == []
        area.press("Enter")
        wait_for(lambda: visitor.said() == ["안녕"], "it is sent")


def test_a_message_is_heard_with_its_words_marked(visit: Callable[..., Visitor], minji: Person) -> None:
    room = minji.room()
    with visit(minji, f"/app/rooms/{room}") as visitor:
        visitor.write("The fast train takes two and a half hours.")
        visitor.page.locator(".message").last.hover()
        visitor.button("Listen").click()
        expect(visitor.page.locator(".spoken .now")).to_be_visible(timeout=20_000)
        marked = visitor.page.locator(".spoken .now").inner_text()
        assert marked in "The fast train takes two and a half hours."


def test_a_locked_room_asks_for_its_password(visit: Callable[..., Visitor], minji: Person, yuna: Person) -> None:
    minji.room(name="Locked club", isPrivate=True, password="sesame")
    with visit(yuna, "/app/rooms") as visitor:
        page = visitor.page
        page.get_by_label("Find a room").fill("locked club")
        visitor.button("Join · Locked club").click()
        page.get_by_label("Room password").fill("open")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("That is not this room’s password.")
        page.get_by_label("Room password").fill("sesame")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Locked club", level=1)).to_be_visible()


def test_a_recording_survives_a_browser_that_is_killed_while_it_is_sent(
    playwright: Playwright, launch: dict[str, Any], platform: Platform, minji: Person, tmp_path: Path
) -> None:
    room = minji.room()
    kept = {
        "user_data_dir": tmp_path,
        "base_url": platform.base,
        "viewport": DESK,
        "permissions": ["microphone"],
    } | launch

    def opened() -> Visitor:
        return Visitor(None, platform.base, playwright.chromium.launch_persistent_context(**kept))

    first = opened()
    bucket = platform.state["addresses"]["aws"]
    first.context.route(f"{bucket}/**", lambda route: None)  # the upload hangs
    first.sign_in(minji, f"/app/rooms/{room}")
    first.button("Record a voice message").click()
    expect(first.page.locator(".recording-time")).to_contain_text("0:02")
    first.page.keyboard.press("Space")
    expect(first.page.locator(".message.own")).to_have_count(1)
    os.kill(_process_of(tmp_path), signal.SIGKILL)

    with opened() as second:
        # What a browser that is killed had not yet written of its cookies is gone: whoever signs in again goes on.
        second.open(f"/app/rooms/{room}")
        second.page.locator("h1").wait_for()
        if second.page.locator("#password").count():
            second.sign_in(minji, f"/app/rooms/{room}")
        expect(second.page.locator(".message.own .player")).to_have_count(1, timeout=30_000)
    (message,) = minji.get(f"/rooms/{room}/messages")["messages"]
    assert message["messageType"] == "VOICE"
    assert minji.http.get(message["url"]).content[:4] == b"\x1a\x45\xdf\xa3"


def _process_of(profile: Path) -> int:
    """The browser's own process: the first that was started with the profile."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue
            if f"--user-data-dir={profile}" in command and "--type=" not in command:
                found.append(int(entry.name))
    return min(found)
