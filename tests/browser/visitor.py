"""Somebody at the web client, with real gestures; what goes wrong on the page fails the test."""

from types import TracebackType
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.flows.people import PASSWORD, Person

DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
LANGUAGES = {"en": "en-US", "ko": "ko-KR"}
_WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.violations.push(`${event.violatedDirective} ${event.blockedURI}`);
});
"""
_LOST = """
() => {
  const moved = ".map-legend, .table-box, .map-list, .traceback, .canvas, .canvas-frame, textarea, input";
  let most = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  for (const one of document.querySelectorAll("#app *")) {
    const { overflowX, textOverflow } = getComputedStyle(one);
    if (overflowX === "visible" || textOverflow === "ellipsis" || one.matches(moved)) continue;
    if (one.matches(".hidden-text, svg") || !one.clientWidth) continue;
    const lost = one.scrollWidth - one.clientWidth;
    if (lost > 6) most = Math.max(most, lost);  // less is an icon that hangs over its line, and nothing lost
  }
  return most;
}
"""
_QUIET = ("Failed to load resource", "net::ERR_INTERNET_DISCONNECTED", "WebSocket connection to")
"""What the browser itself says of a network that a test has cut."""


class Visitor:
    """A browser's context of its own, with one page."""

    def __init__(
        self, browser: Browser | None, base: str, context: BrowserContext | None = None, **options: Any
    ) -> None:
        language = options.pop("language", "en")
        kept = {"viewport": DESK, "locale": LANGUAGES[language], "permissions": ["microphone"]} | options
        assert browser is not None or context is not None
        self.context = context or browser.new_context(base_url=base, **kept)  # type: ignore[union-attr]
        self.problems: list[str] = []
        self.context.add_init_script(_WATCH)
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        self.page.on("console", self._heard)
        self.page.on("dialog", lambda dialog: (self.problems.append(f"dialog: {dialog.message}"), dialog.dismiss()))

    def __enter__(self) -> "Visitor":
        return self

    def __exit__(self, kind: type | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        try:
            if kind is None:
                self.check()
        finally:
            self.context.close()

    def check(self) -> None:
        """Nothing was reported on this page, and nothing broke."""
        found = [*self.problems, *self.page.evaluate("window.violations")]
        assert not found, found

    def _heard(self, message: Any) -> None:
        if message.type == "error" and not any(known in message.text for known in _QUIET):
            self.problems.append(message.text)

    def open(self, path: str) -> None:
        self.page.goto(path)

    def sign_in(self, person: Person, path: str = "/") -> None:
        self.page.goto(path)
        self.page.get_by_label("E-mail").or_(self.page.get_by_label("이메일")).fill(person.email)
        self.page.locator("#password").fill(PASSWORD)
        self.page.keyboard.press("Enter")
        expect(self.page.locator(".top h1")).to_be_visible(timeout=20_000)

    def button(self, name: str, exact: bool = False) -> Locator:
        return self.page.get_by_role("button", name=name, exact=exact)

    def write(self, text: str) -> None:
        """Type into the composer and send."""
        self.page.locator(".composer textarea").fill(text)
        self.page.locator(".composer textarea").press("Enter")

    def said(self) -> list[str]:
        """The messages of a room that are safe, in their order."""
        return self.page.locator(".message:not(.waiting):not(.failed) .words").all_inner_texts()

    def findings(self) -> list[str]:
        """What axe finds on the page as it stands, of any impact."""
        found = Axe().run(self.page).response["violations"]
        return [f"{one['impact']} {one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]

    def overflow(self) -> int:
        """How many pixels are lost at the right, of the page or of any part that is not meant to be moved sideways."""
        wide: int = self.page.evaluate(_LOST)
        return wide
