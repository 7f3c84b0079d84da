"""Tutors and students: who teaches whom, what a student is doing, and feedback."""

from __future__ import annotations

from typing import Any

from speaktracker_client.session import Session, part

Fields = dict[str, Any]


class Tutoring:
    """The calls of tutors and students, each of which raises Refused or Unreachable; answers are as on the wire.

    Lists give their newest page. Pushes come by `SpeakTracker.pushes`.
    """

    def __init__(self, session: Session) -> None:
        """Call as the person who is signed in."""
        self._session = session

    async def tutors(self, search: str | None = None) -> list[Fields]:
        """Return tutors; `search` is found anywhere in their names, in any case."""
        return await self._list("/api/tutors", "tutors", {"search": search})

    async def request(self, tutor_email: str, message: str = "") -> str:
        """Ask a tutor, and return the request's id. Raises Conflict where one is asked already, or takes nobody."""
        path = f"/api/tutors/{part(tutor_email)}/request"
        return str((await self._session.call("POST", path, {"message": message}))["requestId"])

    async def requests(self, status: str | None = None) -> list[Fields]:
        """Return the requests that one received, or sent; `status` is PENDING, APPROVED or REJECTED."""
        return await self._list("/api/tutors/requests", "requests", {"status": status})

    async def approve(self, request_id: str) -> None:
        """Take a student on, as a tutor. Raises Conflict where it is decided already, or one has no place left."""
        await self._session.call("POST", f"/api/tutors/requests/{part(request_id)}/approve")

    async def reject(self, request_id: str) -> None:
        """Decline a student's request, as a tutor. Raises Conflict where it is decided already."""
        await self._session.call("POST", f"/api/tutors/requests/{part(request_id)}/reject")

    async def own_tutors(self) -> list[Fields]:
        """Return a student's tutors."""
        return await self._list("/api/student/tutors", "tutors")

    async def leave(self, tutor_email: str) -> None:
        """Stop being a tutor's student."""
        await self._session.call("DELETE", f"/api/student/tutors/{part(tutor_email)}")

    async def students(self) -> list[Fields]:
        """Return a tutor's students as they are just now."""
        return await self._list("/api/tutor/students", "students")

    async def end_teaching(self, student_email: str) -> None:
        """Stop being a student's tutor."""
        await self._session.call("DELETE", f"/api/tutor/students/{part(student_email)}")

    async def student_results(self, student_email: str) -> list[Fields]:
        """Return how a student who agreed has said sentences."""
        return await self._list(f"/api/tutor/students/{part(student_email)}/results", "results")

    async def student_statistics(self, student_email: str) -> Fields:
        """Return the days of the last month, and the streak, of a student who agreed."""
        return await self._session.call("GET", f"/api/tutor/students/{part(student_email)}/statistics")

    async def show_status(self, room: str | None, *, is_learning: bool) -> None:
        """Tell one's tutors what one is doing, as a student."""
        body = {"isLearning": is_learning} | ({"room": room} if room is not None else {})
        await self._session.call("POST", "/api/student-status", body)

    async def send_feedback(
        self, student_email: str, message: str, *, message_type: str = "text", **more: Any
    ) -> Fields:
        """Tell a student something, and return `feedback_id` and `websocketSent`."""
        body = {"studentEmail": student_email, "message": message, "messageType": message_type} | more
        return await self._session.call("POST", "/api/tutor/feedback", body)

    async def read_feedback(self, feedback_id: str) -> None:
        """Note that one has read feedback, as its student."""
        await self._session.call("POST", f"/api/feedback/{part(feedback_id)}/read")

    async def feedback(self, other_email: str) -> list[Fields]:
        """Return the newest feedback between oneself and somebody."""
        return await self._list("/api/feedback", "feedback", {"with": other_email})

    async def notifications(self) -> tuple[list[Fields], int]:
        """Return one's newest notifications, and how many are unread."""
        fields = await self._session.call("GET", "/api/notifications")
        return fields["notifications"], int(fields["unreadCount"])

    async def read_notification(self, notification_id: str) -> None:
        """Note that one has read a notification. Again is fine."""
        await self._session.call("POST", f"/api/notifications/{part(notification_id)}/read")

    async def read_all_notifications(self) -> int:
        """Note that one has read every notification, and return how many were unread."""
        return int((await self._session.call("POST", "/api/notifications/read-all"))["count"])

    async def _list(self, path: str, name: str, query: dict[str, str | None] | None = None) -> list[Fields]:
        given = {key: value for key, value in (query or {}).items() if value is not None}
        return list((await self._session.call("GET", path, query=given))[name])
