from typing import Any

import pytest

from shared.adapters.memory.jobs import MemoryJobRecords
from shared.adapters.memory.kernel import MemoryEvents, MemoryMetrics
from shared.adapters.memory.messages import MemoryMessages, MemoryRoomLog
from shared.adapters.memory.voice import MemoryAudio, MemorySpeaker, MemoryVoices
from shared.domains.jobs.service import RecordTracker
from shared.domains.messages.contract import KeepVoiceKey
from shared.domains.voice.contract import SynthesizeSpeech
from shared.domains.voice.rules import speaking
from shared.domains.voice.rules.shelf import Shelf
from shared.domains.voice.rules.studio import Studio
from tests.shared.adapters.saying import posted
from tests.web.conftest import Web


class Studios:
    """The application with its voices in memory, and the worker beside it."""

    def __init__(self, web: Web) -> None:
        self.web, context = web, web.context
        self.audio, self.speaker, self.records = MemoryAudio(), MemorySpeaker(), MemoryJobRecords()
        self.log, self.messages = MemoryRoomLog(context.clock), MemoryMessages()
        shelf = Shelf(MemoryVoices(context.clock), self.audio, context.clock)
        ports: dict[str, Any] = {"audio": self.audio, "shelf": shelf, "job_records": self.records}
        context.__dict__.update(ports | {"room_log": self.log, "messages": self.messages})
        events = MemoryEvents()
        tracker = RecordTracker(self.records, events, context.clock)
        self.studio = Studio(shelf, self.speaker, tracker, context.jobs, MemoryMetrics(), events)

    @property
    def queued(self) -> list[Any]:
        jobs: list[Any] = self.web.context.jobs.jobs  # type: ignore[attr-defined]
        return jobs

    def work(self) -> None:
        for job in [job for job in self.queued if isinstance(job, SynthesizeSpeech)]:
            self.queued.remove(job)
            speaking.synthesize_speech(job, studio=self.studio)

    def post(self, path: str, token: str, **body: Any) -> tuple[int, dict[str, Any]]:
        answer = self.web.call("POST", path, token, json=body)
        return answer.status_code, answer.get_json()


@pytest.fixture
def studio(web: Web) -> Studios:
    return Studios(web)


def test_a_text_is_accepted_then_spoken_then_there(studio: Studios, student: str) -> None:
    status, accepted = studio.post("/api/tts", student, text="Hello", voice="female")
    assert (status, accepted["status"]) == (202, "PENDING")
    place = f"/api/tts/status/{accepted['jobId']}"
    assert studio.web.call("GET", place, student).get_json()["status"] == "PENDING"

    studio.work()

    shown = studio.web.call("GET", place, student).get_json()
    assert (shown["status"], shown["durationMs"], shown["voiceId"]) == ("COMPLETED", 300, "Joanna")
    details = studio.web.call("GET", f"/api/jobs/{accepted['jobId']}", student).get_json()
    assert details["result"]["audioUrl"] != shown["audioUrl"]
    status, ready = studio.post("/api/tts", student, text="Hello", voice="Joanna")
    assert (status, ready["durationMs"]) == (200, 300)
    assert ready["audioUrl"].startswith("https://bucket.example/tts/")


def test_without_a_voice_the_platforms_own_speaks(studio: Studios, student: str) -> None:
    studio.post("/api/tts", student, text="Hello")
    assert studio.queued[-1].voice_id == "Matthew"


def test_jobs_are_their_askers(studio: Studios, student: str) -> None:
    _, accepted = studio.post("/api/tts", student, text="Hello")
    other = studio.web.sign_in("other@example.com")
    assert studio.web.call("GET", f"/api/tts/status/{accepted['jobId']}", other).status_code == 404


def test_the_same_key_is_the_same_job(studio: Studios, student: str) -> None:
    keys = [
        studio.web.call("POST", "/api/tts", student, json={"text": "Hi"}, headers={"Idempotency-Key": "1"}).get_json()
        for _ in range(2)
    ]
    assert keys[0]["jobId"] == keys[1]["jobId"]
    assert len(studio.queued) == 1


@pytest.mark.parametrize(
    "body",
    [{}, {"text": ""}, {"text": " "}, {"text": "a" * 3001}, {"text": "a", "voice": "Amy"}, {"text": "a", "x": 1}],
)
def test_wrong_wishes_are_refused(studio: Studios, student: str, body: dict[str, Any]) -> None:
    status, refused = studio.post("/api/tts", student, **body)
    assert (status, refused["error"]) == (400, "INVALID_REQUEST")


def test_a_message_is_spoken_for_members(studio: Studios, student: str) -> None:
    room = studio.post("/rooms", student, name="Cafe", level="beginner")[1]["data"]["roomId"]
    posted(studio.log, "m1", room_id=room, content="Nice to meet you")
    place = f"/rooms/{room}/messages/m1/voice"

    status, accepted = studio.post(place, student, voice="male")
    assert (status, list(accepted["data"])) == (202, ["jobId", "status"])
    studio.work()
    assert [type(job) for job in studio.queued][-1] is KeepVoiceKey
    status, ready = studio.post(place, student, voice="male")
    assert (status, ready["data"]["durationMs"]) == (200, 960)

    assert studio.post(place, student, voice="Matthew")[0] == 400
    assert studio.post(place.replace("m1", "m2"), student, voice="male")[0] == 404
    assert studio.post(place, studio.web.sign_in("other@example.com"), voice="male")[0] == 403


def test_what_one_person_and_all_may_have_spoken_in_a_minute_is_bounded(studio: Studios, student: str) -> None:
    def asked(token: str, number: int) -> int:
        return studio.post("/api/tts", token, text=f"{number} {'word ' * 597}")[0]

    assert [asked(student, number) for number in range(8)] == [202] * 6 + [429] * 2
    refused = studio.web.call("POST", "/api/tts", student, json={"text": "a" * 2900})
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert studio.post("/api/tts", student, text="Short ones pass")[0] == 202
    studio.web.context.limits.check("tts-of-all", "all", allowed=2000, seconds=60, cost=1815)
    other = studio.web.sign_in("other@example.com")
    assert [studio.post("/api/tts", other, text=text)[0] for text in ("Short", "a" * 2900)] == [202, 429]
