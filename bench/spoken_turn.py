"""`python -m bench.spoken_turn`: how soon the partner's first words follow a sentence that is said to it.

A recording of three seconds is sent while it is said, a tenth of a second at a time, and counted from its end: on a
platform of its own, or on the one that runs from RUN_DIRECTORY. The stand-in for Bedrock alone takes 400 ms to its
first word (`PARTNER_FIRST_TOKEN_MS`).
"""

import asyncio
import base64
import json
import os
import time
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

import boto3
from rich.console import Console
from rich.table import Table
from websockets.asyncio.client import ClientConnection, connect

from bench.own_platform import platform_to_measure
from cli.demo_people import sign_up
from cli.demo_platform import RunningPlatform

SENTENCE = "I would like a cup of coffee and a piece of cake."
WARM_UPS, TRIES = 2, 8
CHUNK_SECONDS = 0.1
ANSWER_SECONDS = 60.0
PROMISED_SECONDS = 1.0
LOGGED_SECONDS = 2.0
STAGES = {"queued": "all is heard, and the turn begins", "firstDelta": "the model's first words are sent"}
Moments = dict[str, float]


async def measure(platform: RunningPlatform) -> list[Moments]:
    """Say the sentence again and again, to a platform that nobody else uses."""
    recording, seconds = _spoken(platform)
    print(f"The recording has {seconds:.1f} s and {len(recording):,} bytes.", flush=True)
    person = await sign_up(platform, "speaker")
    try:
        token = await person.client.access_token()
        async with connect(f"{platform.base.replace('http', 'ws', 1)}/ws?token={token}") as socket:
            found = [await _said(socket, recording, seconds) for _ in range(WARM_UPS + TRIES)]
            return found[WARM_UPS:]
    finally:
        await person.go()


def _spoken(platform: RunningPlatform) -> tuple[bytes, float]:
    """Return the sentence as an MP3 of 48 kbit/s, and its seconds."""
    polly: Any = boto3.client(
        "polly",
        endpoint_url=platform.settings.aws_endpoint_url,
        region_name=platform.settings.aws_region_name,
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )

    def said(form: str, rate: str) -> bytes:
        told = polly.synthesize_speech(Text=SENTENCE, VoiceId="Joanna", OutputFormat=form, SampleRate=rate)
        content: bytes = told["AudioStream"].read()
        return content

    return said("mp3", "24000"), len(said("pcm", "16000")) / 32_000


async def _said(socket: ClientConnection, recording: bytes, seconds: float) -> Moments:
    """Say it as fast as a person does; return when what came, in seconds from its end."""
    request_id, size = str(uuid4()), max(1, round(len(recording) * CHUNK_SECONDS / seconds))
    start = {"action": "audioStart", "requestId": request_id, "contentType": "audio/mpeg", "stream": True}
    moments: dict[str, float] = {}
    hearing = asyncio.create_task(_heard(socket, request_id, moments))
    await socket.send(json.dumps(start))
    for index, at in enumerate(range(0, len(recording), size)):
        data = base64.b64encode(recording[at : at + size]).decode()
        await asyncio.sleep(CHUNK_SECONDS)
        await socket.send(json.dumps({"action": "audioChunk", "requestId": request_id, "index": index, "data": data}))
    await socket.send(json.dumps({"action": "audioEnd", "requestId": request_id}))
    end = time.perf_counter()
    await asyncio.wait_for(hearing, ANSWER_SECONDS)
    return {name: at - end for name, at in moments.items()}


async def _heard(socket: ClientConnection, request_id: str, moments: Moments) -> None:
    """Note when what comes first, until the answer."""
    async for text in socket:
        frame = json.loads(text)
        if frame.get("requestId") != request_id:
            continue
        name = _name(frame)
        if name is not None:
            moments.setdefault(name, time.perf_counter())
        if frame.get("action") == "messageResponse":
            if frame["status"] != "completed":
                raise SystemExit(f"The turn failed: {frame}")
            return


def _name(frame: dict[str, Any]) -> str | None:
    if frame.get("action") == "messageDelta":
        return "first words of the answer"
    if frame.get("transcript"):
        return "first words heard, before the end"
    if frame.get("stage") == "heard":
        return "all words heard"
    if frame.get("stage") == "thinking":
        return "the model is asked"
    if frame.get("type") == "audioReady":
        return "first sentence to hear"
    return "whole answer" if frame.get("action") == "messageResponse" else None


def _stages(platform: RunningPlatform) -> Moments:
    """Return the medians of what the worker's own clock says of these turns, in seconds from the recording's end."""
    lines = [line for line in platform.log.read_text("utf-8").splitlines() if '"turn.done"' in line]
    done = [json.loads(line) for line in lines[-TRIES:]]
    return {shown: median(one.get(name, 0) for one in done) / 1000 for name, shown in STAGES.items() if done}


def main() -> None:
    """Measure and print."""
    with platform_to_measure(Path(os.environ.get("RUN_DIRECTORY", ".run"))) as platform:
        found = asyncio.run(measure(platform))
        time.sleep(LOGGED_SECONDS)
        stages = _stages(platform)
    table = Table("seconds from the end of the recording", "p50", "most", "promised", title="A spoken turn")
    names = sorted({name for one in found for name in one}, key=lambda name: median(one.get(name, 0) for one in found))
    for name in names:
        at = [one[name] for one in found if name in one]
        promised = f"≤ {PROMISED_SECONDS:.1f}" if name == "first words of the answer" else ""
        table.add_row(name, f"{median(at):.2f}", f"{max(at):.2f}", promised)
    table.add_section()
    for name, at_worker in stages.items():
        table.add_row(f"by the worker: {name}", f"{at_worker:.2f}", "", "")
    Console(width=110).print(table)


if __name__ == "__main__":
    main()
