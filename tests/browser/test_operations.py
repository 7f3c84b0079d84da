"""An operator at three in the morning: what is wrong, which letters there are, mending one, sending all again."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.duty import operator, put_letters
from tests.browser.visitor import Visitor
from tests.flows.people import People
from tests.flows.platform import ROOT, Platform, wait_for

LETTERS = 14


def test_an_operator_finds_edits_and_replays_letters_behind_a_canary(
    visit: Callable[..., Visitor], people: People, platform: Platform
) -> None:
    student, duty = people.fresh(), operator(people)
    put_letters(platform, student, LETTERS)
    with visit(duty, "/app/operations/queues") as visitor:
        page = visitor.page
        expect(page.locator(".ops-table tbody tr").first).to_be_visible()
        expect(page.locator(".worst")).to_contain_text(f"{LETTERS} dead letters are unsettled", timeout=20_000)
        assert page.locator(".worst span").inner_text() == _worst_by_command_line(platform)
        assert visitor.findings() == []
        page.get_by_role("link", name="Look").click()
        page.get_by_role("searchbox").fill("nothing has this in it")
        expect(page.get_by_text("No letter has this in it")).to_be_visible()
        page.get_by_role("searchbox").fill("")
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


def _worst_by_command_line(platform: Platform) -> str:
    """What `speaktracker status` names first."""
    command = [sys.executable, "-m", "cli", "status", "--json", "--directory", str(platform.directory)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    return str(json.loads(done.stdout)["problems"][0])


def test_an_operator_steers_workers_and_sees_a_stopped_one_within_fifteen_seconds(
    visit: Callable[..., Visitor], people: People, platform: Platform
) -> None:
    duty = operator(people)
    with visit(duty, "/app/operations/workers") as visitor:
        page = visitor.page
        expect(_row(page, "graphs")).to_contain_text("prefork ×1", timeout=20_000)
        expect(page.locator(".ops-table .chip.bad")).to_have_count(0, timeout=20_000)
        _grow_graphs(visitor)
        _drain_results(visitor)
        stopped = platform.process("-Q graph-requests")
        os.kill(stopped, signal.SIGSTOP)
        began = time.monotonic()
        try:
            expect(page.locator(".ops-table .chip.bad")).to_have_count(1, timeout=20_000)
            assert time.monotonic() - began < 17  # on a busy machine two seconds more
            expect(_row(page, "graphs").locator(".chip.bad")).to_have_text("Silent")
            expect(page.locator(".worst.bad")).to_contain_text("No worker reads graph-results", timeout=10_000)
            expect(page.locator(".more-wrong")).to_contain_text("graphs has been silent for", timeout=10_000)
        finally:
            os.kill(stopped, signal.SIGCONT)
        told = duty.get("/api/operations/workers")["workers"]
        assert [one["name"] for one in told if one["draining"]] == ["graph-results"]
        noted = [line for line in platform.log() if line.get("event") == "worker.audit"]
        assert [(line["action"], line["by"]) for line in noted] == [("grown", duty.user_id), ("drained", duty.user_id)]
        os.kill(platform.process("-n graph-results@"), signal.SIGTERM)
        expect(_row(page, "graph-results").locator(".chip")).to_have_text("Ready", timeout=40_000)
        expect(page.locator(".ops-table .chip.bad")).to_have_count(0, timeout=30_000)
        assert visitor.findings() == []


def _row(page: Page, worker: str) -> Locator:
    return page.locator(".ops-table tr", has=page.get_by_role("rowheader", name=worker, exact=True))


def _grow_graphs(visitor: Visitor) -> None:
    """Give the worker of processes one more; those of threads offer none."""
    page = visitor.page
    expect(_row(page, "graph-results").get_by_role("button")).to_have_text(re.compile("Drain"))
    _row(page, "graphs").get_by_role("button", name="Grow").click()
    dialog = page.get_by_role("dialog", name="Grow graphs?")
    expect(dialog).to_contain_text("It has 1 process.")
    assert visitor.findings() == []
    dialog.get_by_role("button", name="Grow to 2").click()
    expect(page.get_by_text("graphs has 2 processes now")).to_be_visible()
    expect(dialog).to_have_count(0)


def _drain_results(visitor: Visitor) -> None:
    """Empty a worker, which is confirmed with what it comes to; by keyboard alone."""
    page = visitor.page
    _row(page, "graph-results").get_by_role("button", name="Drain").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Drain graph-results?")
    expect(dialog).to_contain_text("No other worker listens to graph-results")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    assert visitor.findings() == []
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("graph-results is drained and idle: it can be stopped")).to_be_visible()
    expect(_row(page, "graph-results").locator(".chip")).to_have_text("Draining")


def test_pages_of_operators_are_for_operators(visit: Callable[..., Visitor], people: People) -> None:
    with visit(people.fresh(), "/app/operations/dead-letters") as visitor:
        expect(visitor.page.get_by_text("This is not allowed here.")).to_be_visible()
        expect(visitor.page.get_by_role("link", name="Dead letters")).to_have_count(0)
