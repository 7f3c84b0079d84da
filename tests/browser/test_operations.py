"""An operator at three in the morning: what is wrong, which letters there are, mending one, sending all again."""

import json
import os
import re
import signal
import time
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.duty import operator, put_letters
from tests.browser.visitor import Visitor
from tests.flows.people import People
from tests.flows.platform import Platform, wait_for

LETTERS = 14


def test_an_operator_finds_edits_and_replays_letters_behind_a_canary(
    visit: Callable[..., Visitor], people: People, platform: Platform
) -> None:
    student, duty = people.fresh(), operator(people)
    put_letters(platform, student, LETTERS)
    with visit(duty, "/app/operations/queues") as visitor:
        page = visitor.page
        expect(page.locator(".ops-table tbody tr").first).to_be_visible()
        expect(page.locator(".worst")).to_contain_text("dead letters wait for you", timeout=20_000)
        assert visitor.findings() == []
        visitor.page.get_by_role("link", name="Look").click()
        expect(page.locator(".letter-group .chip")).to_have_text(f"×{LETTERS}")
        expect(page.locator(".letter-error")).to_contain_text("Unavailable")
        expect(page.locator(".if-replayed")).to_contain_text("arguments do not fit")
        assert "I went there" not in page.content()
        page.get_by_role("radio", name="Arguments").check(force=True)
        visitor.button("Show people’s words").click()
        area = page.locator("#letter-arguments")
        expect(area).to_have_value(re.compile("I went there"))
        arguments = json.loads(area.input_value())
        arguments["mistake"]["userId"] = student.user_id
        area.fill(json.dumps(arguments))
        visitor.button("Save the arguments").click()
        expect(page.locator(".if-replayed")).to_contain_text("It is sent once")
        page.get_by_role("radio", name="History").check(force=True)
        expect(page.locator(".audit")).to_contain_text("People’s words shown")
        expect(page.locator(".audit")).to_contain_text("Edited")
        assert visitor.findings() == []

        page.locator("h1").click()
        page.keyboard.press("j")
        page.keyboard.press("x")
        expect(visitor.button("Replay 1", exact=True)).to_be_enabled()
        page.get_by_role("checkbox", name="Select all of this cause").check()
        visitor.button(f"Replay {LETTERS}").click()
        dialog = page.get_by_role("dialog", name=f"Replay {LETTERS} dead letters?")
        expect(dialog.get_by_role("switch", name="One first")).to_be_checked()
        dialog.get_by_role("button", name=f"Replay {LETTERS}").click()
        expect(dialog).to_have_count(0, timeout=90_000)
        expect(page.get_by_text("No letters here")).to_be_visible(timeout=20_000)
        wait_for(lambda: len(student.get("/api/notebook?limit=100")["entries"]) == LETTERS, "all are noted", 60)
        page.get_by_role("radio", name="Replayed").check(force=True)
        expect(page.locator(".letter-group .chip").first).to_have_text(f"×{LETTERS}")


def test_an_operator_sees_a_stopped_worker_within_fifteen_seconds(
    visit: Callable[..., Visitor], people: People, platform: Platform
) -> None:
    with visit(operator(people), "/app/operations/workers") as visitor:
        rows = visitor.page.locator(".ops-table tbody tr")
        expect(rows.first).to_be_visible(timeout=20_000)
        expect(visitor.page.locator(".ops-table .chip.bad")).to_have_count(0, timeout=20_000)
        stopped = platform.process("-Q graph-requests")
        os.kill(stopped, signal.SIGSTOP)
        began = time.monotonic()
        try:
            expect(visitor.page.locator(".ops-table tr", has=visitor.page.locator(".chip.bad"))).to_have_count(
                1, timeout=20_000
            )
            assert time.monotonic() - began < 17  # on a busy machine two seconds more
            expect(visitor.page.locator(".worst.bad")).to_contain_text("silent")
        finally:
            os.kill(stopped, signal.SIGCONT)
        expect(visitor.page.locator(".ops-table .chip.bad")).to_have_count(0, timeout=30_000)


def test_pages_of_operators_are_for_operators(visit: Callable[..., Visitor], people: People) -> None:
    with visit(people.fresh(), "/app/operations/dead-letters") as visitor:
        expect(visitor.page.get_by_text("This is not allowed here.")).to_be_visible()
        expect(visitor.page.get_by_role("link", name="Dead letters")).to_have_count(0)
