"""Polly's stand-in by boto3: what it says is decoded, timed, and heard to be two people."""

import asyncio
import io
import json
from array import array
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import av
import numpy as np
import pytest
from botocore.exceptions import ClientError

from embedded.aws.wire import Answer, Request
from embedded.engine_process import EngineMissing
from embedded.polly.engine import Engine, Spoken
from embedded.polly.service import Polly
from embedded.polly.timing import timed_words
from tests.embedded.conftest import Cloud

TEXT = "Good morning! I'd like a cup of coffee, and forgot my umbrella on the bus."
WORDS = "Good morning I'd like a cup of coffee and forgot my umbrella on the bus"
MP3 = {"OutputFormat": "mp3", "VoiceId": "Matthew", "Text": TEXT}
MARKS = {"OutputFormat": "json", "VoiceId": "Matthew", "Text": TEXT, "SpeechMarkTypes": ["word"]}


Samples = Any
"""An array of samples: the standard library's is no generic type when the program runs."""


@pytest.fixture
def say(embedded_cloud: Cloud) -> Callable[..., bytes]:
    def ask(**asked: Any) -> bytes:
        answer = embedded_cloud.client("polly").synthesize_speech(**asked)
        spoken: bytes = answer["AudioStream"].read()
        return spoken

    return ask


def decoded(audio: bytes) -> tuple[Samples, int]:
    samples: Samples = array("h")
    resampler = av.AudioResampler(format="s16", layout="mono")
    with av.open(io.BytesIO(audio), mode="r", format="mp3") as container:
        rate = container.streams.audio[0].rate
        for frame in container.decode(audio=0):
            for part in resampler.resample(frame):
                samples.frombytes(bytes(part.planes[0])[: part.samples * 2])
    return samples, rate


def pitch(samples: Samples, rate: int) -> float:
    """Return the median over the voiced windows of how often a second the wave repeats itself."""
    sound, size, found = np.asarray(samples, np.float64), rate // 25, []
    for start in range(0, len(sound) - size, size):
        part = sound[start : start + size] - sound[start : start + size].mean()
        alike = np.correlate(part, part, "full")[size - 1 :]
        lag = rate // 350 + int(alike[rate // 350 : rate // 70].argmax())
        if alike[lag] > 0.5 * alike[0] > 0:
            found.append(rate / lag)
    return float(np.median(found))


def marks(spoken: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in spoken.splitlines()]


def refused(say: Callable[..., bytes], **asked: Any) -> str:
    with pytest.raises(ClientError) as refusal:
        say(**asked)
    return str(refusal.value.response["Error"]["Code"])


def test_both_voices_speak_and_differ(say: Callable[..., bytes]) -> None:
    him, rate = decoded(say(**MP3, Engine="neural"))
    her, _ = decoded(say(**MP3 | {"VoiceId": "Joanna"}))

    assert rate == 24_000
    assert 3 < len(him) / rate < 8
    assert 3 < len(her) / rate < 8
    assert max(him) > 5_000
    assert 110 < pitch(him, rate) < 165 < pitch(her, rate) < 260


def test_every_word_has_its_mark_and_its_place(say: Callable[..., bytes]) -> None:
    found = marks(say(**MARKS))
    samples, rate = decoded(say(**MP3))

    assert [mark["value"] for mark in found] == WORDS.split()
    assert all(TEXT.encode()[mark["start"] : mark["end"]].decode() == mark["value"] for mark in found)
    times = [mark["time"] for mark in found]
    assert times == sorted(set(times))
    assert times[-1] < len(samples) / rate * 1000
    # It pauses at the exclamation mark: "I'd" begins after a silence, and with it sound.
    at = times[2] * rate // 1000
    before, after = samples[at - rate // 10 : at - rate // 50], samples[at + rate // 20 : at + rate // 6]
    assert max(map(abs, before)) * 4 < max(map(abs, after))


def test_markup_is_read_and_marks_count_its_bytes(say: Callable[..., bytes]) -> None:
    source = '<speak><prosody rate="50%">Grüße &amp; salt</prosody></speak>'
    slow = marks(say(**MARKS | {"Text": source, "TextType": "ssml"}))
    fast = marks(say(**MARKS | {"Text": source.replace("50%", "fast"), "TextType": "ssml"}))

    assert [mark["value"] for mark in slow] == ["Grüße", "&", "salt"]
    places = [source.encode()[mark["start"] : mark["end"]].decode() for mark in slow]
    assert places == ["Grüße", "&amp;", "salt"]
    assert slow[-1]["time"] > 1.5 * fast[-1]["time"]


def test_samples_come_at_the_rate_that_is_asked_for(say: Callable[..., bytes]) -> None:
    at_16k = say(**MP3 | {"OutputFormat": "pcm"})
    at_8k = say(**MP3 | {"OutputFormat": "pcm", "SampleRate": "8000"})
    assert abs(len(at_16k) - 2 * len(at_8k)) <= 4


def test_characters_are_counted_without_markup(embedded_cloud: Cloud) -> None:
    asked = MP3 | {"Text": "<speak>Hello</speak>", "TextType": "ssml"}
    assert embedded_cloud.client("polly").synthesize_speech(**asked)["RequestCharacters"] == 5


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"Text": "a" * 3001}, "TextLengthExceededException"),
        ({"Text": f"<speak>{'<break/>' * 900}</speak>", "TextType": "ssml"}, "TextLengthExceededException"),
        ({"Text": "<speak>half", "TextType": "ssml"}, "InvalidSsmlException"),
        ({"Text": "<p>other</p>", "TextType": "ssml"}, "InvalidSsmlException"),
        ({"Text": '<speak><prosody rate="9%">x</prosody></speak>', "TextType": "ssml"}, "InvalidSsmlException"),
        ({"Text": '<!DOCTYPE a [<!ENTITY b "c">]><speak>&b;</speak>', "TextType": "ssml"}, "InvalidSsmlException"),
        ({"Text": ""}, "ValidationException"),
        ({"VoiceId": "Nobody"}, "ValidationException"),
        ({"OutputFormat": "ogg_vorbis"}, "ValidationException"),
        ({"Engine": "generative"}, "EngineNotSupportedException"),
        ({"SampleRate": "44100"}, "InvalidSampleRateException"),
        ({"SpeechMarkTypes": ["word"]}, "MarksNotSupportedForFormatException"),
        ({"OutputFormat": "json", "SpeechMarkTypes": ["viseme"]}, "ValidationException"),
    ],
)
def test_refusals_have_polly_s_names(say: Callable[..., bytes], changed: dict[str, Any], code: str) -> None:
    assert refused(say, **MP3 | changed) == code


def test_voices_are_described(embedded_cloud: Cloud) -> None:
    voices = embedded_cloud.client("polly").describe_voices(LanguageCode="en-US")["Voices"]
    assert {(voice["Id"], voice["Gender"]) for voice in voices} == {("Matthew", "Male"), ("Joanna", "Female")}
    assert voices[0]["SupportedEngines"] == ["neural", "standard"]


def test_other_operations_are_refused(embedded_cloud: Cloud) -> None:
    with pytest.raises(ClientError) as refusal:
        embedded_cloud.client("polly").list_lexicons()
    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404


def test_many_at_once_are_answered_in_turn(say: Callable[..., bytes]) -> None:
    with ThreadPoolExecutor(16) as pool:
        spoken = list(pool.map(lambda number: say(**MP3 | {"Text": f"Number {number}."}), range(32)))
    assert len(set(spoken)) == 32


def answered(polly: Polly, body: bytes = json.dumps(MP3).encode()) -> Any:
    return whole(polly(Request("POST", "/v1/speech", {}, {}, "polly", ""), body))


async def whole(answering: Awaitable[Answer]) -> Answer:
    """Return an answer with its body, however it came."""
    answer = await answering
    if isinstance(answer.body, bytes):
        return answer
    return replace(answer, body=b"".join([piece async for piece in answer.body]))


def code_of(answer: Any) -> str:
    return str(answer.headers["x-amzn-errortype"])


class Slow(Engine):
    def __init__(self) -> None:
        self.may_answer = asyncio.Event()

    async def speak(self, **request: Any) -> AsyncIterator[Spoken]:
        await self.may_answer.wait()
        yield Spoken(b"", [])


def test_more_than_may_wait_are_throttled() -> None:
    async def ask() -> list[Any]:
        engine = Slow()
        polly = Polly(engine, at_once=2)
        waiting = [asyncio.ensure_future(answered(polly)) for _ in range(2)]
        await asyncio.sleep(0)
        throttled = await answered(polly)
        engine.may_answer.set()
        return [throttled, *await asyncio.gather(*waiting), await answered(polly)]

    throttled, *spoken = asyncio.run(ask())
    assert (throttled.status, code_of(throttled)) == (400, "ThrottlingException")
    assert [answer.status for answer in spoken] == [200, 200, 200]


def test_an_engine_that_is_not_installed_says_what_to_install() -> None:
    class Missing(Engine):
        async def speak(self, **request: Any) -> AsyncIterator[Spoken]:
            raise EngineMissing("pip install 'speaktracker[local]'")
            yield

    answer = asyncio.run(answered(Polly(Missing())))
    assert (answer.status, code_of(answer)) == (503, "ServiceUnavailableException")
    assert b"speaktracker[local]" in answer.body


def test_a_process_that_dies_fails_one_request_and_is_started_again() -> None:
    async def ask() -> list[Any]:
        engine = Engine()
        polly = Polly(engine)
        first = await answered(polly)
        assert engine.process._process is not None
        engine.process._process.kill()
        await engine.process._process.wait()
        second = await answered(polly)
        dead = await answered(Polly(Engine("embedded.no_such_module")))
        engine.process._process.terminate()
        await engine.process._process.wait()
        return [first, second, dead]

    first, second, dead = asyncio.run(ask())
    assert first.body == second.body
    assert (dead.status, code_of(dead)) == (500, "ServiceFailureException")


def test_a_body_that_is_no_request_is_refused() -> None:
    for body in (b"{half", b"[]"):
        assert code_of(asyncio.run(answered(Polly(Engine()), body))) == "SerializationException"


def test_words_that_the_engine_slurs_lie_between_their_neighbours() -> None:
    events = [(0, 2, 0), (7, 8, 700), (9, 10, 0)]
    assert list(timed_words("on the x", events[:2])) == [("on", 0), ("the", 300), ("x", 700)]
    assert list(timed_words("on the", events[:1])) == [("on", 0), ("the", 180)]
    assert list(timed_words("on the", [])) == []
