"""Refusals of turns, and the sentences for codes that a turn may end with."""

from shared.kernel.errors import DomainError, Invalid, NotFound, PayloadTooLarge, Text


class NothingToSay(Invalid):
    """There are neither words nor a recording."""

    def __init__(self) -> None:
        super().__init__("userMessage or audioData is needed.", "userMessage 또는 audioData가 필요합니다.")


class TurnNotFound(NotFound):
    """No request of that id was ever made by this person, or it is too long ago."""

    def __init__(self) -> None:
        super().__init__("Request not found", "요청을 찾을 수 없습니다.")


class RecordingTooLarge(PayloadTooLarge):
    """More than ten mebibytes."""

    def __init__(self) -> None:
        super().__init__("A recording takes at most 10 MiB.", "녹음 파일은 10MiB 이하여야 합니다.")


SENTENCES = {
    "UNAVAILABLE": Text(
        "The AI partner does not answer at the moment; try again.",
        "AI 파트너가 응답하지 않습니다. 잠시 후 다시 시도해 주세요.",
    ),
    "PARTNER_REFUSED": Text("The AI partner is not available.", "AI 파트너를 이용할 수 없습니다."),
    "TRANSCRIBER_REFUSED": Text("Recordings cannot be heard at the moment.", "지금은 녹음을 들을 수 없습니다."),
    "INVALID_REQUEST": Text("The recording could not be understood.", "녹음을 이해할 수 없습니다."),
    "CANCELLED": Text("The turn was cancelled.", "취소되었습니다."),
}
_OTHER = Text("Something went wrong.", "문제가 발생했습니다.")
RETRY_SECONDS = 5
"""What a client is told to wait where the model did not answer."""


def sentence_of(code: str) -> Text:
    """Return the sentence for people of a code that a turn ended with."""
    return SENTENCES.get(code, _OTHER)


def retry_after_of(code: str) -> int | None:
    """Return the seconds after which trying again may help; None where it will not."""
    return RETRY_SECONDS if code in ("UNAVAILABLE", DomainError.code) else None
