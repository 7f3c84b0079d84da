"""Guides for people who build on the platform: Markdown in `web/guides`, as HTML without scripts or styles."""

from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markupsafe import Markup

FOLDER = Path(__file__).resolve().parents[1] / "guides"
GUIDES = {
    "quick-start": "Quick start",
    "reconnecting": "Reconnecting and resuming",
    "limits": "Limits",
    "errors": "Errors, and what to do",
    "changes": "Changes of the contract",
}
"""The names of the guides with their titles, in the order in which they are read."""


@cache
def guide(name: str) -> Markup | None:
    """Return a guide as HTML; None where there is none of that name."""
    if name not in GUIDES:
        return None
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    return Markup(markdown.render((FOLDER / f"{name}.md").read_text("utf-8")))
