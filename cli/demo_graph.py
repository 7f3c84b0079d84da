"""`speaktracker demo-graph`: an export and a person's own talk become maps; one is updated, searched, and removed."""

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import click
import httpx
from rich.console import Console
from rich.table import Table

from cli.demo_people import PASSWORD, sign_up
from cli.demo_platform import RunningPlatform, find_platform, of_run_directory

_TOPICS = {
    "garden": ("The tomatoes in my garden need water.", "Roses and tulips grow in good soil.", "I planted seeds."),
    "football": ("The goalkeeper saved the penalty.", "Our team won the match.", "The striker scored a late goal."),
    "cooking": ("Boil the pasta and chop the onion.", "The recipe needs butter and flour.", "Bake the bread."),
    "music": ("She plays the violin in an orchestra.", "The guitar solo is great.", "We sang at the concert."),
    "축구": ("축구 경기에서 우리 팀이 이겼어요.", "골키퍼가 공을 막았습니다.", "선수가 골을 넣었어요."),
}
_EACH = 6
_SECONDS = 120.0
_SAID = ("Hello! Yesterday I go to Busan by train.", "We eated fresh fish near the sea.")
_PARTNER_SECONDS = 30.0


@click.command("demo-graph")
@of_run_directory
def demo_graph(directory: Path) -> None:
    """Draw maps on the platform that `make run` started; show what they say. Exits with 1 if anything is missing."""
    walk = _Walk(find_platform(directory), Console(highlight=False))
    asyncio.run(walk.run())
    if walk.faults:
        raise click.ClickException("; ".join(walk.faults))


def export_of(extra: int = 0) -> bytes:
    """Return an export of talk about five topics, with so many conversations more."""
    found = [
        {"id": f"{topic}-{number}", "messages": [{"role": "user", "content": line} for line in _turned(lines, number)]}
        for topic, lines in _TOPICS.items()
        for number in range(_EACH)
    ]
    lines = _TOPICS["music"]
    found += [{"id": f"new-{n}", "messages": [{"role": "user", "content": " ".join(lines)}]} for n in range(extra)]
    return json.dumps(found).encode()


def _turned(lines: tuple[str, ...], by: int) -> tuple[str, ...]:
    return lines[by % len(lines) :] + lines[: by % len(lines)]


class _Walk:
    """One run: what was drawn, and what was missing."""

    def __init__(self, platform: RunningPlatform, console: Console) -> None:
        self._platform, self._console = platform, console
        self.faults: list[str] = []

    async def run(self) -> None:
        """Draw, update, search, export, draw one's own talk, and remove."""
        person = await sign_up(self._platform, "Mapper")
        try:
            async with httpx.AsyncClient(base_url=self._platform.base, timeout=60.0) as http:
                login = {"email": person.email, "password": PASSWORD}
                token = (await http.post("/api/auth/login", json=login)).json()["accessToken"]
                http.headers["Authorization"] = f"Bearer {token}"
                await self._walk(http)
        finally:
            await person.go()

    async def _walk(self, http: httpx.AsyncClient) -> None:
        first = await self._draw(http, "an export of 30 conversations", {"file": ("export.json", export_of())})
        self._show(first)
        second = await self._draw(http, "the same with three more", {"file": ("export.json", export_of(3))})
        self._compare(first, second)
        await self._search(http, second["graphId"])
        await self._talk(http)
        own = await self._draw(http, "one's own talk", None)
        phrases = [node["said"] + " → " + node["better"] for node in own["nodes"] if node["kind"] == "phrase"]
        self._console.print(
            f"  {len(own['nodes']) - len(phrases)} conversations; phrases: {', '.join(phrases) or 'none'}"
        )
        await self._remove(http, second["graphId"])

    async def _draw(self, http: httpx.AsyncClient, what: str, files: Any) -> dict[str, Any]:
        began = time.monotonic()
        given: dict[str, Any] = {"files": files} if files else {"json": {"source": "me"}}
        asked = (await http.post("/api/graphs", **given)).json()
        accepted = time.monotonic() - began
        stages: dict[str, float] = {}
        while time.monotonic() - began < _SECONDS:
            job = (await http.get(f"/api/jobs/{asked['jobId']}")).json()
            stages.setdefault(job.get("stage") or job["status"].lower(), time.monotonic() - began)
            if job["status"] not in ("PENDING", "PROCESSING"):
                break
            await asyncio.sleep(0.1)
        told = ", ".join(f"{stage} {at:.1f} s" for stage, at in stages.items())
        self._console.print(f"[bold]{what}[/bold]: accepted in {accepted * 1000:.0f} ms; {told}")
        found: dict[str, Any] = (await http.get(f"/api/graphs/{asked['graphId']}")).json()
        self._require("nodes" in found, f"{what} is no map: {found.get('message')}")
        return found if "nodes" in found else {**asked, "nodes": [], "edges": [], "graph": {"clusters": []}}

    def _show(self, graph: dict[str, Any]) -> None:
        table = Table("cluster", "conversations", "name")
        for cluster in graph["graph"]["clusters"]:
            table.add_row(cluster["id"], str(cluster["size"]), cluster["name"])
        self._console.print(table)
        edge = next((edge for edge in graph["edges"] if edge["quotes"]), None)
        if edge:
            self._console.print(
                f"  linked by {', '.join(edge['shared'])}: “{edge['quotes'][0]}” – “{edge['quotes'][1]}”"
            )
        self._require(len(graph["graph"]["clusters"]) >= len(_TOPICS) - 1, "too few clusters")

    def _compare(self, first: dict[str, Any], second: dict[str, Any]) -> None:
        now = {node["origId"]: node for node in second["nodes"]}
        kept = ("id", "x", "y")
        stayed = sum(all(node[field] == now[node["origId"]][field] for field in kept) for node in first["nodes"])
        same = sum(node["clusterId"] == now[node["origId"]]["clusterId"] for node in first["nodes"])
        new = [node["origId"] for node in second["nodes"] if node["isNew"]]
        told = f"{stayed} of {len(first['nodes'])} stayed where they were, {same} in their cluster"
        self._console.print(f"  {told}; new: {', '.join(new)}")
        self._require(stayed == len(first["nodes"]), "old nodes moved")
        self._require(len(new) == 3, "the new ones are not marked")

    async def _search(self, http: httpx.AsyncClient, graph_id: str) -> None:
        for text in ("a goal in the last minute", "기타를 연주해요"):
            answer = (await http.get(f"/api/graphs/{graph_id}", params={"near": text, "limit": 3})).json()
            found = ", ".join(f"{node['origId']} {node['similarity']:.2f}" for node in answer.get("nodes", []))
            self._console.print(f"  near “{text}”: {found}")
            self._require(bool(found), f"nothing is near “{text}”")

    async def _talk(self, http: httpx.AsyncClient) -> None:
        """Say two sentences to the AI partner, which it corrects."""
        started = (await http.post("/api/ai/chat/start", json={"difficulty": "beginner"})).json()
        for text in _SAID:
            said = {"conversationId": started["conversationId"], "userMessage": text}
            asked = (await http.post("/api/ai/chat/message", json=said)).json()
            deadline = time.monotonic() + _PARTNER_SECONDS
            while time.monotonic() < deadline:
                job = (await http.get(f"/api/jobs/{asked['jobId']}")).json()
                if job["status"] not in ("PENDING", "PROCESSING"):
                    break
                await asyncio.sleep(0.2)

    async def _remove(self, http: httpx.AsyncClient, graph_id: str) -> None:
        await http.delete(f"/api/graphs/{graph_id}")
        gone = (await http.get(f"/api/graphs/{graph_id}")).status_code
        self._console.print(f"removed: it now answers {gone}")
        self._require(gone == httpx.codes.NOT_FOUND, "what was removed is still there")

    def _require(self, holds: bool, fault: str) -> None:
        if not holds:
            self.faults.append(fault)
