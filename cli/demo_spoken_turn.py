"""A turn that is said aloud: the platform's own voice says a sentence, and the recording is sent to the partner."""

import base64

from cli.demo_partner_turn import Conversation, Seen
from cli.demo_people import Person
from cli.demo_walk import Walk

SENTENCE = "I would like to visit the old palace near the river with my sister."


async def spoken_turn(walk: Walk, person: Person, conversation: Conversation, conversation_id: str) -> Seen:
    """Say a sentence of four seconds to the partner, and return what was seen; times count from when it was sent.

    Raises:
        ClickException: the platform does not speak, or does not take the recording.
    """
    voice = await walk.call(person, "POST", "/api/tts", json={"text": SENTENCE, "voice": "female"})
    recording = await walk.download((await walk.spoken(person, voice))["audioUrl"])
    body = {"conversationId": conversation_id, "audioData": base64.b64encode(recording.content).decode()}

    async def send() -> str:
        return str((await walk.call(person, "POST", "/api/ai/chat/message", json=body))["requestId"])

    return await conversation.say(send, SENTENCE)
