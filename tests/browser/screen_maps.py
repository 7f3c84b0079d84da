"""Pictures of the map."""

import json
from datetime import UTC, datetime, timedelta

from tests.browser.screen_lessons import Take, show
from tests.browser.visitor import Visitor
from tests.flows.people import Person
from tests.flows.platform import wait_for

DRAWN_SECONDS = 120
TALKS = {
    "travel": (
        "Which night train goes to Busan?",
        "I missed my flight and the airline lost my luggage.",
        "I would like a window seat on the train.",
        "How do I book a hotel room with a sea view?",
        "Is the fast train worth the price of the ticket?",
        "The jet lag after the long flight was awful.",
        "We changed trains twice on the way to the hotel.",
    ),
    "work": (
        "Tell me about your strengths for this job interview.",
        "I was in charge of a team at my last job.",
        "What is your notice period at work?",
        "My manager moved the deadline of the project.",
        "The interview with the team lead went well.",
        "I have five years of work experience in sales.",
    ),
    "weekend": (
        "I usually sleep in on Saturdays.",
        "We had brunch on Sunday morning with friends.",
        "Hiking on the weekend clears my head.",
        "I enjoyed the quiet mornings of the weekend by the sea.",
        "We ended up staying out until midnight on Saturday.",
    ),
    "food": (
        "Could we pay separately for dinner?",
        "I am allergic to nuts: what is in the soup?",
        "We would like still water and the menu, please.",
        "The steak should be medium rare, with a salad.",
        "Which starter and which soup do you recommend for dinner?",
        "I cook pasta with tomato sauce for dinner.",
    ),
    "opinions": (
        "I see why you like the plan, though I do not agree.",
        "That is a fair point, but I would rather wait.",
        "I am not so sure that I agree with this opinion.",
        "In my opinion the plan does not suit everybody.",
        "I agree with you up to a point.",
    ),
    "books": (
        "The narrator of this novel is unreliable.",
        "Chapter four of the book is about dignity and regret.",
        "The author wrote the last chapter of the novel in a week.",
        "I am reading a novel about a butler.",
        "Which book by this author should I read first?",
    ),
}
"""What somebody has talked about: each line begins a conversation."""


def draw_map(person: Person) -> str:
    """Have a map drawn of an export, and return its id."""
    asked = person.ask("POST", "/api/graphs", files={"file": ("export.json", _export())}).json()
    wait_for(lambda: person.get(f"/api/jobs/{asked['jobId']}")["status"] == "COMPLETED", "it is drawn", DRAWN_SECONDS)
    return str(asked["graphId"])


def _export() -> bytes:
    began = datetime.now(UTC) - timedelta(days=60)
    talks = []
    for topic, lines in TALKS.items():
        for number, line in enumerate(lines):
            said = [line, lines[(number + 1) % len(lines)], lines[(number + 2) % len(lines)]]
            messages = [{"role": "user", "content": one} for one in said]
            at = (began + timedelta(days=len(talks))).isoformat()
            talks.append({"id": f"{topic}-{number}", "title": line, "created_at": at, "messages": messages})
    return json.dumps(talks).encode()


def map_pictures(visitor: Visitor, take: Take) -> None:
    """The map whole, with a node chosen, and as a list."""
    page = visitor.page
    show(visitor, "map")
    page.locator(".canvas canvas, .map-list table").first.wait_for()
    page.wait_for_timeout(500)
    take("map")
    page.get_by_role("radio").nth(1).check(force=True)
    take("map-list")
    page.locator(".map-list .link", has_text="night train").first.click()
    page.get_by_role("radio").nth(0).check(force=True)
    page.locator(".why").wait_for()
    page.wait_for_timeout(800)
    take("map-node")
