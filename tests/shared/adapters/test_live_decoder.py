"""Recordings that are decoded while they are made: every kind that can be, in pieces of any size."""

import queue
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.adapters.audio_guard.guard import AudioGuard
from shared.adapters.audio_guard.live import SILENCE, LiveDecoder
from shared.kernel.errors import Unavailable
from shared.kernel.recordings import AudioTooLong, UnreadableAudio
from tests.shared.adapters.recordings import recording

STREAMED = ["webm", "ogg", "mp3", "wav", "flac"]
SECONDS = 2.0


class Microphone:
    """Gives chunks when a test says so, and then ends, or breaks."""

    def __init__(self) -> None:
        self.given: queue.Queue[bytes | Exception | None] = queue.Queue()

    def __iter__(self) -> Iterator[bytes]:
        while (chunk := self.given.get(timeout=60)) is not None:
            if isinstance(chunk, Exception):
                raise chunk
            yield chunk


def pieces(content: bytes, size: int) -> list[bytes]:
    return [content[at : at + size] for at in range(0, len(content), size)]


def decoded(chunks: list[bytes]) -> bytes:
    with LiveDecoder(still_seconds=60).decoding(chunks) as sounds:
        return b"".join(sounds)


@pytest.mark.parametrize("kind", STREAMED)
def test_what_comes_in_pieces_is_what_the_whole_is(kind: str) -> None:
    content = recording(kind, SECONDS, layout="stereo")
    whole = AudioGuard().listen(content)

    sound = decoded(pieces(content, 1500))

    assert len(sound) == pytest.approx(len(whole.samples), abs=640)
    assert sound[:32_000] == whole.samples[:32_000]


def test_sound_comes_before_its_end() -> None:
    content, microphone = recording("webm", 4.0), Microphone()
    for piece in pieces(content[: len(content) // 2], 700):
        microphone.given.put(piece)
    with LiveDecoder(still_seconds=60).decoding(microphone) as sounds:
        coming = iter(sounds)
        early = b"".join(next(coming) for _ in range(10))
        microphone.given.put(content[len(content) // 2 :])
        microphone.given.put(None)
        rest = b"".join(coming)

    assert len(early) >= 32_000
    assert len(early + rest) == pytest.approx(4 * 32_000, abs=1_500)
    assert sounds.seconds == pytest.approx(4.0, abs=0.05)


def test_where_nothing_comes_for_long_there_is_silence() -> None:
    content, microphone = recording("wav", 1.0), Microphone()
    microphone.given.put(content)
    with LiveDecoder(still_seconds=0.2).decoding(microphone) as sounds:
        coming = iter(sounds)
        while next(coming) != SILENCE:
            continue
        microphone.given.put(None)
        rest = list(coming)
    assert sum(len(block) for block in rest if block != SILENCE) <= 32_000


def test_a_file_that_must_be_whole_is_unreadable_as_it_comes() -> None:
    with pytest.raises(UnreadableAudio):
        decoded(pieces(recording("mp4", 30.0), 4000))


@pytest.mark.parametrize("content", [b"", b"OggS", b"hello" * 100, b"\x1aE\xdf\xa3" + bytes(200)])
def test_what_is_no_recording_is_unreadable(content: bytes) -> None:
    with pytest.raises(UnreadableAudio):
        decoded(pieces(content, 50))


@pytest.mark.parametrize("content", [b"OggS" + bytes(5000), b"fLaC" + b"\xff" * 5000, recording("webm", 1.0)[:300]])
def test_what_is_damaged_is_unreadable(content: bytes) -> None:
    with pytest.raises(UnreadableAudio):
        decoded(pieces(content, 500))


def test_more_than_a_minute_is_told_as_soon_as_it_came() -> None:
    with pytest.raises(AudioTooLong):
        decoded(pieces(recording("mp3", 61), 4000))


def test_what_the_chunks_raise_the_sounds_raise() -> None:
    microphone = Microphone()
    microphone.given.put(recording("ogg", 1.0))
    microphone.given.put(Unavailable("Redis is away."))
    with LiveDecoder().decoding(microphone) as sounds, pytest.raises(Unavailable):
        list(sounds)


def test_a_process_that_dies_is_an_unreadable_recording(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text("import os, signal\nprint('ready', flush=True)\nos.kill(os.getpid(), signal.SIGSEGV)\n")
    with LiveDecoder(program=program).decoding([recording("ogg", 1.0)]) as sounds, pytest.raises(UnreadableAudio):
        list(sounds)


def test_whoever_has_heard_enough_leaves_no_process_and_no_thread() -> None:
    before = threading.active_count()
    microphone = Microphone()
    microphone.given.put(recording("ogg", 1.0))
    with LiveDecoder().decoding(microphone) as sounds:
        next(iter(sounds))
    microphone.given.put(b"more")
    microphone.given.put(None)
    deadline = time.monotonic() + 30
    while threading.active_count() > before:
        assert time.monotonic() < deadline
        time.sleep(0.01)
