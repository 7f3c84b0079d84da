"""Uploads that nobody means well with: the same number is always the same upload."""

import random
import struct
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from tests.shared.adapters.recordings import KINDS, encoded, recording, video_only

SENTENCE = "How was your day?"
MEBIBYTE = 1024 * 1024
Files = list[tuple[str, tuple[str, bytes, str]]]


class Upload(NamedTuple):
    """A multipart form: its files by field, the other fields, and the statuses that are right for it."""

    what: str
    files: Files
    fields: dict[str, str]
    allowed: frozenset[int]


REFUSED = frozenset({400, 413, 415})
JUDGED = REFUSED | {200}
"""What is damaged a little may still be heard."""


def upload(number: int) -> Upload:
    """Return the hostile upload of a number."""
    chance = random.Random(number)
    make = _MAKERS[number % len(_MAKERS)]
    return make(chance)


def _file(what: str, content: bytes, allowed: frozenset[int] = REFUSED, **more: str) -> Upload:
    name, kind = more.get("name", "said.webm"), more.get("kind", "audio/webm")
    return Upload(what, [("audioFile", (name, content, kind))], {"originalText": SENTENCE}, allowed)


@cache
def _whole(kind: str) -> bytes:
    return recording(kind, 0.6)


def _cut(chance: random.Random) -> Upload:
    kind = chance.choice(list(KINDS))
    whole = _whole(kind)
    return _file(f"{kind}, cut", whole[: chance.randrange(len(whole))], JUDGED)


def _flipped(chance: random.Random) -> Upload:
    kind = chance.choice(list(KINDS))
    damaged = bytearray(_whole(kind))
    for _ in range(chance.choice((3, 30, 300, 3000))):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    return _file(f"{kind}, damaged", bytes(damaged), JUDGED)


def _spliced(chance: random.Random) -> Upload:
    first, second = (_whole(chance.choice(list(KINDS))) for _ in range(2))
    at = chance.randrange(16, min(len(first), len(second)))
    return _file("two kinds in one", first[:at] + second[at:], JUDGED)


def _repeated(chance: random.Random) -> Upload:
    kind = chance.choice(["ogg", "mp3", "webm", "flac", "wav"])
    whole = _whole(kind)
    return _file(f"{kind}, {120} times", (whole * 120)[: 10 * MEBIBYTE], JUDGED)


def _magic(chance: random.Random) -> Upload:
    head = chance.choice(_HEADS)
    size = chance.choice((0, 10, 100, 5_000, 200_000))
    return _file("noise behind a true beginning", head + chance.randbytes(size), JUDGED)


def _other(chance: random.Random) -> Upload:
    return _file("another kind of file", chance.choice(_OTHERS), kind=chance.choice(_TYPES), name=chance.choice(_NAMES))


def _wave(chance: random.Random) -> Upload:
    lies = {
        "channels": chance.choice((0, 1, 3, 255, 65_535)),
        "rate": chance.choice((0, 1, 7_999, 16_000, 4_000_000_000)),
        "bits": chance.choice((0, 1, 16, 64, 65_535)),
        "size": chance.choice((0, 6_400, 0xFFFFFFF0)),
        "tag": chance.choice((0, 1, 3, 6, 0x55, 0xFFFE, 0xFFFF)),
    }
    return _file(f"WAV that claims {lies}", _wav(**lies), JUDGED)


def _wav(channels: int, rate: int, bits: int, size: int, tag: int) -> bytes:
    block = channels * bits // 8
    form = struct.pack("<HHIIHH", tag, channels, rate, rate * block & 0xFFFFFFFF, block & 0xFFFF, bits)
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", size) + bytes(6_400)
    return b"RIFF" + struct.pack("<I", len(body)) + body


@cache
def _quarter_of_an_hour() -> bytes:
    return encoded("flac", "flac", 16_000, bytes(2 * 16_000 * 900))


def _long(chance: random.Random) -> Upload:
    return _file("a quarter of an hour in few bytes", _quarter_of_an_hour(), name="said.flac")


def _boxes(chance: random.Random) -> Upload:
    depth = chance.choice((10, 1_000, 20_000))
    nested = b"".join(struct.pack(">I4s", (depth - at) * 8, b"moov") for at in range(depth))
    sizes = b"\x00\x00\x00\x01mdat" + struct.pack(">Q", 2**62)
    return _file("MP4 in MP4 in MP4", b"\x00\x00\x00\x1cftypM4A " + bytes(16) + nested + sizes)


def _streams(chance: random.Random) -> Upload:
    made = video_only() if chance.random() < 0.5 else recording("webm", 0.3, streams=chance.choice((2, 6)))
    return _file("a film, or several streams", made)


def _large(chance: random.Random) -> Upload:
    size = 10 * MEBIBYTE + chance.choice((1, 1_000, MEBIBYTE))
    return _file("more than ten mebibytes", (_whole("ogg") * (size // len(_whole("ogg")) + 1))[:size])


def _text(chance: random.Random) -> Upload:
    text, allowed = chance.choice(_TEXTS)
    return Upload(f"the text {text[:20]!r}", _file("", _whole("wav")).files, {"originalText": text}, allowed)


def _form(chance: random.Random) -> Upload:
    one = ("audioFile", ("said.wav", _whole("wav"), "audio/wav"))
    text = {"originalText": SENTENCE}
    return chance.choice(
        [
            Upload("no file", [("other", ("x", b"x", "text/plain"))], text, REFUSED),
            Upload("no text", [one], {}, REFUSED),
            Upload("a field too many", [one], text | {"colour": "blue"}, REFUSED),
            Upload("somebody else's session", [one], text | {"sessionId": "00000000"}, frozenset({404})),
            Upload("somebody else", [one], text | {"userId": "somebody"}, REFUSED | {403}),
            Upload("a session of 5,000 characters", [one], text | {"sessionId": "s" * 5_000}, REFUSED),
            Upload(
                "a name that climbs", [("audioFile", ("../../etc/passwd\x00.wav", b"x" * 200, "a/b"))], text, REFUSED
            ),
        ]
    )


_MAKERS: list[Callable[[random.Random], Upload]] = [
    _cut,
    _flipped,
    _magic,
    _wave,
    _flipped,
    _other,
    _cut,
    _spliced,
    _text,
    _boxes,
    _flipped,
    _form,
    _streams,
    _magic,
    _repeated,
    _wave,
    _long,
    _flipped,
    _large,
    _cut,
]
_HEADS = [
    b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm",
    b"OggS\x00\x02" + bytes(20),
    b"RIFF\xff\xff\xff\xffWAVEfmt ",
    b"fLaC\x00\x00\x00\x22",
    b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f",
    b"\xff\xfb\x90\x00",
    b"\x00\x00\x00\x1cftypM4A ",
    b"\x00\x00\x00\x1cftypisom",
]
_OTHERS = [
    b"",
    b"x",
    b"hello " * 100,
    bytes(4_096),
    b"\xff" * 4_096,
    b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n" + b"\n" * 64,
    b"ffconcat version 1.0\nfile '/etc/passwd'\n" + b"\n" * 64,
    b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\nm=audio 9 RTP/AVP 0\r\n" * 4,
    b"PK\x03\x04" + bytes(2_000),
    b"\x89PNG\r\n\x1a\n" + bytes(2_000),
    b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>" * 10,
    b"RIFF\x00\x00\x00\x00AVI LIST" + bytes(2_000),
    b"MZ" + bytes(2_000),
    b"\x7fELF" + bytes(2_000),
]
_TYPES = ["audio/webm", "text/html", "application/octet-stream", "", "audio/wav; codecs=" + "x" * 500]
_NAMES = ["said.webm", "", "a" * 3_000 + ".wav", "../../said.wav", "said.wav; rm -rf", "녹음.m4a", '"quoted".ogg']
_TEXTS: list[tuple[str, frozenset[int]]] = [
    ("", REFUSED),
    (" \n ", REFUSED),
    ("x" * 501, REFUSED),
    ("안녕하세요", REFUSED),
    ("😀" * 50, REFUSED),
    ("1" * 400, JUDGED),
    ("\x00\x01\x02", JUDGED),
    ("a " * 240, REFUSED),
    ("Dr. Smith paid $3.50 on 2/3 at 9:30am.", JUDGED),
    ("<script>alert('hello')</script>", JUDGED),
    ("xqzvwk jjjjj " * 20, JUDGED),
]
