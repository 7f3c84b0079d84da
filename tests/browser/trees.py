"""What a reader is told of a page."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.visitor import Visitor

TREES = Path(__file__).parent / "trees"


def same_tree(visitor: Visitor, name: str) -> None:
    """Compare the landmarks, headings and controls with those that were read and found good."""
    wanted, page = TREES / f"{name}.yaml", visitor.page.locator("body")
    assert wanted.exists(), f"Read this, and put it there if it is good:\n{page.aria_snapshot()}"
    expect(page).to_match_aria_snapshot(wanted.read_text("utf-8"))
