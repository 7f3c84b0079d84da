import pytest

from shared.adapters.mp3_frames import BrokenAudio, duration_ms

FRAME = bytes([0xFF, 0xF3, 0x64, 0xC4]) + bytes(140)
FRAME_OF_MPEG_1 = bytes([0xFF, 0xFB, 0x92, 0x00]) + bytes(414)
"""44.1 kHz, 128 kbit/s, with a byte of padding."""


def test_frames_are_counted() -> None:
    assert duration_ms(FRAME * 10) == 240
    assert duration_ms(FRAME_OF_MPEG_1 * 100) == 2612
    assert duration_ms(b"ID3\x04\0\0\0\0\x01\x02" + bytes(130) + FRAME + b"TAG" + bytes(125)) == 24


@pytest.mark.parametrize(
    "audio",
    [b"", b"RIFF" * 30, FRAME[:-1], FRAME + b"\xff", b"ID3", b"\xff\xf3\xf4\xc4" + bytes(140), b"\xff\xfd\x92\x00"],
)
def test_what_is_not_whole_is_broken(audio: bytes) -> None:
    with pytest.raises(BrokenAudio):
        duration_ms(audio)
