"""Somebody at the web client, with real gestures; what goes wrong on the page fails the test."""

from types import TracebackType
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, expect

from tests.flows.people import PASSWORD, Person

DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
LANGUAGES = {"en": "en-US", "ko": "ko-KR"}
SIGNED_IN_MS = 60_000
STEP_MS = 30
QUIET_STEPS = 3
"""A page is quiet that has asked for nothing for so many steps."""
_WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.violations.push(`${event.violatedDirective} ${event.blockedURI}`);
});
"""
_CUT = """
() => {
  const moved = ".map-legend, .table-box, .map-list, .traceback, .canvas, .canvas-frame, textarea, input";
  const root = document.documentElement;
  const cut = root.scrollWidth > root.clientWidth ? [`the page, by ${root.scrollWidth - root.clientWidth} pixels`] : [];
  const name = (one) => `${one.tagName} ${one.className} “${one.textContent.trim().slice(0, 40)}”`;
  for (const one of document.querySelectorAll("#app *")) {
    const { overflowX, overflowY, textOverflow } = getComputedStyle(one);
    if (textOverflow === "ellipsis" || one.matches(`${moved}, .hidden-text, svg`) || !one.clientWidth) continue;
    const isBelow = ["hidden", "clip"].includes(overflowY) && one.scrollHeight - one.clientHeight > 6;
    // Up to 6 pixels are an icon that hangs over its line, and nothing lost.
    if (overflowX !== "visible" && one.scrollWidth - one.clientWidth > 6) cut.push(name(one));
    else if (isBelow) cut.push(`${name(one)} (below)`);
  }
  return cut;
}
"""
_GO = "(path) => { history.pushState(null, '', path); dispatchEvent(new PopStateEvent('popstate')); }"
_AXE = "(options) => axe.run(document, options).then((found) => found.violations)"
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
        self._asked: set[Request] = set()
        self.page.on("request", lambda request: self._asked.add(request))
        self.page.on("requestfinished", lambda request: self._asked.discard(request))
        self.page.on("requestfailed", lambda request: self._asked.discard(request))
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
        expect(self.page.locator(".top h1")).to_be_visible(timeout=SIGNED_IN_MS)

    def button(self, name: str, exact: bool = False) -> Locator:
        return self.page.get_by_role("button", name=name, exact=exact)

    def write(self, text: str) -> None:
        """Type into the composer and send."""
        self.page.locator(".composer textarea").fill(text)
        self.page.locator(".composer textarea").press("Enter")

    def said(self) -> list[str]:
        """The messages of a room that are safe, in their order."""
        return self.page.locator(".message:not(.waiting):not(.failed) .words").all_inner_texts()

    def go(self, path: str) -> None:
        """Go to a page of the client as a link does, and wait until it has what it asked for."""
        self.page.evaluate(_GO, path)
        self.page.locator(".top h1").wait_for()
        self.settle()

    def settle(self) -> None:
        """Wait until nothing is asked for any more."""
        quiet = 0
        while quiet < QUIET_STEPS:
            self.page.wait_for_timeout(STEP_MS)
            quiet = 0 if self._asked else quiet + 1

    def findings(self) -> list[str]:
        """What axe finds on the page as it stands, of any impact."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE_SCRIPT)
        found = self.page.evaluate(_AXE, {"resultTypes": ["violations"]})
        return [f"{one['impact']} {one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]

    def cut(self) -> list[str]:
        """What is lost at the right, of the page or of any part that is not meant to be moved, or below."""
        parts: list[str] = self.page.evaluate(_CUT)
        return parts
