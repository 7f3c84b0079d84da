"""Amazon Polly's wire: SynthesizeSpeech and DescribeVoices, with the refusals that AWS gives."""

import json
from collections.abc import AsyncIterator
from html import escape
from typing import Any

from embedded.aws.wire import Answer, Request
from embedded.engine_process import EngineFailed, EngineMissing
from embedded.polly.engine import Engine, Spoken
from embedded.polly.ssml import InvalidSsml, Utterance, read_ssml
from embedded.polly.timing import timed_words
from embedded.polly.voices import ENGINES, LANGUAGE, VOICES, Voice

LONGEST_TEXT = 3000
"""Characters that are paid for; markup does not count."""
LONGEST_SOURCE = 6000
AT_ONCE = 100
"""Requests that may wait for the one engine; more are throttled."""
_TYPES = {"mp3": "audio/mpeg", "pcm": "audio/pcm", "json": "application/x-json-stream"}
_RATES = {"mp3": ("24000", "8000", "16000", "22050"), "pcm": ("16000", "8000"), "json": ("",)}


class Refused(Exception):
    """An answer that is an error, by AWS's name of it."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.answer = Answer(
            status,
            json.dumps({"message": message}).encode(),
            {"content-type": "application/json", "x-amzn-errortype": code},
        )


class Polly:
    """The stand-in: call it with a request and its body."""

    def __init__(self, engine: Engine, at_once: int = AT_ONCE) -> None:
        self._engine = engine
        self._at_once = at_once
        self._waiting = 0

    async def __call__(self, request: Request, body: bytes) -> Answer:
        """Answer one request."""
        try:
            if (request.method, request.path) == ("GET", "/v1/voices"):
                return _describe(request.query)
            if (request.method, request.path) == ("POST", "/v1/speech"):
                return await self._synthesize(_parsed(body))
            raise Refused("UnknownOperationException", "This stand-in speaks and describes voices.", 404)
        except Refused as refusal:
            return refusal.answer
        except InvalidSsml as problem:
            return Refused("InvalidSsmlException", str(problem)).answer
        except EngineMissing as problem:
            return Refused("ServiceUnavailableException", str(problem), 503).answer
        except EngineFailed as problem:
            return Refused("ServiceFailureException", str(problem), 500).answer

    async def _synthesize(self, asked: dict[str, Any]) -> Answer:
        voice, form, rate = _checked(asked)
        source = str(asked.get("Text") or "")
        utterance = _utterance(source, str(asked.get("TextType") or "text"))
        if self._waiting >= self._at_once:
            raise Refused("ThrottlingException", "Rate exceeded")
        pieces = self._engine.speak(
            text=utterance.text, low=voice.is_low, speed=utterance.rate / 100, format=form, sampleRate=rate
        )
        self._waiting += 1
        try:
            first = await anext(pieces)  # so that a failure before it is an error
        finally:
            self._waiting -= 1
        content: bytes | AsyncIterator[bytes] = _audio(first, pieces)
        if form == "json":
            words = first.words + [word async for piece in pieces for word in piece.words]
            content = _marks(asked, source, utterance.text, words)
        told = {"content-type": _TYPES[form], "x-amzn-requestcharacters": str(len(utterance.text))}
        return Answer(200, content, told)


async def _audio(first: Spoken, others: AsyncIterator[Spoken]) -> AsyncIterator[bytes]:
    """Give audio as it is spoken."""
    yield first.audio
    async for piece in others:
        yield piece.audio


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(body)
    except ValueError:
        asked = None
    if not isinstance(asked, dict):
        raise Refused("SerializationException", "The body is not one JSON object.")
    return asked


def _checked(asked: dict[str, Any]) -> tuple[Voice, str, int]:
    """Return the voice, the form and the sample rate (0 for marks) of a request."""
    voice = VOICES.get(str(asked.get("VoiceId")))
    if voice is None:
        raise Refused(
            "ValidationException", f"1 validation error detected: Value '{asked.get('VoiceId')}' at 'voiceId'"
        )
    if asked.get("Engine") not in (None, *ENGINES):
        raise Refused("EngineNotSupportedException", "This voice does not support the selected engine")
    form = str(asked.get("OutputFormat"))
    if form not in _TYPES:
        raise Refused("ValidationException", f"1 validation error detected: Value '{form}' at 'outputFormat'")
    if (form == "json") != bool(asked.get("SpeechMarkTypes")):
        raise Refused("MarksNotSupportedForFormatException", "Speech marks are for the json format, and only for it")
    rate = str(asked.get("SampleRate") or _RATES[form][0])
    if rate not in _RATES[form]:
        raise Refused("InvalidSampleRateException", f"Sample rate {rate} is not supported for {form}")
    return voice, form, int(rate or 0)


def _utterance(source: str, kind: str) -> Utterance:
    utterance = read_ssml(source) if kind == "ssml" else Utterance(source)
    if len(utterance.text) > LONGEST_TEXT or len(source) > LONGEST_SOURCE:
        raise Refused("TextLengthExceededException", "Maximum text length has been exceeded")
    if not utterance.text:
        raise Refused("ValidationException", "1 validation error detected: Value '' at 'text'")
    return utterance


def _marks(asked: dict[str, Any], source: str, text: str, words: list[tuple[int, int, int]]) -> bytes:
    """Return a JSON object a line; `start` and `end` count the bytes of the source, markup and all."""
    if asked["SpeechMarkTypes"] != ["word"]:
        raise Refused("ValidationException", "This stand-in marks words only.")
    lines, place = [], 0
    for word, milliseconds in timed_words(text, words):
        written = word if source == text else escape(word, quote=False)
        at = source.find(written, place)
        if at < 0:
            continue  # written otherwise in the markup
        place = at + len(written)
        first = len(source[:at].encode())
        last = first + len(written.encode())
        mark = {"time": milliseconds, "type": "word", "start": first, "end": last, "value": word}
        lines.append(json.dumps(mark, ensure_ascii=False, separators=(",", ":")))
    return "".join(f"{line}\n" for line in lines).encode()


def _describe(query: dict[str, list[str]]) -> Answer:
    wanted = {name: values[0] for name, values in query.items()}
    found = [
        voice.described()
        for voice in VOICES.values()
        if wanted.get("LanguageCode") in (None, LANGUAGE) and wanted.get("Engine") in (None, *ENGINES)
    ]
    return Answer(200, json.dumps({"Voices": found}).encode(), {"content-type": "application/json"})
