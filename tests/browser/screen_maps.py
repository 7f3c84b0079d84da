"""Pictures of the map."""

from cli.demo_graph import export_of
from tests.browser.screen_lessons import show
from tests.browser.visitor import Visitor
from tests.flows.people import Person
from tests.flows.platform import wait_for

DRAWN_SECONDS = 120


def draw_map(person: Person) -> str:
    """Have a map drawn of an export about five topics, and return its id."""
    asked = person.ask("POST", "/api/graphs", files={"file": ("export.json", export_of(3))}).json()
    wait_for(lambda: person.get(f"/api/jobs/{asked['jobId']}")["status"] == "COMPLETED", "it is drawn", DRAWN_SECONDS)
    return str(asked["graphId"])


def map_pictures(visitor: Visitor, take: object) -> None:
    """The map whole, with a node chosen, and as a list."""
    assert callable(take)
    page = visitor.page
    show(visitor, "map")
    page.locator(".canvas canvas, .map-list table").first.wait_for(timeout=30_000)
    page.wait_for_timeout(500)
    take("map")
    page.get_by_role("radio").nth(1).check(force=True)
    take("map-list")
    page.locator(".map-list .link").first.click()
    page.get_by_role("radio").nth(0).check(force=True)
    page.locator(".why").wait_for()
    page.wait_for_timeout(500)
    take("map-node")
