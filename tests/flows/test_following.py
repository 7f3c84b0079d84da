"""One thing has one id: a request is followed from the frame or the call to the worker's lines and the push."""

from collections.abc import Collection
from typing import Any
from uuid import uuid4

from tests.flows.people import Person
from tests.flows.platform import Platform, wait_for


def lines(platform: Platform, **fields: Any) -> Collection[dict[str, Any]]:
    """Return the log's lines that have these fields."""
    return [line for line in platform.log() if fields.items() <= line.items()]


def test_a_message_is_found_by_the_request_id_of_its_frame(ann: Person, room: str, platform: Platform) -> None:
    asked = f"frame-{uuid4()}"
    with ann.enter(room) as channel:
        channel.ask("sendMessage", roomId=room, content="Hello", requestId=asked)
    [queued] = wait_for(lambda: lines(platform, event="batch.queued", requests=[asked]), "it is told when it is queued")
    assert queued["requestId"] == asked
    wait_for(
        lambda: lines(platform, event="job.done", task="messages.store_messages", requestId=asked),
        "the worker names it too",
    )


def test_a_job_has_the_id_that_its_client_knows(ann: Person, platform: Platform) -> None:
    asked = f"call-{uuid4()}"
    with ann.channel() as channel:
        text = {"text": f"Find me {asked}", "voice": "male"}
        job_id = ann.post("/api/tts", text, headers={"X-Request-Id": asked})["jobId"]
        pushed = channel.until(type="job", jobId=job_id, status="COMPLETED")
    assert pushed["requestId"] == asked
    told = wait_for(lambda: lines(platform, event="job.done", jobId=job_id), "the worker's line has the client's jobId")
    assert {line["requestId"] for line in told} == {asked}
