"""`speaktracker demo-voice`: the platform speaks, and a recogniser says what it heard."""

import time
from pathlib import Path
from typing import Any, NamedTuple

import click
import httpx
from rich.console import Console
from rich.table import Table

from cli.demo_hearing import Ear, Sound, decode, errors_between, words_in
from cli.demo_platform import find_platform, of_run_directory
from shared.adapters.aws.demo_accounts import DEMO_ACCOUNTS

VOICES = ("male", "female")
SPEAK_SECONDS = 30.0
_POLL_SECONDS = 0.05
WORST_ERROR_RATE = 0.05
QUIETEST = -45.0
"""Decibels below full scale; speech lies around -20, silence below -80."""
SENTENCES = (
    "Good morning, it is nice to meet you.",
    "Could you tell me how to get to the station?",
    "I would like a cup of coffee with milk, please.",
    "What do you usually do on the weekend?",
    "My brother has been learning English for three years.",
    "The weather is much better than it was yesterday.",
    "I forgot my umbrella on the bus this morning.",
    "Would you mind opening the window for me?",
    "She wants to become a doctor when she grows up.",
    "We are going to visit our grandparents next month.",
    "How long does it take to walk to your school?",
    "This restaurant is famous for its chicken soup.",
    "I have never seen such a beautiful garden before.",
    "Please write your name and address on this paper.",
    "He was late because the train stopped for an hour.",
    "Can I try on these shoes in a larger size?",
    "They played football until it started to rain.",
    "I think that reading books is a wonderful hobby.",
    "Let's meet in front of the library at seven.",
    "Thank you very much for your help today.",
)


class Voice(NamedTuple):
    """What was downloaded."""

    sound: Sound
    words: dict[str, Any]


@click.command("demo-voice")
@of_run_directory
def demo_voice(directory: Path) -> None:
    """Have twenty sentences spoken by the platform that `make run` started, and hear them back.

    Exits with 1 if a voice is silent, its word timings do not fit, or more than 5 % of its words are misheard.
    """
    console = Console(highlight=False)
    with httpx.Client(base_url=find_platform(directory).base, timeout=30, trust_env=False) as http:
        _sign_in(http)
        voices = {role: [_spoken(http, text, role) for text in SENTENCES] for role in VOICES}
    for role in VOICES:
        _show_words(console, role, voices[role][0])
    faults = [fault for role in VOICES for fault in _faults(role, voices[role])]
    rates = _hear(console, voices)
    for role, rate in rates.items():
        if rate > WORST_ERROR_RATE:
            faults.append(f"{role}: more than {WORST_ERROR_RATE:.0%} of the words were misheard")
    for fault in faults:
        console.print(f"[bold red]{fault}[/]")
    if faults:
        raise click.exceptions.Exit(1)
    console.print("[bold green]Both voices speak, and what they say is understood.[/]")


def _sign_in(http: httpx.Client) -> None:
    student = next(account for account in DEMO_ACCOUNTS if account.role == "student")
    answer = http.post("/api/auth/login", json={"email": student.email, "password": student.password})
    http.headers["Authorization"] = f"Bearer {_fields(answer)['accessToken']}"


def _spoken(http: httpx.Client, text: str, role: str) -> Voice:
    """Have a text spoken, and download it as a browser would: by addresses that need no token.

    Raises:
        ClickException: the platform refuses, or does not speak within 30 s.
    """
    found = _fields(http.post("/api/tts", json={"text": text, "voice": role}))
    deadline = time.monotonic() + SPEAK_SECONDS
    while "audioUrl" not in found:
        if found["status"] == "FAILED" or time.monotonic() > deadline:
            raise click.ClickException(f"“{text}” was not spoken: {found.get('error', 'it takes too long')}")
        time.sleep(_POLL_SECONDS)
        found = _fields(http.get(f"/api/tts/status/{found['jobId']}"))
    with httpx.Client(timeout=30, trust_env=False) as anybody:
        audio, words = anybody.get(found["audioUrl"]), anybody.get(found["wordsUrl"])
    if not audio.is_success or not words.is_success:
        raise click.ClickException(f"“{text}” could not be downloaded: {audio.status_code}, {words.status_code}")
    return Voice(decode(audio.content), words.json())


def _fields(answer: httpx.Response) -> dict[str, Any]:
    if not answer.is_success:
        raise click.ClickException(f"{answer.request.url.path}: {answer.status_code} {answer.text}")
    found: dict[str, Any] = answer.json()
    return found


def _show_words(console: Console, role: str, voice: Voice) -> None:
    timed = "  ".join(f"{word['text']} {word['startMs']}" for word in voice.words["words"])
    console.print(f"{role}: {voice.sound.seconds:.2f} s, {voice.sound.loudness:.1f} dBFS; milliseconds: {timed}")


def _faults(role: str, voices: list[Voice]) -> list[str]:
    """Return what is wrong with a voice's audio and timings, as sentences."""
    faults = []
    for text, voice in zip(SENTENCES, voices, strict=True):
        starts = [word["startMs"] for word in voice.words["words"]]
        spelled = [word["text"].lower() for word in voice.words["words"]]
        if voice.sound.loudness < QUIETEST:
            faults.append(f"{role}: “{text}” is silent")
        if spelled != words_in(text) or starts != sorted(starts) or starts[-1] >= voice.sound.seconds * 1000:
            faults.append(f"{role}: the word timings of “{text}” do not fit")
    return faults


def _hear(console: Console, voices: dict[str, list[Voice]]) -> dict[str, float]:
    """Show what is heard of each sentence, and return the share of misheard words by voice."""
    ear = Ear()
    table = Table("sentence", *VOICES, title="What the recogniser hears (= where it is the sentence)")
    errors, words = dict.fromkeys(VOICES, 0), sum(len(words_in(text)) for text in SENTENCES)
    for number, text in enumerate(SENTENCES):
        cells = []
        for role in VOICES:
            heard = ear.hear(voices[role][number].sound)
            wrong = errors_between(words_in(text), heard)
            errors[role] += wrong
            cells.append(f"{' '.join(heard)} ({wrong})" if wrong else "=")
        table.add_row(text, *cells)
    console.print(table)
    rates = {role: errors[role] / words for role in VOICES}
    for role in VOICES:
        seconds = sum(voice.sound.seconds for voice in voices[role])
        loudness = sum(voice.sound.loudness for voice in voices[role]) / len(SENTENCES)
        console.print(
            f"{role}: {seconds:.1f} s, {loudness:.1f} dBFS on average, "
            f"word error rate {rates[role]:.1%} of {words} words"
        )
    return rates
