"""`speaktracker demo-graph`: an export and a person's own talk become maps; one is updated, searched, and removed."""

import json
import time
from pathlib import Path
from typing import Any

import click
import httpx

from cli.demo_people import Person
from cli.demo_platform import find_platform, of_run_directory
from cli.demo_walk import Walk
from cli.foreign_text import foreign
from cli.printing import table
from cli.refusals import Refusing

_TOPICS = {
    "garden": ("The tomatoes in my garden need water.", "Roses and tulips grow in good soil.", "I planted seeds."),
    "football": ("The goalkeeper saved the penalty.", "Our team won the match.", "The striker scored a late goal."),
    "cooking": ("Boil the pasta and chop the onion.", "The recipe needs butter and flour.", "Bake the bread."),
    "music": ("She plays the violin in an orchestra.", "The guitar solo is great.", "We sang at the concert."),
    "축구": ("축구 경기에서 우리 팀이 이겼어요.", "골키퍼가 공을 막았습니다.", "선수가 골을 넣었어요."),
}
_EACH = 6
_MAP_SECONDS = 120.0
_SAID = ("Hello! Yesterday I go to Busan by train.", "We eated fresh fish near the sea.")
_PARTNER_SECONDS = 30.0


@click.command("demo-graph", cls=Refusing)
@of_run_directory
def demo_graph(directory: Path) -> None:
    """Draw maps on the platform that `make run` started; show what they say. Exits with 1 if anything is missing."""
    GraphWalk(find_platform(directory)).take()


def export_of(extra: int = 0, each: int = _EACH) -> bytes:
    """Return an export of talk about five topics, `each` of each, with so many conversations more."""
    found = [
        {"id": f"{topic}-{number}", "messages": [{"role": "user", "content": line} for line in _turned(lines, number)]}
        for topic, lines in _TOPICS.items()
        for number in range(each)
    ]
    lines = _TOPICS["music"]
    found += [{"id": f"new-{n}", "messages": [{"role": "user", "content": " ".join(lines)}]} for n in range(extra)]
    return json.dumps(found).encode()


def _turned(lines: tuple[str, ...], by: int) -> tuple[str, ...]:
    return lines[by % len(lines) :] + lines[: by % len(lines)]


class GraphWalk(Walk):
    """One person's maps."""

    goal = "The maps were drawn, one was updated and searched, and what was removed is gone."

    async def walk(self) -> None:
        """Draw, update, search, draw a map of one's own talk, and remove."""
        person = await self.person("Mapper")
        first = await self._draw(person, "an export of 30 conversations", {"file": ("export.json", export_of())})
        self._show(first)
        second = await self._draw(person, "the same with three more", {"file": ("export.json", export_of(3))})
        self._compare(first, second)
        await self._search(person, second["graphId"])
        await self._talk(person)
        own = await self._draw(person, "one's own talk", None)
        phrases = [f"{node['said']} → {node['better']}" for node in own["nodes"] if node["kind"] == "phrase"]
        self.say(f"  {len(own['nodes']) - len(phrases)} conversations; phrases: {', '.join(phrases) or 'none'}")
        await self._remove(person, second["graphId"])

    async def _draw(self, person: Person, what: str, files: Any) -> dict[str, Any]:
        began = time.monotonic()
        given: dict[str, Any] = {"files": files} if files else {"json": {"source": "me"}}
        asked = await self.call(person, "POST", "/api/graphs", **given)
        accepted, stages = time.monotonic() - began, dict[str, float]()

        def seen(job: dict[str, Any]) -> None:
            stages.setdefault(job.get("stage") or job["status"].lower(), time.monotonic() - began)

        job = await self.finished(person, asked["jobId"], seconds=_MAP_SECONDS, seen=seen)
        told = ", ".join(f"{stage} {at:.1f} s" for stage, at in stages.items())
        self.quote(what, f"accepted in {accepted * 1000:.0f} ms; {told}")
        if job["status"] != "COMPLETED":
            raise click.ClickException(f"{what} is no map: {job['status']} {job.get('error', '')}")
        return await self.call(person, "GET", f"/api/graphs/{asked['graphId']}")

    def _show(self, graph: dict[str, Any]) -> None:
        clusters = table("cluster", "conversations", "name")
        for cluster in graph["graph"]["clusters"]:
            clusters.add_row(cluster["id"], str(cluster["size"]), foreign(cluster["name"]))
        self.console.print(clusters)
        edge = next((edge for edge in graph["edges"] if edge["quotes"]), None)
        if edge:
            self.say(f"  linked by {', '.join(edge['shared'])}: “{edge['quotes'][0]}” – “{edge['quotes'][1]}”")
        self.check(len(graph["graph"]["clusters"]) >= len(_TOPICS) - 1, "too few clusters")

    def _compare(self, first: dict[str, Any], second: dict[str, Any]) -> None:
        now = {node["origId"]: node for node in second["nodes"]}
        kept = ("id", "x", "y")
        stayed = sum(all(node[field] == now[node["origId"]][field] for field in kept) for node in first["nodes"])
        same = sum(node["clusterId"] == now[node["origId"]]["clusterId"] for node in first["nodes"])
        new = [node["origId"] for node in second["nodes"] if node["isNew"]]
        told = f"{stayed} of {len(first['nodes'])} stayed where they were, {same} in their cluster"
        self.say(f"  {told}; new: {', '.join(new)}")
        self.check(stayed == len(first["nodes"]), "old nodes moved")
        self.check(len(new) == 3, "the new ones are not marked")

    async def _search(self, person: Person, graph_id: str) -> None:
        for text in ("a goal in the last minute", "기타를 연주해요"):
            answer = await self.call(person, "GET", f"/api/graphs/{graph_id}", params={"near": text, "limit": 3})
            found = ", ".join(f"{node['origId']} {node['similarity']:.2f}" for node in answer.get("nodes", []))
            self.say(f"  near “{text}”: {found}")
            self.check(bool(found), f"nothing is near “{text}”")

    async def _talk(self, person: Person) -> None:
        """Say two sentences to the AI partner, which it corrects."""
        started = await self.call(person, "POST", "/api/ai/chat/start", json={"difficulty": "beginner"})
        for text in _SAID:
            said = {"conversationId": started["conversationId"], "userMessage": text}
            asked = await self.call(person, "POST", "/api/ai/chat/message", json=said)
            await self.finished(person, asked["jobId"], seconds=_PARTNER_SECONDS)

    async def _remove(self, person: Person, graph_id: str) -> None:
        path = f"/api/graphs/{graph_id}"
        await self.call(person, "DELETE", path)
        headers = {"Authorization": f"Bearer {await person.client.access_token()}"}
        gone = (await self.http.get(path, headers=headers)).status_code
        self.say(f"removed: it now answers {gone}")
        self.check(gone == httpx.codes.NOT_FOUND, "what was removed is still there")
