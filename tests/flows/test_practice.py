"""Practice over the running platform: a lesson, six formats, three time zones, and a tutor who listens."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from tests.flows.people import People, Person
from tests.flows.platform import Platform, wait_for
from tests.shared.adapters.recordings import encoded

SENTENCE = "Good morning, it is nice to meet you."
ENDED_AT_ONCE = 20
FORMATS = {
    "webm": ("webm", "libopus", "audio/webm;codecs=opus"),
    "ogg": ("ogg", "libopus", "audio/ogg; codecs=opus"),
    "m4a": ("ipod", "aac", "audio/x-m4a"),
    "mp3": ("mp3", "libmp3lame", "audio/mpeg"),
    "wav": ("wav", "pcm_s16le", "audio/x-wav"),
    "flac": ("flac", "flac", "application/octet-stream"),
}
RESULT = {
    "originalText",
    "transcribedText",
    "overallScore",
    "wordAccuracy",
    "completenessScore",
    "fluencyScore",
    "grade",
    "feedback",
    "missedWords",
    "extraWords",
    "audioDurationMs",
    "words",
    "confidence",
}


@pytest.fixture(scope="module")
def sound(platform: Platform) -> bytes:
    """The sentence as the platform's voice says it: samples of 16 bits at 16 kHz."""
    spoken = platform.client("polly").synthesize_speech(
        Text=SENTENCE, VoiceId="Joanna", OutputFormat="pcm", SampleRate="16000"
    )
    content: bytes = spoken["AudioStream"].read()
    return content


def recorded(sound: bytes, name: str) -> bytes:
    """Return the sentence in a format, at 48 kHz."""
    form, codec, _ = FORMATS[name]
    return encoded(form, codec, 48_000, b"".join(3 * sound[at : at + 2] for at in range(0, len(sound), 2)))


def evaluate(student: Person, content: bytes, kind: str = "audio/webm", text: str = SENTENCE, **more: str) -> Any:
    files = {"audioFile": ("said", content, kind)}
    answer = student.ask("POST", "/api/stt/evaluate", files=files, data={"originalText": text} | more)
    assert answer.status_code == 200, answer.text
    return answer.json()


def days(student: Person, of: Person | None = None) -> list[dict[str, Any]]:
    path = "/api/statistics/daily" if of is None else f"/api/tutor/students/{of.email}/statistics"
    found: list[dict[str, Any]] = student.get(path)["days"]
    return found


def test_a_lesson(people: People, platform: Platform, sound: bytes) -> None:
    student = people.fresh()
    started = student.ask("POST", "/api/sessions/start", json={"sessionType": "practice", "metadata": {"unit": 1}})
    session = started.json()["sessionId"]
    asked = {"difficulty": "하", "topic": "food", "count": 2, "sessionId": session}
    written = student.post("/api/sentences/generate", asked)
    with student.channel() as channel:
        result = evaluate(student, recorded(sound, "webm"), sessionId=session)
        stages = [one["stage"] for one in channel.barrier() if one.get("type") == "job" and one.get("stage")]
    with ThreadPoolExecutor(ENDED_AT_ONCE) as pool:
        ended = [*pool.map(lambda _: student.post("/api/sessions/end", {"sessionId": session}), range(ENDED_AT_ONCE))]

    assert started.status_code == 201
    assert [set(one) for one in written["sentences"]] == [{"english", "korean", "audioJobId"}] * 2
    assert [one for one in stages if one != "thinking"][-4:] == ["stored", "heard", "aligned", "scored"]
    assert set(result) >= RESULT
    assert (result["missedWords"], result["extraWords"], result["completenessScore"]) == ([], [], 100.0)
    assert result["grade"] in "ABC"
    assert all(one["startMs"] < one["endMs"] for one in result["words"])
    assert {one["duration"] for one in ended} == {ended[0]["duration"]}
    assert ended[0]["speakingDuration"] == result["audioDurationMs"] / 1000
    [day] = wait_for(lambda: [one for one in days(student) if one["sessionCount"]], "the session is counted")
    assert (day["practiceCount"], day["sessionCount"], day["averageScore"]) == (1, 1, result["overallScore"])
    listed = student.get("/api/stt/results")["results"]
    assert [one["resultId"] for one in listed] == [result["resultId"]]
    shown = student.get(f"/api/stt/results/{result['resultId']}")
    assert len(httpx.get(shown["recordingUrl"], trust_env=False).content) > 1000
    rows = platform.items(f"SESSION#{session}", "SENTENCE#")
    assert len(rows) == 2
    wait_for(
        lambda: all(one["status"] == "COMPLETED" for one in platform.items(f"SESSION#{session}", "SENTENCE#")),
        "both sentences are spoken",
    )


def test_every_format_is_heard_alike(people: People, sound: bytes) -> None:
    student = people.fresh()
    results = {name: evaluate(student, recorded(sound, name), FORMATS[name][2]) for name in FORMATS}

    assert [one["missedWords"] for one in results.values()] == [[] for _ in FORMATS]
    scores = [one["overallScore"] for one in results.values()]
    assert max(scores) - min(scores) < 12, scores


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"", "audio/webm", 400),
        (b"hello " * 100, "audio/webm", 415),
        (b"OggS" + bytes(5_000), "audio/ogg", 400),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), "image/png", 415),
        (b"OggS" + bytes(10 * 1024 * 1024), "audio/ogg", 413),
    ],
    ids=["empty", "text", "unreadable", "picture", "too large"],
)
def test_what_is_no_recording_has_its_answer(ann: Person, content: bytes, kind: str, status: int) -> None:
    files = {"audioFile": ("said", content, kind)}
    answer = ann.ask("POST", "/api/stt/evaluate", files=files, data={"originalText": SENTENCE})
    assert answer.status_code == status, answer.text


def test_days_are_the_student_s_own_in_three_time_zones(people: People, platform: Platform, sound: bytes) -> None:
    content = recorded(sound, "ogg")
    for zone in ("Pacific/Kiritimati", "Asia/Seoul", "Pacific/Pago_Pago"):
        student = people.fresh()
        student.ask("PATCH", "/api/me", json={"timeZone": zone})
        before = datetime.now(UTC)
        evaluate(student, content)
        allowed = {at.astimezone(ZoneInfo(zone)).date().isoformat() for at in (before, datetime.now(UTC))}
        [day] = wait_for(lambda student=student: days(student), "it is counted")  # type: ignore[misc]
        assert day["date"] in allowed
        stored = [item["SK"] for item in platform.items(f"USER#{student.user_id}", "DAY#")]
        assert stored == [f"DAY#{day['date']}"]


def test_a_tutor_sees_hears_and_says_it_again(people: People, sound: bytes) -> None:
    student, tutor, stranger = people.fresh(), people.fresh("tutor"), people.fresh("tutor")
    asked = student.ask("POST", f"/api/tutors/{tutor.email}/request", json={"message": "Please teach me."})
    tutor.post(f"/api/tutors/requests/{asked.json()['requestId']}/approve")
    for path in ("results", "statistics"):
        assert tutor.ask("GET", f"/api/tutor/students/{student.email}/{path}").status_code == 403
    student.ask("PATCH", "/api/me", json={"shareResults": True, "shareRecordings": True})
    with tutor.channel() as watching, student.channel() as channel:
        result = evaluate(student, recorded(sound, "webm"), text="Good morning, it is very nice to meet you.")
        seen = watching.until(type="student_result")
        heard = tutor.get(f"/api/tutor/students/{student.email}/results/{seen['resultId']}")
        anchor = {"resultId": seen["resultId"], "from": 20, "to": 24, "second": 0.8}
        given = {"studentEmail": student.email, "message": "very nice to meet you", "messageType": "say_again"}
        tutor.post("/api/tutor/feedback", given | {"anchor": anchor})
        feedback = channel.until(type="feedback")

    assert (seen["studentEmail"], seen["originalText"]) == (student.email, result["originalText"])
    assert seen["overallScore"] == result["overallScore"]
    assert len(httpx.get(heard["recordingUrl"], trust_env=False).content) > 1000
    assert (feedback["message_type"], feedback["anchor"]) == ("say_again", anchor)
    for path in ("results", "statistics", f"results/{seen['resultId']}"):
        assert stranger.ask("GET", f"/api/tutor/students/{student.email}/{path}").status_code == 404
    [entry] = wait_for(lambda: student.get("/api/notebook?kind=feedback")["entries"], "it is noted")
    said = student.ask("POST", f"/api/notebook/{entry['entryId']}/voice", json={"voice": "male"}).json()
    sound_of = wait_for(lambda: _heard(student, said), "the phrase is spoken")
    assert len(httpx.get(sound_of, trust_env=False).content) > 1000
    assert stranger.ask("POST", f"/api/notebook/{entry['entryId']}/voice", json={}).status_code == 404
    assert wait_for(lambda: days(tutor, student), "the tutor sees the day") == days(student)
    student.ask("PATCH", "/api/me", json={"shareRecordings": False})
    assert "recordingUrl" not in tutor.get(f"/api/tutor/students/{student.email}/results/{seen['resultId']}")


def _heard(student: Person, said: dict[str, Any]) -> str | None:
    found = said if "audioUrl" in said else student.get(f"/api/tts/status/{said['jobId']}")
    address: str | None = found.get("audioUrl")
    return address
