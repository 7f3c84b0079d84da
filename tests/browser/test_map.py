"""A map from upload to quotation to practising."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from cli.demo_graph import export_of
from tests.browser.trees import same_tree
from tests.browser.visitor import Visitor
from tests.flows.people import People

DRAWN_MS = 120_000


def test_a_map_from_upload_to_quotation_to_practice(
    visit: Callable[..., Visitor], people: People, tmp_path: Path
) -> None:
    export = tmp_path / "conversations.json"
    export.write_bytes(export_of(3))
    with visit(people.fresh(), "/app/map") as visitor:
        page = visitor.page
        visitor.button("New map").click()
        page.get_by_role("radio", name=re.compile("An export")).check(force=True)
        page.locator("input[type=file]").set_input_files(export)
        visitor.button("Make the map").click()
        expect(page.locator(".making, .map-legend").first).to_be_visible(timeout=20_000)
        expect(page.locator(".map-legend li").first).to_be_visible(timeout=DRAWN_MS)
        expect(page.get_by_text("Your map is ready.")).to_be_visible(timeout=20_000)
        expect(page.locator(".canvas canvas").first).to_be_visible()
        assert visitor.findings() == []
        same_tree(visitor, "map-one")

        page.get_by_role("radio", name="List").check(force=True)
        count = page.locator(".map-list tbody tr").count()
        assert count >= 33
        page.get_by_label("Find in the map").fill("violin")
        found = page.locator(".map-list tbody tr")
        expect(page.locator(".map-found")).to_contain_text("these words")
        assert 0 < found.count() < count
        page.get_by_label("Find in the map").fill("sports games")
        page.keyboard.press("Enter")
        expect(page.locator(".map-found")).to_have_text("Nearest in meaning", timeout=40_000)
        expect(page.locator(".map-list tbody tr").first).to_contain_text(re.compile("team|goal|striker|penalty"))
        page.get_by_label("Find in the map").fill("")
        page.locator(".map-legend button").first.click()
        expect(page.locator(".map-legend button").first).to_have_attribute("aria-pressed", "false")
        assert page.locator(".map-list tbody tr").count() < count
        page.locator(".map-legend button").first.click()
        with page.expect_download() as download:
            page.locator(".map-side").get_by_role("button", name="Download").click()
        assert download.value.path().read_text("utf-8").startswith("row,id,")

        _draw_around_a_part(visitor, count)
        page.get_by_role("radio", name="한국어").check(force=True)
        expect(page.locator(".map-list tbody tr")).to_have_count(6)
        page.get_by_role("radio", name="All").check(force=True)

        page.get_by_label("Find in the map").fill("goalkeeper")
        page.locator(".map-list .link").first.click()
        expect(page.locator(".why blockquote").first).to_be_visible()
        expect(page.locator(".node-title")).to_be_focused()
        page.get_by_role("radio", name="Map").check(force=True)
        expect(page.locator(".canvas canvas").first).to_be_visible()
        assert visitor.findings() == []
        same_tree(visitor, "map-node")
        page.locator(".canvas").focus()
        page.keyboard.press("+")
        page.keyboard.press("ArrowLeft")
        visitor.button("Practise this topic").click()
        expect(page.get_by_role("heading", name="Practise", level=1)).to_be_visible()
        expect(page.locator("#topic")).not_to_have_value("")


def _draw_around_a_part(visitor: Visitor, count: int) -> None:
    """Draw a line around half of the map: that half is the list, and is taken along."""
    page = visitor.page
    page.get_by_role("radio", name="Map").check(force=True)
    visitor.button("Draw around some").click()
    box = page.locator(".lasso").bounding_box()
    assert box is not None
    right, bottom = box["x"] + box["width"] - 4, box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 4, box["y"] + 4)
    page.mouse.down()
    for x, y in ((right, box["y"] + 4), (right, bottom), (box["x"] + 4, bottom)):
        page.mouse.move(x, y, steps=5)
    page.mouse.up()
    expect(page.locator(".canvas-note")).to_be_visible()
    page.get_by_role("radio", name="List").check(force=True)
    drawn = page.locator(".map-list tbody tr").count()
    assert 0 < drawn < count
    with page.expect_download() as download:
        page.locator(".map-take .button").nth(1).click()
    assert len(download.value.path().read_text("utf-8").strip().splitlines()) == 1 + drawn
    page.get_by_label("Find in the map").fill("a")
    page.get_by_label("Find in the map").fill("")
    expect(page.locator(".map-list tbody tr")).to_have_count(count)
