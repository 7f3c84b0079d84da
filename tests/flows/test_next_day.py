"""The next day, by a clock that is moved: what was said wrongly is due, and what is said well then goes away for long.

Needs libfaketime (Debian's package `faketime`), which is fetched where that may be done.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.flows.people import People, Person
from tests.flows.platform import Platform, wait_for
from tests.shared.adapters.recordings import encoded

pytestmark = pytest.mark.long
SENTENCE = "Good morning, it is nice to meet you."
LIBRARIES = "/usr/lib/*/faketime/libfaketimeMT.so.1"


@pytest.fixture(scope="module")
def moved_clock() -> str:
    """The library by which a program's clock is moved."""
    found = sorted(Path("/").glob(LIBRARIES[1:]))
    if not found and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "install", "-y", "-q", "faketime"], check=False, capture_output=True)
        found = sorted(Path("/").glob(LIBRARIES[1:]))
    if not found:
        pytest.skip("libfaketime is not there (apt-get install faketime)")
    return str(found[0])


@contextmanager
def platform_on(folder: Path, library: str, days: int) -> Iterator[Platform]:
    """Run a platform so many days from now, on what an earlier one has stored there."""
    moved = {"LD_PRELOAD": library, "FAKETIME": f"+{days}d", "FAKETIME_DONT_FAKE_MONOTONIC": "1"} if days else {}
    platform = Platform(folder, **moved)
    platform.start()
    try:
        yield platform
    finally:
        platform.stop()


def said(platform: Platform) -> bytes:
    spoken = platform.client("polly").synthesize_speech(
        Text=SENTENCE, VoiceId="Joanna", OutputFormat="pcm", SampleRate="16000"
    )
    sound: bytes = spoken["AudioStream"].read()
    return encoded("wav", "pcm_s16le", 16_000, sound)


def evaluate(student: Person, content: bytes, text: str) -> dict[str, Any]:
    files = {"audioFile": ("said.wav", content, "audio/wav")}
    answer = student.ask("POST", "/api/stt/evaluate", files=files, data={"originalText": text})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.timeout(900)
def test_what_was_wrong_is_due_on_the_next_day(tmp_path: Path, moved_clock: str) -> None:
    wanted = "Good morning, it is very nice to meet you and your wonderful old friends again."
    with platform_on(tmp_path, moved_clock, 0) as platform, _http(platform) as http:
        student = People(platform, http).fresh()
        recording = said(platform)
        assert evaluate(student, recording, wanted)["overallScore"] < 60
        [entry] = wait_for(lambda: student.get("/api/notebook")["entries"], "it is noted")
        assert student.get("/api/practice/review")["review"] == []
        today = student.get("/api/statistics/daily")["days"][-1]["date"]

    with platform_on(tmp_path, moved_clock, 1) as platform, _http(platform) as http:
        student = Person(platform, http, student.email, student.name)
        student.sign_in()
        [due] = student.get("/api/practice/review")["review"]
        assert (due["entryId"], due["better"]) == (entry["entryId"], wanted)
        better = evaluate(student, recording, SENTENCE)
        assert better["grade"] in "ABC"
        wait_for(lambda: student.get("/api/statistics/daily")["days"][-1]["date"] > today, "the next day is counted")
        found = student.get("/api/statistics/daily")
        assert [one["practiceCount"] for one in found["days"]] == [1, 1]
        assert found["streak"] == {"current": 2, "longest": 2}


@contextmanager
def _http(platform: Platform) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=platform.base, timeout=60, trust_env=False) as client:
        yield client
