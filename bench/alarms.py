"""`python -m bench.alarms [HARM…]`: whether alarms sound, and fall silent again, over the samples of a real run.

A platform of its own is harmed as the drills do it, but for as long as the alarms wait, while Debian's Prometheus
scrapes it every five seconds with the rules as they ship. Each harm lasts until its alarms sound, twelve minutes at
most; then it is made good, and the time is taken until they are silent. Harms that do not touch each other are done at
the same time, so that all of it takes twenty minutes, nearly all of it waiting. Exits with 1 where an alarm did not
sound, or did not fall silent.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
from rich.console import Console
from rich.table import Table

from cli.drills.scene import REDIS, Scene, a_scene, frozen
from cli.monitoring.rules import rules
from cli.monitoring.scraping import SCRAPE, targets
from cli.own_platform import ROOT
from cli.ports import choose_ports
from shared.adapters.dynamodb.dead_letters import DynamoLetters
from shared.adapters.dynamodb.table import Table as Stored
from shared.domains.dead_letters.models import LetterState, Wanted
from shared.kernel.queues import Queue
from tests.prometheus import found

SCRAPE_SECONDS = 5
SOUND_SECONDS, SILENT_SECONDS = 720.0, 900.0
_POLL_SECONDS = 2.0

Harm = Callable[[Scene], AbstractContextManager[None]]


class Seen(NamedTuple):
    """When an alarm sounded after the harm began, and was silent after it was made good; in seconds."""

    harm: str
    alarm: str
    sounded: float | None
    silent: float | None


@contextmanager
def paused_queue(scene: Scene) -> Iterator[None]:
    """Let nobody read the persistence queue, on which beat puts something every few seconds."""
    _command(scene, "queues", "pause", "persistence")
    try:
        yield
    finally:
        _command(scene, "queues", "resume", "persistence")


@contextmanager
def poisoned(scene: Scene) -> Iterator[None]:
    """Send what nobody can read; it becomes a letter, about which somebody decides afterwards."""
    scene.clients.sqs.send_message(QueueUrl=scene.state["aws"]["queues"][Queue.TTS.value], MessageBody="no job at all")
    yield
    letters = DynamoLetters(Stored(scene.clients.dynamodb, scene.platform.table))
    found_letters = letters.find(Wanted(), limit=100, position=None).items
    for letter in (one for one in found_letters if one.state in (LetterState.OPEN, LetterState.PARKED)):
        _command(scene, "dead-letters", "discard", letter.id, "--reason", "sent to try the alarm")


HARMS: dict[str, tuple[Harm, tuple[str, ...]]] = {
    "nobody reads a queue": (paused_queue, ("QueueWaitsTooLong", "SchedulesLate", "QueueUnattended")),
    "a job that nobody can read": (poisoned, ("DeadLettersUnsettled",)),
    "AWS is away": (lambda scene: frozen(scene.aws.pid), ("WorkerDeaf", "AwsFailing")),
    "Redis is away": (lambda scene: frozen(scene.process(REDIS)), ("RedisFailing",)),
}
TOGETHER = (("nobody reads a queue", "a job that nobody can read"), ("AWS is away", "Redis is away"))


def main() -> None:
    """Harm, watch, and print one row an alarm."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("harms", nargs="*", help=f"only these: {', '.join(HARMS)}")
    program = found("prometheus")
    if program is None:
        sys.exit("Debian's package `prometheus` is neither installed nor to be had from apt.")
    seen = asyncio.run(_watched(program, parser.parse_args().harms or list(HARMS)))
    table = Table("harm", "alarm", "sounds after", "silent after")
    for one in seen:
        table.add_row(one.harm, one.alarm, _said(one.sounded), _said(one.silent))
    Console().print(table)
    sys.exit(0 if all(None not in (one.sounded, one.silent) for one in seen) else 1)


async def _watched(program: str, harms: Collection[str]) -> list[Seen]:
    async with a_scene() as scene:
        with ExitStack() as stack:
            base = stack.enter_context(_prometheus(program, scene))
            found_: list[Seen] = []
            for together in TOGETHER:
                tried = [asyncio.to_thread(_tried, one, scene, base) for one in together if one in harms]
                found_ += [seen for one in await asyncio.gather(*tried) for seen in one]
                print(*found_, sep="\n", flush=True)
            return found_


def _tried(name: str, scene: Scene, base: str) -> list[Seen]:
    harm, alarms = HARMS[name]
    began = time.monotonic()
    with harm(scene):
        sounded = _awaited(base, alarms, began, SOUND_SECONDS, is_sounding=True)
    ended = time.monotonic()
    silent = _awaited(base, alarms, ended, SILENT_SECONDS, is_sounding=False)
    return [Seen(name, alarm, sounded[alarm], silent[alarm]) for alarm in alarms]


def _awaited(
    base: str, alarms: Collection[str], since: float, patience: float, *, is_sounding: bool
) -> dict[str, float | None]:
    """Return by alarm after how many seconds it was first seen so; None where it was not in time."""
    seen: dict[str, float | None] = dict.fromkeys(alarms)
    while None in seen.values() and time.monotonic() - since < patience:
        sounding = _sounding(base)
        for alarm in alarms:
            if seen[alarm] is None and (alarm in sounding) is is_sounding:
                seen[alarm] = time.monotonic() - since
        time.sleep(_POLL_SECONDS)
    return seen


def _sounding(base: str) -> set[str]:
    answer = httpx.get(f"{base}/api/v1/alerts", timeout=10, trust_env=False).raise_for_status()
    return {one["labels"]["alertname"] for one in answer.json()["data"]["alerts"] if one["state"] == "firing"}


@contextmanager
def _prometheus(program: str, scene: Scene) -> Iterator[str]:
    """Run Prometheus with the rules that ship over the scene's programs; give its address once it answers."""
    with tempfile.TemporaryDirectory(prefix="alarms-") as folder:
        place = Path(folder)
        (place / "prometheus.yml").write_text(SCRAPE.replace("15s", f"{SCRAPE_SECONDS}s"))
        (place / "rules.yml").write_text(rules())
        (place / "targets.json").write_text(targets(scene.state))
        address = f"127.0.0.1:{choose_ports(['prometheus'], {})['prometheus']}"
        options = ["--config.file=prometheus.yml", "--storage.tsdb.path=data", f"--web.listen-address={address}"]
        with (place / "output").open("wb") as output:
            process = subprocess.Popen([program, *options], cwd=place, stdout=output, stderr=output)
        try:
            _await_answer(f"http://{address}/-/ready")
            yield f"http://{address}"
        finally:
            process.terminate()
            process.wait(30)


def _await_answer(address: str) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            if httpx.get(address, trust_env=False).is_success:
                return
        except httpx.TransportError:
            pass  # it does not listen yet
        if time.monotonic() > until:
            sys.exit("Prometheus does not answer.")
        time.sleep(0.5)


def _command(scene: Scene, *words: str) -> None:
    environment = os.environ | {"RUN_DIRECTORY": str(scene.directory.path)}
    subprocess.run([sys.executable, "-m", "cli", *words], cwd=ROOT, env=environment, check=True, capture_output=True)


def _said(seconds: float | None) -> str:
    return "not at all" if seconds is None else f"{seconds:.0f} s"


if __name__ == "__main__":
    main()
