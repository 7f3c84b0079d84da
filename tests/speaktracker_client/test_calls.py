"""Every call of the client is one that the document describes, and every answer that it describes is read.

The platform here is the document itself: it refuses what it does not describe, and answers with its examples.
"""

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs
import pytest

from speaktracker_client.client import SpeakTracker
from speaktracker_client.graphs import Graphs
from speaktracker_client.jobs import Jobs
from speaktracker_client.partner import Partner
from speaktracker_client.practice import Practice
from speaktracker_client.rooms import Rooms
from speaktracker_client.tutoring import Tutoring
from speaktracker_client.voice import Voice
from tests.contracts.held import Held

pytestmark = pytest.mark.anyio
DOCUMENT = json.loads((Path(__file__).parents[2] / "docs/contracts/openapi.json").read_text("utf-8"))
HELD = Held(DOCUMENT)
EMAIL = "a/b@example.com"


def answered(request: httpx.Request) -> httpx.Response:
    """Answer as the document does; what it does not describe fails the test."""
    found = HELD.operation(request.method, request.url.path)
    assert found is not None, f"{request.method} {request.url.path} is not described"
    name, operation = found
    known = {one["name"] for one in operation["parameters"] if one.get("in") == "query"} if request.url.query else set()
    assert set(request.url.params) <= known, name
    _require_body(name, operation, request)
    status = next(one for one in sorted(operation["responses"]) if one.startswith("2"))
    body = operation["responses"][status]["content"]["application/json"]
    shown = body["example"] if "example" in body else _wanted_of(body["examples"], request)
    return httpx.Response(int(status), json=shown)


def _require_body(name: str, operation: dict[str, Any], request: httpx.Request) -> None:
    media = request.headers.get("Content-Type", "").partition(";")[0]
    taken = operation.get("requestBody", {}).get("content", {})
    if not request.content:
        assert not operation.get("requestBody", {}).get("required"), name
        return
    assert media in taken, name
    if media == "application/json":
        whole = {**taken[media]["schema"], "components": DOCUMENT["components"]}
        assert [*jsonschema_rs.Draft202012Validator(whole).iter_errors(json.loads(request.content))] == [], name
    else:
        sent = set(re.findall(r'; name="(\w+)"', request.content.decode("latin-1")))
        form = DOCUMENT["components"]["schemas"][taken[media]["schema"]["$ref"].rpartition("/")[2]]
        assert set(form.get("required", [])) <= sent <= set(form["properties"]), name


def _wanted_of(examples: dict[str, Any], request: httpx.Request) -> Any:
    name = "NearestNodes" if "near" in request.url.params else next(iter(examples))
    return examples[name]["value"]


@pytest.fixture
async def client() -> AsyncIterator[SpeakTracker]:
    transport = httpx.MockTransport(answered)
    async with SpeakTracker("http://127.0.0.1:1", transport=transport) as made:
        await made.login("student@example.com", "Practice-2024!")
        yield made


CALLS: dict[str, Callable[[SpeakTracker], Awaitable[Any]]] = {
    "SpeakTracker.register": lambda one: one.register("min@example.com", "Practice-2024!", "민지", "tutor", "ko"),
    "SpeakTracker.confirm": lambda one: one.confirm("min@example.com", "482913"),
    "SpeakTracker.login_again": lambda one: one.login_again("kept"),
    "SpeakTracker.account": lambda one: one.account(),
    "SpeakTracker.logout": lambda one: one.logout(),
    "Rooms.create": lambda one: one.rooms.create("Room", "beginner", password="pass", description="d", max_members=3),
    "Rooms.list": lambda one: one.rooms.list(level="beginner", joined=True, cursor="c"),
    "Rooms.show": lambda one: one.rooms.show("a/b"),
    "Rooms.join": lambda one: one.rooms.join("r", "pass"),
    "Rooms.leave": lambda one: one.rooms.leave("r"),
    "Rooms.delete": lambda one: one.rooms.delete("r"),
    "Rooms.messages": lambda one: one.rooms.messages("r", cursor="c"),
    "Tutoring.tutors": lambda one: one.tutoring.tutors("kim"),
    "Tutoring.request": lambda one: one.tutoring.request(EMAIL, "Please"),
    "Tutoring.requests": lambda one: one.tutoring.requests("PENDING"),
    "Tutoring.approve": lambda one: one.tutoring.approve("q"),
    "Tutoring.reject": lambda one: one.tutoring.reject("q"),
    "Tutoring.own_tutors": lambda one: one.tutoring.own_tutors(),
    "Tutoring.leave": lambda one: one.tutoring.leave(EMAIL),
    "Tutoring.students": lambda one: one.tutoring.students(),
    "Tutoring.end_teaching": lambda one: one.tutoring.end_teaching(EMAIL),
    "Tutoring.student_results": lambda one: one.tutoring.student_results(EMAIL),
    "Tutoring.student_statistics": lambda one: one.tutoring.student_statistics(EMAIL),
    "Tutoring.show_status": lambda one: one.tutoring.show_status("Small talk", is_learning=True),
    "Tutoring.send_feedback": lambda one: one.tutoring.send_feedback(EMAIL, "Well done!", kind="praise"),
    "Tutoring.read_feedback": lambda one: one.tutoring.read_feedback("f"),
    "Tutoring.feedback": lambda one: one.tutoring.feedback(EMAIL),
    "Tutoring.notifications": lambda one: one.tutoring.notifications(),
    "Tutoring.read_notification": lambda one: one.tutoring.read_notification("n"),
    "Tutoring.read_all_notifications": lambda one: one.tutoring.read_all_notifications(),
    "Partner.start": lambda one: one.partner.start("beginner", "ordering coffee", "a barista"),
    "Partner.send": lambda one: one.partner.send("c", "Hello"),
    "Partner.status": lambda one: one.partner.status("q"),
    "Partner.conversations": lambda one: one.partner.conversations(),
    "Partner.conversation": lambda one: one.partner.conversation("c"),
    "Partner.end": lambda one: one.partner.end("c"),
    "Practice.sentences": lambda one: one.practice.sentences("travel", level="beginner", count=3),
    "Practice.evaluate": lambda one: one.practice.evaluate(b"OggS", "How was your day?", session_id="s"),
    "Practice.results": lambda one: one.practice.results(),
    "Practice.review": lambda one: one.practice.review(),
    "Practice.notebook": lambda one: one.practice.notebook(due=True),
    "Practice.statistics": lambda one: one.practice.statistics(),
    "Voice.speak": lambda one: one.voice.speak("How was your day?", "female"),
    "Voice.speak_message": lambda one: one.voice.speak_message("r", "m", "male"),
    "Graphs.draw": lambda one: one.graphs.draw(name="November"),
    "Graphs.mine": lambda one: one.graphs.mine(),
    "Graphs.show": lambda one: one.graphs.show("g"),
    "Graphs.near": lambda one: one.graphs.near("g", "coffee"),
    "Graphs.remove": lambda one: one.graphs.remove("g"),
    "Jobs.show": lambda one: one.jobs.show("j"),
    "Jobs.cancel": lambda one: one.jobs.cancel("j"),
    "Jobs.result": lambda one: one.jobs.result("j"),
}
ELSEWHERE = {"Jobs.follow", "Jobs.finished"}
"""What goes on for longer than an answer: `test_events.py`."""


@pytest.mark.parametrize("name", CALLS)
async def test_a_call_is_described_and_its_answer_read(client: SpeakTracker, name: str) -> None:
    await CALLS[name](client)


async def test_an_export_is_uploaded_as_it_is_described(client: SpeakTracker, tmp_path: Path) -> None:
    export = tmp_path / "conversations.json"
    export.write_text("[]", "utf-8")

    assert (await client.graphs.draw(export, name="November")).graph_id


def test_every_call_is_tried() -> None:
    kinds = (Rooms, Tutoring, Partner, Practice, Voice, Graphs, Jobs)
    every = {f"{kind.__name__}.{name}" for kind in kinds for name in vars(kind) if not name.startswith("_")}

    assert every - ELSEWHERE == {name for name in CALLS if not name.startswith("SpeakTracker.")}
