"""What can go wrong, named by what can be done about it."""

from typing import Any

CLOSED_HERE = 1000
"""The close code of what this program closed itself."""


class SpeakTrackerError(Exception):
    """Whatever this client raises."""


class Unreachable(SpeakTrackerError):
    """The platform did not answer at all; trying again later is right."""


class TimedOut(SpeakTrackerError):
    """No answer came in time; what was sent may have been done, and sending again with `request_id` is safe."""

    def __init__(self, request_id: str | None = None) -> None:
        """Keep the requestId to send again with."""
        super().__init__("no answer came in time")
        self.request_id = request_id


class Ended(SpeakTrackerError):
    """A connection is over for good: closed here, signed out (4401), left (4403), gone (4404) or surplus (4429)."""

    def __init__(self, code: int, reason: str = "") -> None:
        """Keep why."""
        super().__init__(f"the connection ended: {code} {reason}".rstrip())
        self.code = code
        self.reason = reason


class Refused(SpeakTrackerError):
    """The platform said no: `code` never changes, `message` is for people, in the account's language."""

    is_retryable = False

    def __init__(self, fields: dict[str, Any], retry_after: float | None = None) -> None:
        """Keep what the answer says."""
        self.code = str(fields.get("error", "INTERNAL_SERVER_ERROR"))
        self.message = str(fields.get("message", ""))
        self.details: list[dict[str, Any]] = fields.get("details") or []
        self.retry_after = fields.get("retryAfter", retry_after)
        self.request_id: str | None = fields.get("requestId")
        super().__init__(f"{self.code}: {self.message}")


class InvalidRequest(Refused):
    """Something asked for is wrong; `details` names the fields."""


class Unauthorized(Refused):
    """Nobody is signed in, or the sign-in has ended."""


class Forbidden(Refused):
    """Not allowed to this account."""


class NotFound(Refused):
    """There is no such thing, or it is somebody else's."""


class Conflict(Refused):
    """It cannot be done as things stand: a full room, a known e-mail."""


class TooLarge(Refused):
    """More than the platform takes."""


class UnsupportedMediaType(Refused):
    """A type of file that is not taken."""


class RateLimited(Refused):
    """Too often; right again after `retry_after` seconds."""

    is_retryable = True


class Unavailable(Refused):
    """Not now; trying again is safe and right."""

    is_retryable = True


class ServerFailed(Refused):
    """The platform broke; trying again is safe."""

    is_retryable = True


_BY_CODE: dict[str, type[Refused]] = {
    "INVALID_REQUEST": InvalidRequest,
    "UNAUTHORIZED": Unauthorized,
    "FORBIDDEN": Forbidden,
    "NOT_FOUND": NotFound,
    "CONFLICT": Conflict,
    "PAYLOAD_TOO_LARGE": TooLarge,
    "UNSUPPORTED_MEDIA_TYPE": UnsupportedMediaType,
    "RATE_LIMITED": RateLimited,
    "UNAVAILABLE": Unavailable,
    "INTERNAL_SERVER_ERROR": ServerFailed,
}


def refusal(fields: dict[str, Any], retry_after: float | None = None) -> Refused:
    """Return the error that a failed answer or an `error` frame means."""
    return _BY_CODE.get(str(fields.get("error")), Refused)(fields, retry_after)
