"""`python -m bench.partner`: how soon a student reads and hears the AI partner, streamed against one-shot; and order.

The model is the embedded one, paced like a real one (400 ms to the first token, 40 tokens a second, unless
PARTNER_FIRST_TOKEN_MS and PARTNER_TOKENS_PER_SECOND say otherwise): what is measured is what the platform adds.
One-shot is what a program without streams does: one Converse call, then the whole answer spoken by Polly, on the same
endpoint, in the same run, for the same answers.
"""

import argparse
import asyncio
import os
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

from bench.own_platform import platform_to_measure
from cli.demo_partner_turn import Conversation, Seen
from cli.demo_people import Person, sign_up
from cli.demo_platform import RunningPlatform
from shared.adapters.aws.clients import AwsClients
from shared.domains.conversations.models import Exchange, Scene
from shared.domains.turns.rules.prompting import reply_question

MESSAGES = (
    "Hello! I would like to talk about my last trip.",
    "I went to the sea with my family and we ate fresh fish.",
    "The weather was sunny, but the wind was very strong.",
    "We stayed in a small hotel near the beach for three days.",
    "My sister took many photos of the old town.",
    "Next year we want to visit the mountains instead.",
    "What do you think about travelling alone?",
    "Thank you, that was a very interesting conversation.",
)
TURNS_AT_ONCE = 5
SIGN_UPS_AT_ONCE = 8
ANSWER_TOKENS = 300
MODEL_SECONDS = 60.0


class OneShot(NamedTuple):
    """When a program without streams has the words, and the sound; seconds."""

    words: float
    sound: float
    text: str


def main() -> None:
    """Measure and print both tables."""
    asked = argparse.ArgumentParser(prog="python -m bench.partner", description=__doc__.splitlines()[0])
    asked.add_argument("--conversations", type=int, default=50, help="how many are held at once for the order")
    asked.add_argument("--rounds", type=int, default=2, help="conversations of eight turns to time")
    options = asked.parse_args()
    console = Console(highlight=False)
    console.width = max(console.width, 120)
    with platform_to_measure(Path(os.environ.get("RUN_DIRECTORY", ".run"))) as platform:
        console.print(asyncio.run(_latency(platform, options.rounds)))
        console.print(asyncio.run(_order(platform, options.conversations)))


async def _latency(platform: RunningPlatform, rounds: int) -> Table:
    clients = AwsClients(platform.settings)
    pairs: list[tuple[Seen, OneShot]] = []
    for number in range(rounds):
        person = await sign_up(platform, f"Timer-{number}")
        try:
            pairs += await _converse(person, clients, platform.settings.bedrock_model_id)
        finally:
            await person.go()
    return _table(pairs)


async def _converse(person: Person, clients: AwsClients, model: str) -> list[tuple[Seen, OneShot]]:
    """Hold one conversation, each turn streamed by the platform and then once more in one shot."""
    opening = await person.client.partner.start("intermediate", "travel", "a friend")
    scene = Scene(level="intermediate", topic="travel", role="a friend", situation=opening["situation"])
    exchanges: list[Exchange] = []
    found = []
    async with person.client.channel() as channel:
        conversation = Conversation(channel)
        for message in MESSAGES:
            seen = await conversation.ask(message, opening["conversationId"], str(uuid.uuid4()))
            found.append((seen, await asyncio.to_thread(_one_shot, clients, model, scene, list(exchanges), message)))
            exchanges.append(Exchange(student=message, partner=seen.reply.response if seen.reply else ""))
        await conversation.close()
    return found


def _one_shot(clients: AwsClients, model: str, scene: Scene, exchanges: list[Exchange], message: str) -> OneShot:
    question = reply_question(scene, "", exchanges, message, most_tokens=ANSWER_TOKENS)
    began = time.perf_counter()
    answer = clients.client("bedrock-runtime", read_seconds=MODEL_SECONDS).converse(
        modelId=model,
        system=[{"text": question.system}],
        messages=[{"role": one.speaker.value, "content": [{"text": one.text}]} for one in question.said],
        inferenceConfig={"maxTokens": ANSWER_TOKENS},
    )
    text = answer["output"]["message"]["content"][0]["text"]
    words = time.perf_counter() - began
    spoken = clients.client("polly", read_seconds=MODEL_SECONDS).synthesize_speech(
        Text=text, VoiceId="Matthew", Engine="neural", OutputFormat="mp3"
    )
    spoken["AudioStream"].read()
    return OneShot(words, time.perf_counter() - began, text)


def _table(pairs: list[tuple[Seen, OneShot]]) -> Table:
    """Return the medians, and the worst, of both ways, and the ratio of the medians."""
    table = Table("milliseconds after sending", "streamed: median", "worst", "one-shot: median", "worst", "ratio")
    table.title = f"{len(pairs)} turns; one-shot is a bare Converse and Polly call, without the platform"

    def add(what: str, ours: Callable[[Seen], float | None], theirs: Callable[[OneShot], float]) -> None:
        mine = [value for seen, _ in pairs if (value := ours(seen)) is not None]
        other = [theirs(shot) for _, shot in pairs]
        figures = [median(mine), max(mine), median(other), max(other)]
        ratio = median(other) / median(mine)
        table.add_row(what, *(f"{one * 1000:.0f}" for one in figures), f"{ratio:.2f}")

    add("first words", lambda seen: seen.first_delta, lambda shot: shot.words)
    add("first sound", lambda seen: seen.first_sound, lambda shot: shot.sound)
    add("whole answer", lambda seen: seen.whole, lambda shot: shot.words)
    ratios = sorted(ratio for seen, _ in pairs if (ratio := _sentences_until_sound(seen)) is not None)
    if ratios:
        figures = f"{median(ratios):.2f}, worst {ratios[-1]:.2f} (asked for: at most 1.5)"
        table.caption = f"first sound, in times of the first sentence (from sending to its last word): median {figures}"
    return table


def _sentences_until_sound(seen: Seen) -> float | None:
    """Return the time from sending to the first sound, in units of the time from sending to the first sentence's end.

    1 is speech that begins the moment that the sentence is there in words.
    """
    if not seen.first_sentence or not seen.first_sound:
        return None
    return seen.first_sound / seen.first_sentence


async def _order(platform: RunningPlatform, conversations: int) -> Table:
    """Send turns at once in many conversations, and look at the order in which each was answered."""
    places = asyncio.Semaphore(SIGN_UPS_AT_ONCE)

    async def one(number: int) -> list[dict[str, Any]]:
        async with places:
            person = await sign_up(platform, f"Orderly-{number}")
        try:
            return await _all_at_once(person)
        finally:
            await person.go()

    began = time.perf_counter()
    found = await asyncio.gather(*map(one, range(conversations)))
    took = time.perf_counter() - began
    in_order = sum([turn["userMessage"] for turn in turns] == list(MESSAGES[:TURNS_AT_ONCE]) for turns in found)
    table = Table("conversations", "turns sent at once in each", "answered in the order sent", "all within")
    table.title = "Order"
    table.add_row(str(conversations), str(TURNS_AT_ONCE), f"{in_order} of {conversations}", f"{took:.1f} s")
    return table


async def _all_at_once(person: Person) -> list[dict[str, Any]]:
    async with person.client.channel() as channel, asyncio.TaskGroup() as group:
        for message in MESSAGES[:TURNS_AT_ONCE]:
            group.create_task(channel.ask_partner(message, seconds=300.0))
    [conversation] = await person.client.partner.conversations()
    turns: list[dict[str, Any]] = (await person.client.partner.conversation(conversation["conversationId"]))["turns"]
    return turns


if __name__ == "__main__":
    main()
