"""The next day, and the next month, by a clock that is moved.

What was said wrongly is due on the next day; a recording goes after a month, and its result stays.

Needs libfaketime (Debian's package `faketime`), which is fetched where that may be done.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from cli.drills.clock import faketime
from tests.flows.people import People, Person
from tests.flows.platform import Platform, wait_for
from tests.shared.adapters.recordings import encoded

pytestmark = pytest.mark.long
HALF = "Good morning, it is nice to meet you."
WHOLE = "Good morning, it is very nice to meet you and your wonderful old friends again."
KEPT_DAYS = 30


@pytest.fixture(scope="module")
def moved_clock() -> Path:
    """The library by which a program's clock is moved."""
    found = faketime()
    if found is None:
        pytest.skip("libfaketime is not there, and may not be installed (apt-get install faketime)")
    return found


def moved_by(days: int, library: Path, folder: Path) -> dict[str, str]:
    """Return the environment of programs whose clock is so many days ahead; their monotonic clock stays.

    libfaketime 0.9.10 then refuses to sleep until a moment of the monotonic clock, as Python does: `select` sleeps.
    """
    (folder / "sitecustomize.py").write_text(
        "import select, time\ntime.sleep = lambda seconds: select.select((), (), (), seconds)[3:] or None\n", "utf-8"
    )
    moved = {"LD_PRELOAD": str(library), "FAKETIME": f"+{days}d", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    return {**moved, "PYTHONPATH": str(folder)}


@contextmanager
def platform_on(folder: Path, library: Path, days: int) -> Iterator[Platform]:
    """Run a platform so many days from now, on what an earlier one has stored there."""
    platform = Platform(folder, **(moved_by(days, library, folder) if days else {}))
    platform.start()
    try:
        yield platform
    finally:
        platform.stop()


def said(platform: Platform, text: str) -> bytes:
    spoken = platform.client("polly").synthesize_speech(
        Text=text, VoiceId="Joanna", OutputFormat="pcm", SampleRate="16000"
    )
    sound: bytes = spoken["AudioStream"].read()
    return encoded("wav", "pcm_s16le", 16_000, sound)


def evaluate(student: Person, content: bytes, text: str) -> dict[str, Any]:
    files = {"audioFile": ("said.wav", content, "audio/wav")}
    answer = student.ask("POST", "/api/stt/evaluate", files=files, data={"originalText": text})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def days(student: Person) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = student.get("/api/statistics/daily")["days"]
    return found


@pytest.mark.timeout(900)
def test_the_next_day_and_the_next_month(tmp_path: Path, moved_clock: Path) -> None:
    with platform_on(tmp_path, moved_clock, 0) as platform, _http(platform) as http:
        student = People(platform, http).fresh()
        assert evaluate(student, said(platform, HALF), WHOLE)["overallScore"] < 60
        [entry] = wait_for(lambda: student.get("/api/notebook")["entries"], "it is noted")
        assert student.get("/api/practice/review")["review"] == []
        [today] = wait_for(lambda: days(student), "it is counted")

    with platform_on(tmp_path, moved_clock, 1) as platform, _http(platform) as http:
        student = _again(student, platform, http)
        [due] = student.get("/api/practice/review")["review"]
        assert (due["entryId"], due["better"]) == (entry["entryId"], WHOLE)
        assert evaluate(student, said(platform, WHOLE), WHOLE)["grade"] in "ABC"
        wait_for(lambda: student.get("/api/practice/review")["review"] == [], "it is not due any more")
        wait_for(lambda: len(days(student)) == 2, "the next day is counted")
        found = student.get("/api/statistics/daily")
        assert [one["practiceCount"] for one in found["days"]] == [1, 1]
        assert date.fromisoformat(found["days"][1]["date"]) - date.fromisoformat(today["date"]) == timedelta(days=1)
        assert found["streak"] == {"current": 2, "longest": 2}
        results = [one["resultId"] for one in student.get("/api/stt/results")["results"]]
        assert len(results) == 2
        assert all(_is_kept(student, one) for one in results)

    with platform_on(tmp_path, moved_clock, KEPT_DAYS + 2) as platform, _http(platform) as http:
        student = _again(student, platform, http)
        wait_for(lambda: not any(_is_kept(student, one) for one in results), "the recordings are gone")
        assert [one["resultId"] for one in student.get("/api/stt/results")["results"]] == results
        assert student.get("/api/statistics/daily")["streak"] == {"current": 0, "longest": 2}


def _again(student: Person, platform: Platform, http: httpx.Client) -> Person:
    """Return a student of an earlier run of the platform, signed in to this one."""
    found = Person(platform, http, student.email, student.name)
    found.sign_in()
    return found


def _is_kept(student: Person, result_id: str) -> bool:
    return "recordingUrl" in student.get(f"/api/stt/results/{result_id}")


@contextmanager
def _http(platform: Platform) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=platform.base, timeout=60, trust_env=False) as client:
        yield client
