"""Amazon Polly as the Speaker."""

from collections.abc import Callable
from html import escape, unescape
from typing import Any

import orjson
from botocore.exceptions import BotoCoreError, ClientError

from shared.adapters.aws.errors import error_code, translated
from shared.adapters.mp3_frames import BrokenAudio, duration_ms
from shared.domains.voice.errors import SpeakerRefused, Unspeakable
from shared.domains.voice.models import Manner, Spoken, Word
from shared.domains.voice.ports import Hearing
from shared.kernel.errors import Unavailable
from shared.kernel.slots import Slots

READ_SECONDS = 8.0
"""Seconds that Polly has for each of three tries; 500 characters take it well under two."""
NORMAL_SPEED = 100
SAMPLE_RATE = "24000"
FALLBACK = "standard"
_ENGINE_MISSING = "EngineNotSupportedException"
_UNSPEAKABLE = frozenset(
    {
        "InvalidSsmlException",
        "LanguageNotSupportedException",
        "SsmlMarksNotSupportedForTextTypeException",
        "TextLengthExceededException",
        "ValidationException",
        _ENGINE_MISSING,
    }
)


class PollySpeaker:
    """The port Speaker: two calls a text, one for the audio and one for the times of its words.

    At most so many calls run at once over all workers, by the slots. What is transient is tried three times by boto3.
    """

    def __init__(self, client: Any, slots: Slots) -> None:
        """Use a boto3 Polly client, which is thread-safe."""
        self._client, self._slots = client, slots
        self._standard_only: set[str] = set()

    def speak(self, text: str, manner: Manner, *, heard: Hearing | None = None) -> Spoken:
        """Return a text as MP3 at 24 kHz, with its words."""
        if manner.voice_id not in self._standard_only:
            try:
                return self._speak(text, manner, heard)
            except ClientError as problem:
                if error_code(problem) != _ENGINE_MISSING or manner.engine == FALLBACK:
                    raise _refusal(problem) from problem
                self._standard_only.add(manner.voice_id)  # until this process ends: voices do not change
        try:
            return self._speak(text, manner._replace(engine=FALLBACK), heard)
        except ClientError as problem:
            raise _refusal(problem) from problem

    def _speak(self, text: str, manner: Manner, heard: Hearing | None) -> Spoken:
        asked = {"VoiceId": manner.voice_id, "Engine": manner.engine} | _worded(text, manner.speed)
        audio = self._call(asked | {"OutputFormat": "mp3", "SampleRate": SAMPLE_RATE}, _whole)
        if heard:
            heard(audio)
        marks = self._call(asked | {"OutputFormat": "json", "SpeechMarkTypes": ["word"]}, _lines)
        length = duration_ms(audio)
        return Spoken(audio, length, words_of(text, marks, length))

    def _call(self, asked: dict[str, Any], read: Callable[[bytes], Any]) -> Any:
        try:
            with self._slots.taking(), translated():
                return read(self._client.synthesize_speech(**asked)["AudioStream"].read())
        except (BrokenAudio, orjson.JSONDecodeError) as problem:
            raise Unavailable("The speech came broken.", "음성을 받지 못했습니다.") from problem
        except BotoCoreError as problem:  # no credentials, or a request that boto3 itself refuses
            raise SpeakerRefused from problem


def _whole(audio: bytes) -> bytes:
    duration_ms(audio)
    return audio


def _lines(body: bytes) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in body.splitlines() if line]


def _worded(text: str, speed: int) -> dict[str, str]:
    """Return a text as Polly takes it: as it is, or in markup where it is not spoken at the voice's own speed."""
    if speed == NORMAL_SPEED:
        return {"Text": text, "TextType": "text"}
    spoken = escape(text, quote=False)
    return {"Text": f'<speak><prosody rate="{speed}%">{spoken}</prosody></speak>', "TextType": "ssml"}


def words_of(text: str, marks: list[dict[str, Any]], length: int) -> list[Word]:
    """Return the words of a text by Polly's marks; a word ends where the next begins.

    Words are looked for in the text one after the other: the marks' own places count the bytes of the markup.
    """
    found: list[tuple[str, int, int]] = []
    place = 0
    for mark in marks:
        value = unescape(str(mark["value"]))
        at = text.find(value, place)
        if mark["type"] == "word" and at >= 0:
            found.append((value, at, int(mark["time"])))
            place = at + len(value)
    ends = [time for _, _, time in (*found[1:], ("", 0, length))]
    return [
        Word(text=value, start=at, end=at + len(value), start_ms=time, end_ms=max(time, end))
        for (value, at, time), end in zip(found, ends, strict=False)
    ]


def _refusal(problem: ClientError) -> Exception:
    return Unspeakable() if error_code(problem) in _UNSPEAKABLE else SpeakerRefused()
