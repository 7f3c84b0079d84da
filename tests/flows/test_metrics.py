"""Every program's metrics as Prometheus reads them, the dashboards' queries, and requests joined to the table."""

import json
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from cli.monitoring.panels import DASHBOARDS
from cli.monitoring.plots import lines_of, plot
from cli.monitoring.scraping import targets
from cli.ports import choose_ports
from tests.flows.people import Person
from tests.flows.platform import Platform, wait_for
from tests.prometheus import needed

SCRAPE = """
global: {scrape_interval: 1s, evaluation_interval: 1s}
scrape_configs:
  - job_name: speaktracker
    file_sd_configs: [{files: [targets.json]}]
"""
SAMPLED = 200


@pytest.fixture(scope="module")
def busy(platform: Platform, ann: Person, platform_room: str) -> list[str]:
    """Let Ann talk, ask the partner and have something spoken, twice; return her requestIds."""
    requests = [f"sampled-{uuid.uuid4().hex}" for _ in range(SAMPLED)]
    with ann.enter(platform_room) as room:
        for number, request in enumerate(requests):
            room.say(platform_room, f"Sentence number {number}.", requestId=request)
            if number % 20 == 19:
                room.answers(20)
                time.sleep(1.1)  # 40 frames in any 2 s
    with ann.channel() as channel:
        channel.send("sendMessage", requestId="metrics-turn", message="Yesterday I go to the sea.")
        channel.seen(action="messageResponse")
    text = {"text": f"Said twice {uuid.uuid4().hex}", "voice": "male"}
    job = ann.post("/api/tts", text)["jobId"]
    wait_for(lambda: ann.get(f"/api/jobs/{job}")["status"] == "COMPLETED", "it is spoken")
    ann.post("/api/tts", text)
    return requests


@pytest.fixture(scope="module")
def prometheus(platform: Platform, busy: list[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    place: Path = tmp_path_factory.mktemp("prometheus")
    (place / "prometheus.yml").write_text(SCRAPE)
    (place / "targets.json").write_text(targets(platform.state))
    address = f"127.0.0.1:{choose_ports(['prometheus'], {})['prometheus']}"
    options = ["--config.file=prometheus.yml", "--storage.tsdb.path=data", f"--web.listen-address={address}"]
    with (place / "output").open("wb") as output:
        process = subprocess.Popen([needed("prometheus"), *options], cwd=place, stdout=output, stderr=output)
    yield f"http://{address}"
    process.terminate()
    process.wait(30)


def ask(base: str, query: str) -> list[Any]:
    try:
        answer = httpx.get(f"{base}/api/v1/query", params={"query": query}, timeout=10, trust_env=False)
    except httpx.TransportError:
        return []
    assert answer.status_code in (200, 503), f"{query}: {answer.text}"
    return list(answer.json()["data"]["result"]) if answer.status_code == 200 else []


def asking(base: str, query: str) -> Callable[[], list[Any]]:
    return lambda: ask(base, query.replace("$window", "60s"))


def test_promtool_takes_the_metrics_of_every_program(platform: Platform, busy: list[str]) -> None:
    assert len(platform.state["metrics"]) >= 10
    for program, address in platform.state["metrics"].items():
        text = httpx.get(address, timeout=10, trust_env=False).content
        told = subprocess.run([needed("promtool"), "check", "metrics"], input=text, capture_output=True, timeout=60)
        assert told.returncode == 0, (program, told.stdout, told.stderr)
        assert f'process="{program.removeprefix("worker-")}"'.encode() in text


def test_every_panel_of_every_dashboard_has_data(prometheus: str) -> None:
    for page in DASHBOARDS:
        for panel in page.panels:
            for query, _ in panel.queries:
                wait_for(asking(prometheus, query), f"{page.name}: {panel.title}", 90)


def test_a_panel_can_be_drawn(prometheus: str) -> None:
    query = "sum by (program) (process_resident_memory_bytes)"
    wait_for(asking(prometheus, query), "memory is known")
    now = time.time()
    drawn = plot("Memory <by> program", "bytes", lines_of(prometheus, query, "{{program}}", now - 30, now, 1))

    assert drawn.startswith("<svg")
    assert "Memory &lt;by&gt; program" in drawn
    assert ">beat</text>" in drawn or ">web</text>" in drawn


def test_every_message_is_joined_from_its_request_to_the_table(
    platform: Platform, busy: list[str], platform_room: str
) -> None:
    log = (platform.directory / "log.jsonl").read_text("utf-8").splitlines()
    queued = [json.loads(line) for line in log if '"batch.queued"' in line]
    ids = {request: name for line in queued for request, name in zip(line["requests"], line["names"], strict=True)}
    assert set(busy) <= set(ids)

    def stored() -> set[str]:
        return {item["messageId"] for item in platform.items(f"ROOM#{platform_room}") if "messageId" in item}

    wait_for(lambda: {ids[request] for request in busy} <= stored(), "all are stored")
    log = (platform.directory / "log.jsonl").read_text("utf-8").splitlines()
    done = {json.loads(line)["requestId"] for line in log if '"job.done"' in line}
    assert {line["requestId"] for line in queued if set(line["requests"]) & set(busy)} <= done
