"""The AI partner over HTTP: conversations begun, listed and ended; a turn is best said over the user's channel."""

from typing import Any

from speaktracker_client.session import Session, part


class Partner:
    """Conversations with the AI partner; answers are as on the wire."""

    def __init__(self, session: Session) -> None:
        """Call by a signed-in session."""
        self._session = session

    async def start(self, difficulty: str, topic: str, role: str) -> dict[str, Any]:
        """Begin one: conversationId, situation, firstMessage, audioJobId; jobId alone where it takes long."""
        body = {"difficulty": difficulty, "topic": topic, "role": role}
        return await self._session.call("POST", "/api/ai/chat/start", body)

    async def send(self, conversation_id: str, message: str) -> dict[str, Any]:
        """Say something without a WebSocket: requestId, jobId, estimatedTime in milliseconds."""
        body = {"conversationId": conversation_id, "userMessage": message}
        return await self._session.call("POST", "/api/ai/chat/message", body)

    async def status(self, request_id: str) -> dict[str, Any]:
        """Return how far a turn is."""
        return await self._session.call("GET", f"/api/ai/chat/status/{part(request_id)}")

    async def conversations(self) -> list[dict[str, Any]]:
        """Return one's newest conversations."""
        fields = await self._session.call("GET", "/api/ai/conversations")
        return list(fields["conversations"])

    async def conversation(self, conversation_id: str) -> dict[str, Any]:
        """Return a conversation with its turns and corrections."""
        return await self._session.call("GET", f"/api/ai/conversations/{part(conversation_id)}")

    async def end(self, conversation_id: str) -> dict[str, Any]:
        """End a conversation and return the report on it; jobId alone where it takes long."""
        return await self._session.call("POST", f"/api/ai/conversations/{part(conversation_id)}/end")
