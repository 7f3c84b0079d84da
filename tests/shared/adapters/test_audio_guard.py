"""Recordings of strangers: every kind that is taken, and a good many that are not."""

import random
import struct
import threading
from array import array
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path

import pytest

from shared.adapters.audio_guard.guard import AudioGuard
from shared.adapters.sqs_transport.deadlines import set_deadline
from shared.kernel.errors import Unavailable
from shared.kernel.recordings import MOST_BYTES, AudioTooLarge, AudioTooLong, UnreadableAudio, container_of
from tests.shared.adapters.recordings import KINDS, encoded, recording, video_only

REFUSALS = (UnreadableAudio, AudioTooLong, AudioTooLarge)
MUTATIONS = 6


@pytest.fixture(scope="module")
def guard() -> AudioGuard:
    return AudioGuard()


def wav(channels: int = 1, rate: int = 16_000, bits: int = 16, size: int | None = None, tag: int = 1) -> bytes:
    """Return a WAV file that claims what it is told to."""
    sound = bytes(6400)
    block = channels * bits // 8
    form = struct.pack("<HHIIHH", tag, channels, rate, rate * block & 0xFFFFFFFF, block & 0xFFFF, bits)
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form
    body += b"data" + struct.pack("<I", len(sound) if size is None else size) + sound
    return b"RIFF" + struct.pack("<I", len(body)) + body


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("layout", ["mono", "stereo"])
def test_every_kind_is_read_and_counted(guard: AudioGuard, kind: str, layout: str) -> None:
    read = guard.read(recording(kind, 2.0, layout=layout))

    assert read.container == kind
    assert read.content_type == {"mp3": "audio/mpeg", "m4a": "audio/mp4"}.get(kind, f"audio/{kind}")
    assert read.seconds == pytest.approx(2.0, abs=0.1)


def test_a_minute_is_taken_and_a_second_more_is_not(guard: AudioGuard) -> None:
    assert guard.read(recording("mp3", 60)).seconds == pytest.approx(60, abs=0.2)
    for kind in ("mp3", "wav"):
        with pytest.raises(AudioTooLong):
            guard.read(recording(kind, 61))


def test_hours_in_a_few_bytes_are_not_decoded_to_their_end(guard: AudioGuard) -> None:
    silence = encoded("flac", "flac", 16_000, bytes(2 * 16_000 * 900))
    assert len(silence) < 1_000_000
    with pytest.raises(AudioTooLong):
        guard.read(silence)


def test_a_recording_that_breaks_off_is_as_long_as_it_goes(guard: AudioGuard) -> None:
    for kind in ("webm", "ogg", "mp3", "wav"):
        whole = recording(kind, 4.0)
        assert 1.0 < guard.read(whole[: len(whole) // 2]).seconds < 3.0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"RIFF",
        b"hello" * 100,
        bytes(4096),
        b"\xff" * 4096,
        b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n" + b"\n" * 64,
        b"ffconcat version 1.0\nfile '/etc/passwd'\n" + b"\n" * 64,
        b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nc=IN IP4 127.0.0.1\r\nm=audio 9 RTP/AVP 0\r\n" * 4,
        b"PK\x03\x04" + bytes(200),
        b"RIFF\x00\x00\x00\x00AVI LIST" + bytes(200),
        b"\x1aE\xdf\xa3" + bytes(200),
        b"OggS" + bytes(500),
        b"fLaC" + b"\xff" * 500,
        b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f" + bytes(500),
        b"\x00\x00\x00\x1cftypM4A " + bytes(500),
        b"\x00\x00\x00\x1cftypisom" + b"\x00\x00\x00\x08moov" * 50,
    ],
    ids=lambda content: repr(content[:8]),
)
def test_what_is_no_recording_is_unreadable(guard: AudioGuard, content: bytes) -> None:
    with pytest.raises(UnreadableAudio):
        guard.read(content)


@pytest.mark.parametrize(
    "claims",
    [
        {"channels": 65_535},
        {"channels": 0},
        {"channels": 3},
        {"rate": 4_000_000_000},
        {"rate": 0},
        {"rate": 1},
        {"bits": 0},
        {"bits": 65_535},
        {"tag": 0xFFFF},
    ],
    ids=str,
)
def test_what_a_header_claims_is_held_to_limits(guard: AudioGuard, claims: dict[str, int]) -> None:
    with pytest.raises(UnreadableAudio):
        guard.read(wav(**claims))


def test_a_size_that_is_a_lie_is_not_believed(guard: AudioGuard) -> None:
    assert guard.read(wav(size=0xFFFFFFF0)).seconds == pytest.approx(0.2, abs=0.01)


def test_films_and_several_streams_are_no_recordings(guard: AudioGuard) -> None:
    for content in (video_only(), recording("webm", 0.5, streams=2)):
        with pytest.raises(UnreadableAudio):
            guard.read(content)


def test_too_many_bytes_are_not_looked_at(guard: AudioGuard) -> None:
    with pytest.raises(AudioTooLarge):
        guard.read(bytes(MOST_BYTES + 1))


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_recordings_get_only_our_errors(guard: AudioGuard, kind: str) -> None:
    whole, chance = recording(kind, 0.5), random.Random(kind)
    for _ in range(MUTATIONS):
        damaged = bytearray(whole[: chance.randrange(64, len(whole))])
        for _ in range(chance.choice((3, 30, 300))):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            assert 0 < guard.read(bytes(damaged)).seconds <= 60.5
        except REFUSALS:
            continue


def test_many_at_once_are_read_in_turn(guard: AudioGuard) -> None:
    content = recording("ogg", 0.5)
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: guard.read(content), range(8)))) == 1


def program(folder: Path, body: str) -> AudioGuard:
    path = folder / "program.py"
    path.write_text(f"import os, signal, sys, time\nprint('ready', flush=True)\n{body}\n")
    return AudioGuard(program=path)


@pytest.mark.parametrize(
    "body",
    [
        "os.kill(os.getpid(), signal.SIGSEGV)",
        "os.abort()",
        "sys.exit(1)",
        "raise MemoryError",
        "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 3))\nwhile True: pass",
    ],
)
def test_a_process_that_brings_itself_down_tells_of_the_recording(tmp_path: Path, body: str) -> None:
    with pytest.raises(UnreadableAudio):
        program(tmp_path, body).read(wav())


def test_a_process_that_is_ended_from_outside_tells_nothing(tmp_path: Path) -> None:
    for ended in ("SIGKILL", "SIGTERM"):
        with pytest.raises(Unavailable):
            program(tmp_path, f"os.kill(os.getpid(), signal.{ended})").read(wav())


def test_a_process_that_hangs_is_ended_at_the_job_s_deadline(tmp_path: Path) -> None:
    def read() -> None:
        set_deadline(0.5)
        program(tmp_path, "time.sleep(60)").read(wav())

    with pytest.raises(Unavailable):
        copy_context().run(read)


def test_without_a_place_in_time_it_is_unavailable(tmp_path: Path) -> None:
    guard = program(tmp_path, f"open({str(tmp_path / 'begun')!r}, 'w').close(); sys.stdin.read(); time.sleep(60)")
    guard = AudioGuard(at_once=1, program=guard._program)

    def read(seconds: float) -> None:
        set_deadline(seconds)
        guard.read(wav())

    def first() -> None:
        with pytest.raises(Unavailable):
            copy_context().run(read, 3.0)

    holder = threading.Thread(target=first)
    holder.start()
    while holder.is_alive() and not (tmp_path / "begun").exists():
        holder.join(0.01)
    with pytest.raises(Unavailable):
        copy_context().run(read, 0.1)
    assert holder.is_alive()
    holder.join()


def test_a_process_that_does_not_begin_is_our_fault(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text("import no_such_package\n")
    with pytest.raises(RuntimeError, match="no_such_package"):
        AudioGuard(program=tmp_path / "program.py").read(wav())


def test_the_kinds_of_mpeg_audio_are_told_by_their_first_frame() -> None:
    assert container_of(b"\xff\xfb\x90\x64")
    for head in (b"\xff\xfd\x90\x64", b"\xff\xeb\x90\x64", b"\xff\xfb\xf0\x64", b"\xff\xfb\x9c\x64", b"\xff\xfb"):
        assert container_of(head) is None
    assert container_of(b"\x1aE\xdf\xa3\x93B\x82\x88matroska" + bytes(40)) is None
    assert container_of(b"\x1aE\xdf\xa3\x93\x42\x82") is None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("layout", ["mono", "stereo"])
def test_the_sound_is_what_was_recorded(guard: AudioGuard, kind: str, layout: str) -> None:
    heard = guard.listen(recording(kind, 1.0, layout=layout))

    assert heard.sound == guard.read(recording(kind, 1.0, layout=layout))
    assert len(heard.samples) / 32_000 == pytest.approx(heard.sound.seconds, abs=0.05)
    assert max(array("h", heard.samples)) > 1000


def test_what_is_refused_has_no_sound(guard: AudioGuard) -> None:
    with pytest.raises(AudioTooLong):
        guard.listen(recording("flac", 61.0))
