"""How long an MP3 is, counted by its frames (ISO/IEC 11172-3, 13818-3): nothing is decoded."""

from typing import NamedTuple

_SAMPLE_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_BIT_RATES_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_BIT_RATES_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_MPEG_1 = 3
_LAYER_3 = 1


class BrokenAudio(ValueError):
    """The bytes are not whole frames of MP3."""


class _Frame(NamedTuple):
    size: int
    seconds: float


def duration_ms(audio: bytes) -> int:
    """Return the length of an MP3 in milliseconds; ID3 tags before and after the frames are passed over.

    Raises:
        BrokenAudio: there is no frame, or the last one is cut short.
    """
    place, seconds = _after_tag(audio), 0.0
    while place < len(audio) and audio[place : place + 3] != b"TAG":
        frame = _frame(audio[place : place + 4])
        place += frame.size
        seconds += frame.seconds
        if place > len(audio):
            raise BrokenAudio("the last frame is cut short")
    if not seconds:
        raise BrokenAudio("there is no frame")
    return round(seconds * 1000)


def _after_tag(audio: bytes) -> int:
    """Return where the frames begin: an ID3v2 tag tells its size in four times seven bits."""
    if audio[:3] != b"ID3" or len(audio) < 10:
        return 0
    return 10 + sum((byte & 0x7F) << shift for byte, shift in zip(audio[6:10], (21, 14, 7, 0), strict=True))


def _frame(head: bytes) -> _Frame:
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        raise BrokenAudio("no frame where one should begin")
    version, layer, rate_index = (head[1] >> 3) & 3, (head[1] >> 1) & 3, (head[2] >> 2) & 3
    if version not in _SAMPLE_RATES or layer != _LAYER_3 or rate_index == 3 or head[2] >> 4 in (0, 15):
        raise BrokenAudio("a frame of another kind")
    rate = _SAMPLE_RATES[version][rate_index]
    kilobits = (_BIT_RATES_1 if version == _MPEG_1 else _BIT_RATES_2)[head[2] >> 4]
    samples = 1152 if version == _MPEG_1 else 576
    padding = (head[2] >> 1) & 1
    return _Frame(samples // 8 * kilobits * 1000 // rate + padding, samples / rate)
