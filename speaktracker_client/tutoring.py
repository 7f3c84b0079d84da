"""Tutors and students: who teaches whom, what a student is doing, and feedback."""

from typing import Any
from urllib.parse import quote

from speaktracker_client.session import Session


class Tutoring:
    """The calls of tutors and students; pushes come over `SpeakTracker.channel`."""

    def __init__(self, session: Session) -> None:
        """Call as the person who is signed in."""
        self._session = session

    async def request(self, tutor_email: str, message: str = "") -> str:
        """Ask a tutor, and return the request's id."""
        path = f"/api/tutors/{quote(tutor_email)}/request"
        return str((await self._session.call("POST", path, {"message": message}))["requestId"])

    async def approve(self, request_id: str) -> None:
        """Take a student on, as a tutor."""
        await self._session.call("POST", f"/api/tutors/requests/{quote(request_id)}/approve")

    async def students(self) -> list[dict[str, Any]]:
        """Return a tutor's students as they are just now."""
        found: list[dict[str, Any]] = (await self._session.call("GET", "/api/tutor/students"))["students"]
        return found

    async def show_status(self, room: str | None, *, is_learning: bool) -> None:
        """Tell one's tutors what one is doing, as a student."""
        body = {"isLearning": is_learning} | ({"room": room} if room is not None else {})
        await self._session.call("POST", "/api/student-status", body)

    async def send_feedback(
        self, student_email: str, message: str, *, message_type: str = "text", **more: Any
    ) -> dict[str, Any]:
        """Tell a student something, and return `feedback_id` and `websocketSent`."""
        body = {"studentEmail": student_email, "message": message, "messageType": message_type} | more
        return await self._session.call("POST", "/api/tutor/feedback", body)

    async def read_feedback(self, feedback_id: str) -> None:
        """Note that one has read feedback, as its student."""
        await self._session.call("POST", f"/api/feedback/{quote(feedback_id)}/read")

    async def feedback(self, other_email: str) -> list[dict[str, Any]]:
        """Return the newest feedback between oneself and somebody."""
        fields = await self._session.call("GET", "/api/feedback", query={"with": other_email})
        found: list[dict[str, Any]] = fields["feedback"]
        return found

    async def notifications(self) -> tuple[list[dict[str, Any]], int]:
        """Return one's newest notifications, and how many are unread."""
        fields = await self._session.call("GET", "/api/notifications")
        return fields["notifications"], int(fields["unreadCount"])
