"""A turn that is said aloud: the platform's own voice says a sentence, and the recording is sent to the partner."""

import asyncio
import base64
import time

import click
import httpx

from cli.demo_partner_turn import Conversation, Seen
from cli.demo_people import Person
from cli.demo_platform import RunningPlatform

SENTENCE = "I would like to visit the old palace near the river with my sister."
SPEAK_SECONDS = 30.0
_POLL_SECONDS = 0.05


async def spoken_turn(
    platform: RunningPlatform, person: Person, conversation: Conversation, conversation_id: str
) -> Seen:
    """Say a sentence of four seconds to the partner, and return what was seen; times count from when it was sent.

    Raises:
        ClickException: the platform does not speak, or does not take the recording.
    """
    headers = {"Authorization": f"Bearer {await person.client.access_token()}"}
    async with httpx.AsyncClient(base_url=platform.base, timeout=30, trust_env=False, headers=headers) as http:
        recording = await _recording(http)
        body = {"conversationId": conversation_id, "audioData": base64.b64encode(recording).decode()}

        async def send() -> str:
            answer = await http.post("/api/ai/chat/message", json=body)
            if answer.status_code != httpx.codes.ACCEPTED:
                raise click.ClickException(f"The recording was not taken: {answer.status_code} {answer.text}")
            return str(answer.json()["requestId"])

        return await conversation.say(send, SENTENCE)


async def _recording(http: httpx.AsyncClient) -> bytes:
    """Return the sentence as an MP3, said by the platform."""
    found = (await http.post("/api/tts", json={"text": SENTENCE, "voice": "female"})).json()
    deadline = time.monotonic() + SPEAK_SECONDS
    while "audioUrl" not in found:
        if found.get("status") == "FAILED" or time.monotonic() > deadline:
            raise click.ClickException(f"The sentence was not spoken: {found.get('error', 'it takes too long')}")
        await asyncio.sleep(_POLL_SECONDS)
        found = (await http.get(f"/api/tts/status/{found['jobId']}")).json()
    async with httpx.AsyncClient(timeout=30, trust_env=False) as anybody:
        return (await anybody.get(found["audioUrl"])).content
