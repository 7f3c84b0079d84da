"""How the map moves: pictures a second and the script's time for each, with 1,000 and 5,000 nodes.

The map's answers are handed to the page as the gateway would hand them, so that the page alone is measured. Without a
graphics card Chromium draws WebGL by the processor (SwiftShader): then the script's time tells more than the pictures.
"""

import json
import math
import random
from typing import Any

from playwright.sync_api import CDPSession, Page, Route

SIZES = (1_000, 5_000)
LINKS = 3
GROUPS = 12
AT = "2026-01-01T00:00:00Z"
SECONDS = 3.0
_COUNT = """
() => {
  window.pictures = 0;
  const count = () => { window.pictures += 1; window.counting = requestAnimationFrame(count); };
  count();
}
"""


def a_map(size: int) -> dict[str, Any]:
    """Return a map of so many conversations in groups of some hundred, as the gateway answers it."""
    chance = random.Random(size)
    groups = [_group(number, size) for number in range(GROUPS)]
    nodes = [_node(number, groups[number % GROUPS], chance) for number in range(size)]
    ends = [(number, (number + GROUPS * (link + 1)) % size) for number in range(size) for link in range(LINKS)]
    edges = [_edge(source, target, chance) for source, target in ends]
    named = {"success": True, "graphId": "bench", "name": "Bench", "createdAt": AT}
    return named | {"graph": {"clusters": groups, "subclusters": []}, "nodes": nodes, "edges": edges}


def _group(number: int, size: int) -> dict[str, Any]:
    place = {"x": 40 * math.cos(number), "y": 40 * math.sin(number * 1.7)}
    return {"id": f"c{number}", "name": f"Group {number}", "size": size // GROUPS} | place


def _edge(source: int, target: int, chance: random.Random) -> dict[str, Any]:
    weight = round(chance.random(), 2)
    return {"source": source, "target": target, "weight": weight, "type": "hard", "shared": [], "quotes": []}


def _node(number: int, group: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    place = {"x": group["x"] + chance.gauss(0, 8), "y": group["y"] + chance.gauss(0, 8)}
    named = {"id": number, "origId": str(number), "kind": "conversation", "title": f"Conversation {number}"}
    return named | place | {"clusterId": group["id"], "language": "en", "messages": 3, "timestamp": None}


def answer_with(page: Page, size: int) -> None:
    """Have the page's questions about maps answered with one of so many nodes."""
    shown = json.dumps(a_map(size))
    item = {"graphId": "bench", "jobId": "bench", "name": "Bench", "source": "me", "status": "READY", "nodes": size}
    more = {"clusters": GROUPS, "newNodes": 0, "createdAt": AT}
    listed = json.dumps({"success": True, "graphs": [item | more], "hasMore": False})

    def answer(route: Route) -> None:
        route.fulfill(body=shown if route.request.url.endswith("/bench") else listed, content_type="application/json")

    page.route("**/api/graphs*", answer)
    page.route("**/api/graphs/**", answer)


def moved(page: Page, session: CDPSession, script_seconds: Any) -> tuple[float, float]:
    """Drag the map about for some seconds; return pictures a second, and milliseconds of script a picture."""
    box = page.locator(".canvas").bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.mouse.move(*middle)
    page.mouse.down()
    page.evaluate(_COUNT)
    began, script = page.evaluate("performance.now()"), script_seconds(session)
    step = 0
    while page.evaluate("performance.now()") - began < SECONDS * 1000:
        step += 1
        page.mouse.move(middle[0] + 120 * math.sin(step / 6), middle[1] + 90 * math.cos(step / 5))
    took = (page.evaluate("performance.now()") - began) / 1000
    pictures = max(1, int(page.evaluate("(cancelAnimationFrame(window.counting), window.pictures)")))
    page.mouse.up()
    return pictures / took, (script_seconds(session) - script) * 1000 / pictures
