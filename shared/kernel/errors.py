"""What can go wrong, named for what can be done about it."""

from typing import Any, ClassVar, NamedTuple


class Text(NamedTuple):
    """A sentence for people, in the languages that the product speaks."""

    en: str
    ko: str

    def localized(self, language: str) -> str:
        """Return the sentence in that language, in English where it is unknown."""
        return self.ko if language == "ko" else self.en


class DomainError(Exception):
    """A refusal with a code that never changes and a sentence that follows the reader's language."""

    code: ClassVar[str] = "INTERNAL_SERVER_ERROR"
    status: ClassVar[int] = 500

    def __init__(
        self,
        en: str,
        ko: str | None = None,
        *,
        details: list[dict[str, Any]] | None = None,
        retry_after: int | None = None,
    ) -> None:
        """Keep both sentences; details name the fields, retry_after is in seconds."""
        super().__init__(en)
        self.text = Text(en, ko or en)
        self.details = details
        self.retry_after = retry_after


class Invalid(DomainError):
    """The request can never succeed as it is."""

    code, status = "INVALID_REQUEST", 400


class Unauthorized(DomainError):
    """Nobody has proved who is asking."""

    code, status = "UNAUTHORIZED", 401


class Forbidden(DomainError):
    """Not for this person."""

    code, status = "FORBIDDEN", 403


class NotFound(DomainError):
    """It does not exist, or it is somebody else's."""

    code, status = "NOT_FOUND", 404


class Conflict(DomainError):
    """The state of things does not allow it now."""

    code, status = "CONFLICT", 409


class PayloadTooLarge(DomainError):
    """More bytes than the limit."""

    code, status = "PAYLOAD_TOO_LARGE", 413


class UnsupportedMediaType(DomainError):
    """A type of content that is not taken here."""

    code, status = "UNSUPPORTED_MEDIA_TYPE", 415


class RateLimited(DomainError):
    """Too many in too short a time; retry_after says when again."""

    code, status = "RATE_LIMITED", 429


class Unavailable(DomainError):
    """Something outside did not answer; trying again is safe and may help."""

    code, status = "UNAVAILABLE", 503
