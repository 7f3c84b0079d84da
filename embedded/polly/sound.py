"""Samples in the forms that Polly sends."""

from array import array

import lameenc

BIT_RATE = 48
"""Kilobits a second, constant: what Polly's neural voices send."""
_QUALITY = 2  # LAME's own recommendation; 0 is the slowest, 9 the worst


def mp3(samples: bytes, rate: int, wanted: int) -> bytes:
    """Return samples as MP3 at another rate; frames follow each other without a header, so files can be joined."""
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_channels(1)
    encoder.set_bit_rate(BIT_RATE)
    encoder.set_in_sample_rate(rate)
    encoder.set_out_sample_rate(wanted)
    encoder.set_quality(_QUALITY)
    return bytes(encoder.encode(samples)) + bytes(encoder.flush())


def pcm(samples: bytes, rate: int, wanted: int) -> bytes:
    """Return samples at another rate, between two of them on the line that joins them."""
    heard = array("h", samples)
    if rate == wanted or len(heard) < 2:
        return samples
    step = rate / wanted
    out = array("h", bytes(2 * int((len(heard) - 1) / step)))
    for number in range(len(out)):
        place = number * step
        before = int(place)
        out[number] = round(heard[before] + (heard[before + 1] - heard[before]) * (place - before))
    return out.tobytes()
