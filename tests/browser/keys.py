"""A keyboard and nothing else."""

from playwright.sync_api import Page

from tests.browser.visitor import Visitor

MOST_STEPS = 90
"""How often somebody presses Tab before giving up."""
_FOCUS = "(wanted) => document.activeElement.matches(wanted)"


class Keys:
    """Somebody who has no mouse: goes from control to control, and presses keys."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.page: Page = visitor.page

    def to(self, selector: str, backwards: bool = False) -> None:
        """Press Tab until a control has the focus."""
        for _ in range(MOST_STEPS):
            if self.page.evaluate(_FOCUS, selector):
                return
            self.page.keyboard.press("Shift+Tab" if backwards else "Tab")
        raise AssertionError(f"{selector} is not reached by Tab")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def write(self, selector: str, text: str) -> None:
        """Go to a field, and type over what is there."""
        self.to(selector)
        self.press("Control+a")
        self.page.keyboard.type(text)

    def use(self, selector: str, backwards: bool = False) -> None:
        """Go to a button or a link, and press Enter."""
        self.to(selector, backwards)
        self.press("Enter")

    def go(self, place: str) -> None:
        """Go to another page by the navigation."""
        self.use(f".navigation a[href='/app/{place}']", backwards=True)
