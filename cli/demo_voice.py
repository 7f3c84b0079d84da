"""`speaktracker demo-voice`: the platform speaks, and a recogniser says what it heard."""

from pathlib import Path
from typing import Any, NamedTuple

import click

from cli.demo_hearing import Ear, Sound, decode, errors_between, words_in
from cli.demo_people import Person
from cli.demo_platform import RunningPlatform, find_platform, of_run_directory
from cli.demo_walk import Walk
from cli.printing import table
from cli.refusals import Refusing

VOICES = ("male", "female")
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


@click.command("demo-voice", cls=Refusing)
@of_run_directory
def demo_voice(directory: Path) -> None:
    """Have twenty sentences spoken by the platform that `make run` started, and hear them back.

    Exits with 1 if a voice is silent, its word timings do not fit, or more than 5 % of its words are misheard.
    """
    VoiceWalk(find_platform(directory)).take()


class VoiceWalk(Walk):
    """Twenty sentences in both voices."""

    goal = "Both voices speak, and what they say is understood."

    def __init__(self, platform: RunningPlatform) -> None:
        """Nothing is spoken yet."""
        super().__init__(platform)
        self._voices: dict[str, list[Voice]] = {}

    async def walk(self) -> None:
        """Have everything spoken, and judge how it sounds."""
        student = await self.person("Haneul")
        for role in VOICES:
            self._voices[role] = [await self._voice(student, text, role) for text in SENTENCES]
            first = self._voices[role][0]
            timed = "  ".join(f"{word['text']} {word['startMs']}" for word in first.words["words"])
            self.say(f"{role}: {first.sound.seconds:.2f} s, {first.sound.loudness:.1f} dBFS; milliseconds: {timed}")
            self.faults += _faults(role, self._voices[role])

    def show(self) -> None:
        """Show what is heard of each sentence, and judge whether it is understood."""
        ear, errors = Ear(), dict.fromkeys(VOICES, 0)
        heard = table("sentence", *VOICES, title="What the recogniser hears (= where it is the sentence)")
        for number, text in enumerate(SENTENCES):
            cells = []
            for role in VOICES:
                words = ear.hear(self._voices[role][number].sound)
                wrong = errors_between(words_in(text), words)
                errors[role] += wrong
                cells.append(f"{' '.join(words)} ({wrong})" if wrong else "=")
            heard.add_row(text, *cells)
        self.console.print(heard)
        for role in VOICES:
            self._judge(role, errors[role])

    def _judge(self, role: str, errors: int) -> None:
        words = sum(len(words_in(text)) for text in SENTENCES)
        seconds = sum(voice.sound.seconds for voice in self._voices[role])
        loudness = sum(voice.sound.loudness for voice in self._voices[role]) / len(SENTENCES)
        rate = f"word error rate {errors / words:.1%} of {words} words"
        self.say(f"{role}: {seconds:.1f} s, {loudness:.1f} dBFS on average, {rate}")
        fault = f"{role}: more than {WORST_ERROR_RATE:.0%} of the words were misheard"
        self.check(errors / words <= WORST_ERROR_RATE, fault)

    async def _voice(self, student: Person, text: str, role: str) -> Voice:
        """Have a text spoken, and download it as a browser would: by addresses that need no token."""
        asked = await self.call(student, "POST", "/api/tts", json={"text": text, "voice": role})
        found = await self.spoken(student, asked)
        audio, words = await self.download(found["audioUrl"]), await self.download(found["wordsUrl"])
        return Voice(decode(audio.content), words.json())


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
