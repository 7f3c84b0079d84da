"""The AI partner over the running platform: streamed, spoken, in order, and never somebody else's answer."""

import asyncio
import base64
import os
import re
import signal
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from cli.demo_desktop import ask_all
from tests.flows.channel import Channel, Frame
from tests.flows.people import People, Person
from tests.flows.platform import Platform, wait_for

SLOW = 60.0
AI_WORKER = "-Q ai-chat.fifo"


@pytest.fixture
def student(people: People) -> Person:
    """Somebody who has not asked the partner anything: ten requests a minute are allowed to each."""
    return people.fresh()


@pytest.fixture
def channel(student: Person) -> Iterator[Channel]:
    """That student's own channel."""
    with student.channel() as channel:
        yield channel


def ask(channel: Channel, message: str, **more: Any) -> str:
    """Say something to the partner, and return the requestId."""
    request_id = str(more.pop("requestId", uuid4()))
    channel.send("sendMessage", requestId=request_id, message=message, **more)
    return request_id


def response(channel: Channel, request_id: str, patience: float = SLOW) -> Frame:
    """Return the answer to a request."""
    return channel.until(action="messageResponse", requestId=request_id, patience=patience)


def deltas(channel: Channel, request_id: str) -> list[Frame]:
    """Return what was heard of an answer while it was made."""
    return [one for one in channel.heard if one.get("action") == "messageDelta" and one["requestId"] == request_id]


def test_a_desktop_program_gets_one_answer_to_each_request(student: Person, platform: Platform) -> None:
    token = student.tokens["accessToken"]
    answers = asyncio.run(ask_all(platform.base, token, ["Good morning!", "I like coffee.", "Goodbye."]))

    assert [one["status"] for one in answers] == ["completed"] * 3
    assert all(one["response"] for one in answers)
    [conversation] = student.get("/api/ai/conversations")["conversations"]
    assert {one["conversationId"] for one in answers} == {conversation["conversationId"]}
    turns = student.get(f"/api/ai/conversations/{conversation['conversationId']}")["turns"]
    assert [turn["aiMessage"] for turn in turns] == [one["response"] for one in answers]
    assert [turn["number"] for turn in turns] == [1, 2, 3]


def test_an_answer_is_streamed_spoken_corrected_and_stored(
    student: Person, channel: Channel, platform: Platform
) -> None:
    request_id = ask(channel, "Yesterday I go to the sea. It was very beautiful.", stream=True)
    answer = response(channel, request_id)
    job = channel.seen(type="job", requestId=request_id, status="COMPLETED")
    sound = channel.seen(type="audioReady", requestId=request_id, index=0)

    said = deltas(channel, request_id)
    assert "".join(one["delta"] for one in said) == answer["response"]
    assert [one["index"] for one in said] == list(range(len(said)))
    assert len(said) > 3
    stages = [one.get("stage") for one in channel.heard if one.get("type") == "job" and one["requestId"] == request_id]
    assert [one for one in stages if one] == ["queued", "thinking", "speaking"]
    assert "went" in job["correction"]["better"]
    assert job["aiMessage"] == answer["response"]
    assert len(httpx.get(sound["audioUrl"], trust_env=False).content) > 1000
    [turn] = platform.items(f"CONVERSATION#{answer['conversationId']}", "TURN#")
    assert (turn["requestId"], turn["aiMessage"]) == (request_id, answer["response"])
    voice = wait_for(lambda: _voice_of(student, job["audioJobId"]), "the whole answer is spoken")
    assert voice["durationMs"] > 500


def _voice_of(student: Person, job_id: str) -> dict[str, Any] | None:
    status = student.get(f"/api/tts/status/{job_id}")
    return status if status["status"] == "COMPLETED" else None


def test_the_same_request_on_another_connection_hears_it_from_its_beginning(student: Person, channel: Channel) -> None:
    request_id = ask(channel, "Please tell me about your favourite food.", stream=True)
    channel.until(action="messageDelta", requestId=request_id, index=2, patience=SLOW)
    with student.channel() as second:
        ask(second, "Please tell me about your favourite food.", requestId=request_id, stream=True)
        answers = [response(one, request_id) for one in (channel, second)]
        heard = ["".join(one["delta"] for one in deltas(there, request_id)) for there in (channel, second)]
        with student.channel() as third:
            ask(third, "Please tell me about your favourite food.", requestId=request_id)
            answers.append(response(third, request_id))
        for one in (channel, second):
            assert not [frame for frame in one.barrier() if frame.get("action") == "messageResponse"]

    assert answers[0]["response"]
    assert answers == [answers[0]] * 3
    assert heard == [answers[0]["response"]] * 2


def test_stopping_keeps_what_was_said_within_a_second(student: Person, channel: Channel) -> None:
    request_id = ask(channel, "Please tell me about your favourite season.", stream=True)
    channel.until(action="messageDelta", requestId=request_id, patience=SLOW)
    began = time.monotonic()
    channel.send("stop", requestId=request_id)
    answer = response(channel, request_id)

    assert time.monotonic() - began < 2  # a second, and what a busy machine adds
    assert (answer["status"], answer["stopped"]) == ("completed", True)
    assert answer["response"] == "".join(one["delta"] for one in deltas(channel, request_id)).strip()
    turns = wait_for(lambda: _turns(student, answer["conversationId"]), "the turn is stored", SLOW)
    assert (turns[0]["aiMessage"], turns[0]["stopped"]) == (answer["response"], True)


def test_cancelling_the_job_stops_the_turn(student: Person, channel: Channel) -> None:
    request_id = ask(channel, "Please tell me about your favourite film.", stream=True)
    job_id = channel.until(type="job", requestId=request_id, patience=SLOW)["jobId"]
    channel.until(action="messageDelta", requestId=request_id, patience=SLOW)
    assert student.ask("DELETE", f"/api/jobs/{job_id}").json()["status"] == "CANCELLED"
    answer = response(channel, request_id)

    assert (answer["status"], answer["stopped"]) == ("completed", True)
    assert answer["response"]
    assert student.get(f"/api/jobs/{job_id}")["status"] == "CANCELLED"


def _turns(student: Person, conversation_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = student.get(f"/api/ai/conversations/{conversation_id}")["turns"]
    return found


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"message": "x" * 4001}, "INVALID_REQUEST"),
        ({"message": " "}, "INVALID_REQUEST"),
        ({"message": "Hello", "colour": "blue"}, "INVALID_REQUEST"),
        ({"message": "Hello", "userId": "somebody-else"}, "FORBIDDEN"),
        ({"message": "Hello", "conversationId": "unknown"}, "NOT_FOUND"),
        ({}, "INVALID_REQUEST"),
    ],
)
def test_a_refusal_is_an_answer_too(channel: Channel, fields: dict[str, Any], code: str) -> None:
    channel.send("sendMessage", requestId="wrong", **fields)
    answer = response(channel, "wrong")

    assert (answer["status"], answer["response"], answer["error"]) == ("failed", "", code)
    assert answer["message"]
    assert len([one for one in channel.barrier() if one.get("requestId") == "wrong"]) == 0


def test_without_a_request_id_a_refusal_is_an_error(channel: Channel) -> None:
    channel.send("sendMessage", message="Hello")
    assert channel.until(action="error")["error"] == "INVALID_REQUEST"
    channel.send("stop", requestId="never-asked")
    assert channel.until(action="error", requestId="never-asked")["error"] == "NOT_FOUND"


def test_ten_requests_a_minute_over_frames_and_rest_together(student: Person, channel: Channel) -> None:
    asked = [ask(channel, f"This is sentence {number}.") for number in range(9)]
    conversation = response(channel, asked[0])["conversationId"]
    by_rest = {"conversationId": conversation, "userMessage": "And this one goes over HTTP."}
    accepted = student.ask("POST", "/api/ai/chat/message", json=by_rest)
    assert accepted.status_code == 202
    again = ask(channel, "This is sentence 0.", requestId=asked[0])
    assert response(channel, again)["status"] == "completed"

    surplus = response(channel, ask(channel, "One too many."))
    refused = student.ask("POST", "/api/ai/chat/message", json=by_rest)

    assert (surplus["status"], surplus["error"]) == ("failed", "RATE_LIMITED")
    assert 0 < surplus["retryAfter"] <= 60
    assert refused.status_code == 429
    assert "Retry-After" in refused.headers


def test_a_conversation_over_http(student: Person) -> None:
    asked = {"difficulty": "하", "topic": "food", "role": "waiter"}
    opening = student.post("/api/ai/chat/start", asked)
    conversation = opening["conversationId"]
    assert opening["situation"]
    assert opening["firstMessage"]
    wait_for(lambda: _voice_of(student, opening["audioJobId"]), "the first message is spoken")

    sent = student.post(
        "/api/ai/chat/message", {"conversationId": conversation, "userMessage": "I want that you help me."}
    )
    assert (sent["status"], sent["estimatedTime"] > 0) == ("PROCESSING", True)
    status = wait_for(lambda: _answered(student, sent["requestId"]), "the turn is answered", SLOW)
    assert status["aiMessage"]
    assert status["turnCount"] == 1

    [listed] = student.get("/api/ai/conversations")["conversations"]
    assert (listed["conversationId"], listed["difficulty"], listed["turnCount"]) == (conversation, "beginner", 1)
    report = student.post(f"/api/ai/conversations/{conversation}/end")
    assert report["summary"]
    assert student.get(f"/api/ai/conversations/{conversation}")["report"]["summary"] == report["summary"]
    late = {"conversationId": conversation, "userMessage": "Hello?"}
    assert student.ask("POST", "/api/ai/chat/message", json=late).status_code == 409
    assert student.ask("POST", f"/api/ai/conversations/{conversation}/end").status_code == 409


def _answered(student: Person, request_id: str) -> dict[str, Any] | None:
    status = student.get(f"/api/ai/chat/status/{request_id}")
    assert status["status"] != "FAILED", status
    return status if status["status"] == "COMPLETED" else None


def test_without_waiting_there_is_a_job(student: Person) -> None:
    accepted = student.ask("POST", "/api/ai/chat/start?wait=0", json={"difficulty": "advanced", "topic": "work"})
    assert accepted.status_code == 202
    job_id = accepted.json()["jobId"]
    job = wait_for(lambda: _finished(student, job_id), "the conversation is opened", SLOW)
    assert job["result"]["firstMessage"]


def _finished(student: Person, job_id: str) -> dict[str, Any] | None:
    job = student.get(f"/api/jobs/{job_id}")
    return job if job["status"] == "COMPLETED" else None


def test_what_is_somebody_elses_is_not_there(student: Person, ann: Person, channel: Channel) -> None:
    conversation = response(channel, ask(channel, "Hello there.", requestId="1"))["conversationId"]
    assert ann.ask("GET", f"/api/ai/conversations/{conversation}").status_code == 404
    assert ann.ask("POST", f"/api/ai/conversations/{conversation}/end").status_code == 404
    assert ann.ask("GET", "/api/ai/chat/status/1").status_code == 404
    with ann.channel() as other:
        own = response(other, ask(other, "Good evening.", requestId="1"))
        foreign = response(other, ask(other, "Hello.", conversationId=conversation))
    assert own["conversationId"] != conversation
    assert foreign["error"] == "NOT_FOUND"


def test_a_recording_is_heard(student: Person, platform: Platform) -> None:
    spoken = platform.client("polly").synthesize_speech(
        Text="Good morning, it is nice to meet you.", VoiceId="Matthew", OutputFormat="mp3"
    )
    audio = base64.b64encode(spoken["AudioStream"].read()).decode()
    conversation = student.post("/api/ai/chat/start", {"difficulty": "beginner"})["conversationId"]
    with student.channel() as channel:
        sent = student.post("/api/ai/chat/message", {"conversationId": conversation, "audioData": audio})
        partly = channel.until(type="job", requestId=sent["requestId"], stage="heard", patience=SLOW)
        heard = channel.until(type="job", requestId=sent["requestId"], stage="thinking", patience=SLOW)
        done = channel.until(type="job", requestId=sent["requestId"], status="COMPLETED", patience=SLOW)

    assert partly["transcript"]
    assert {"good", "morning", "nice", "meet"} <= set(re.findall("[a-z]+", heard["heard"].lower()))
    assert done["aiMessage"]
    [turn] = _turns(student, conversation)
    assert turn["heard"] is True


def test_words_are_heard_while_they_are_said_through_a_cut(student: Person, platform: Platform) -> None:
    spoken = platform.client("polly").synthesize_speech(
        Text="Good morning, it is nice to meet you. I would like a cup of coffee.",
        VoiceId="Joanna",
        OutputFormat="mp3",
    )
    sound = spoken["AudioStream"].read()
    chunks = [base64.b64encode(sound[at : at + 4096]).decode() for at in range(0, len(sound), 4096)]
    begin = {"action": "audioStart", "requestId": "spoken", "contentType": "audio/mpeg", "stream": True}
    with student.channel() as channel:
        channel.send(**begin)
        assert channel.until(action="audioAck")["nextIndex"] == 0
        for index, data in enumerate(chunks[:-1]):
            channel.send("audioChunk", requestId="spoken", index=index, data=data)
        partly = channel.until(lambda one: bool(one.get("transcript")), type="job", stage="heard", patience=SLOW)
    with student.channel() as channel:
        channel.send(**begin)
        assert channel.until(action="audioAck")["nextIndex"] == len(chunks) - 1
        channel.send("audioChunk", requestId="spoken", index=len(chunks) - 1, data=chunks[-1])
        channel.send("audioEnd", requestId="spoken")
        answer = response(channel, "spoken")
        said = deltas(channel, "spoken")
        done = channel.seen(type="job", requestId="spoken", status="COMPLETED")

    assert partly["requestId"] == "spoken"
    assert answer["status"] == "completed"
    assert "".join(one["delta"] for one in said) == answer["response"]
    assert {"good", "morning", "nice", "coffee"} <= set(re.findall("[a-z]+", done["heard"].lower()))
    [turn] = _turns(student, answer["conversationId"])
    assert (turn["heard"], turn["userMessage"]) == (True, done["heard"])
    assert not list(platform.redis.scan_iter("takes:*:chunks"))


def test_what_is_no_recording_is_refused(student: Person) -> None:
    conversation = student.post("/api/ai/chat/start", {"difficulty": "beginner"})["conversationId"]
    for audio in ("not base64!", base64.b64encode(b"no sound").decode(), ""):
        body = {"conversationId": conversation, "audioData": audio}
        assert student.ask("POST", "/api/ai/chat/message", json=body).status_code == 400


def test_the_partner_speaks_in_a_room(student: Person, ann: Person) -> None:
    room = student.room()
    with student.enter(room) as socket:
        socket.ask("sendMessage", roomId=room, content="What do you think about the weather?")
        accepted = student.ask("POST", f"/rooms/{room}/ai", json={"prompt": "Say hello to everybody."})
        assert accepted.status_code == 202
        message = socket.until(type="message", messageType="AI_RESPONSE", patience=SLOW)

    assert message["userId"] == "ai"
    assert message["content"]
    newest = student.get(f"/rooms/{room}/messages")["messages"][0]
    assert (newest["messageId"], newest["messageType"]) == (message["messageId"], "AI_RESPONSE")
    assert ann.ask("POST", f"/rooms/{room}/ai", json={}).status_code == 403


def test_a_worker_that_dies_costs_time_and_no_answer(student: Person, channel: Channel, platform: Platform) -> None:
    request_id = ask(channel, "Please tell me about your favourite book.", stream=True)
    channel.until(action="messageDelta", requestId=request_id, patience=SLOW)
    os.kill(platform.process(AI_WORKER), signal.SIGKILL)
    answer = response(channel, request_id, patience=2 * SLOW)

    assert answer["status"] == "completed"
    last_beginning = max(at for at, one in enumerate(deltas(channel, request_id)) if one["index"] == 0)
    assert "".join(one["delta"] for one in deltas(channel, request_id)[last_beginning:]) == answer["response"]
    [turn] = wait_for(lambda: _turns(student, answer["conversationId"]), "the turn is stored", SLOW)
    assert turn["aiMessage"] == answer["response"]
    assert not [one for one in channel.barrier() if one.get("action") == "messageResponse"]


def test_operators_see_what_is_spent(student: Person, channel: Channel, platform: Platform) -> None:
    response(channel, ask(channel, "Hello, how are you today?"))
    [item] = wait_for(lambda: platform.items(f"USER#{student.user_id}", "BUDGET#"), "it is counted", SLOW)
    assert item["tokens"] > 0
    assert student.ask("GET", "/api/operations/budgets").status_code == 403
