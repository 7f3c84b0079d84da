"""Pictures of what an operator sees."""

from tests.browser.duty import put_letters
from tests.browser.screen_lessons import Take, show
from tests.browser.visitor import Visitor
from tests.flows.people import Person

LETTERS = 14


def prepare_duty(student: Person) -> None:
    """Let some jobs of a student have died."""
    put_letters(student.platform, student, LETTERS)


def operator_pictures(visitor: Visitor, take: Take) -> None:
    """Queues, workers, letters, connections, budgets."""
    page = visitor.page
    show(visitor, "operations/queues")
    page.locator(".ops-table").first.wait_for()
    page.wait_for_timeout(7_000)
    take("operations-queues")
    for name in ("workers", "connections", "budgets"):
        show(visitor, f"operations/{name}")
        page.locator("table, .state").first.wait_for()
        take(f"operations-{name}")
    show(visitor, "operations/dead-letters")
    page.locator(".letter-group").first.wait_for()
    page.locator(".group-head input").first.check()
    page.wait_for_timeout(500)
    take("dead-letters")
    page.locator(".letter-row button").first.click()
    page.locator(".letter-top").wait_for()
    page.wait_for_timeout(500)
    take("dead-letter")
