"""Voices over the running platform: asked for by many, spoken once, heard by all."""

import io
from collections.abc import Container, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import av
import httpx

from shared.domains.voice.models import Manner, voice_hash
from tests.flows.channel import Channel
from tests.flows.people import People, Person
from tests.flows.platform import Platform, wait_for

ASKERS, EACH = 10, 20


def text_of_its_own() -> str:
    return f"My number is {uuid4().int % 10**9}, and yours?"


def completed(person: Person, job_id: str) -> dict[str, Any]:
    def found() -> dict[str, Any] | None:
        status = person.get(f"/api/tts/status/{job_id}")
        assert status["status"] != "FAILED", status
        return status if status["status"] == "COMPLETED" else None

    said = wait_for(found, "the voice is ready")
    assert said is not None
    return said


def seconds(address: str) -> float:
    """Return the length of what an address holds, by decoding it; nobody signs in for it."""
    answer = httpx.get(address, trust_env=False)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "audio/mpeg")
    with av.open(io.BytesIO(answer.content), mode="r", format="mp3") as container:
        return sum(frame.samples / frame.sample_rate for frame in container.decode(audio=0))


def test_what_many_ask_for_at_once_is_spoken_once(people: People, platform: Platform) -> None:
    text, askers = text_of_its_own(), people.some(ASKERS)

    def ask(number: int) -> tuple[Person, httpx.Response]:
        person = askers[number % ASKERS]
        return person, person.ask("POST", "/api/tts", json={"text": text, "voice": "female"})

    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(ask, range(ASKERS * EACH)))

    assert {answer.status_code for _, answer in answers} <= {200, 202}
    assert answers[0][1].status_code == 202
    jobs = {answer.json()["jobId"]: person for person, answer in answers if answer.status_code == 202}
    voice = f"VOICE#{voice_hash(text, Manner('Joanna'))}"
    wait_for(lambda: (item := platform.item(voice, "METADATA")) and item["state"] == "READY", "it is spoken")
    wait_for(lambda: len(ended(askers, jobs, platform)) == len(jobs), "everybody is told", 60)

    item = platform.item(voice, "METADATA")
    assert item is not None
    assert item["fence"] == 1
    assert ended(askers, jobs, platform) == {(job_id, "COMPLETED") for job_id in jobs}
    job_id, person = next(iter(jobs.items()))
    told = completed(person, job_id)
    assert abs(seconds(told["audioUrl"]) * 1000 - told["durationMs"]) < 100


def ended(askers: Sequence[Person], jobs: Container[str], platform: Platform) -> set[tuple[str, str]]:
    """Return which of the jobs have ended, and how, as stored."""
    records = [one for person in askers for one in platform.items(f"USER#{person.user_id}#JOBS", index="GSI1")]
    return {
        (one["jobId"], one["status"])
        for one in records
        if one["jobId"] in jobs and one["status"] not in ("PENDING", "PROCESSING")
    }


def test_the_asker_is_told_over_the_channel_as_parts_come(ann: Person) -> None:
    text = " ".join(f"{text_of_its_own()} And now for something else." for _ in range(12))
    with ann.channel() as channel:
        job_id = ann.post("/api/tts", {"text": text})["jobId"]
        first = channel.until(lambda frame: bool(frame.get("parts")), type="job", jobId=job_id, patience=20)
        done = channel.until(type="job", jobId=job_id, status="COMPLETED", patience=20)

    assert (first["status"], len(first["parts"])) == ("PROCESSING", 1)
    assert 0 < seconds(first["parts"][0]["audioUrl"]) < seconds(done["audioUrl"])
    words = httpx.get(done["wordsUrl"], trust_env=False).json()["words"]
    assert all(text[word["start"] : word["end"]] == word["text"] for word in words)


def test_a_message_has_a_male_and_a_female_voice(ann: Person, room: str, platform: Platform) -> None:
    with ann.enter(room) as socket:
        message = said(socket, room)
        place = f"/rooms/{room}/messages/{message}/voice"
        addresses = set()
        for voice in ("male", "female"):
            accepted = ann.ask("POST", place, json={"voice": voice})
            assert accepted.status_code == 202
            status = completed(ann, accepted.json()["data"]["jobId"])
            addresses.add(httpx.get(status["audioUrl"], trust_env=False).content)
            ready = ann.ask("POST", place, json={"voice": voice})
            assert ready.status_code == 200
            assert seconds(ready.json()["data"]["audioUrl"]) > 1

    assert len(addresses) == 2
    [item] = wait_for(
        lambda: [one for one in platform.stored(room) if "femaleVoiceKey" in one], "the keys are kept", 20
    )
    assert item["maleVoiceKey"].startswith("tts/")
    assert item["maleVoiceKey"] != item["femaleVoiceKey"]


def said(socket: Channel, room: str) -> str:
    """Say something, and return the message's id."""
    return str(socket.ask("sendMessage", roomId=room, content=text_of_its_own())["messageId"])


def test_an_object_that_expired_is_made_again(ann: Person, platform: Platform) -> None:
    text = text_of_its_own()
    first = ann.post("/api/tts", {"text": text})["jobId"]
    completed(ann, first)
    key = f"tts/{voice_hash(text, Manner('Matthew'))}.mp3"
    platform.client("s3").delete_object(Bucket=platform.state["aws"]["bucket"], Key=key)

    assert "audioUrl" not in ann.get(f"/api/tts/status/{first}")
    again = ann.ask("POST", "/api/tts", json={"text": text})
    assert again.status_code == 202
    assert seconds(completed(ann, again.json()["jobId"])["audioUrl"]) > 1
