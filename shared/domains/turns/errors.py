"""Refusals of turns, and the sentences for codes that a turn may end with."""

from shared.kernel.errors import Conflict, DomainError, Invalid, NotFound, PayloadTooLarge, RateLimited, Text


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


class BrokenChunk(Invalid):
    """A part of a recording that is no base64."""

    def __init__(self) -> None:
        super().__init__("data is not base64.", "data가 base64가 아닙니다.", details=[{"field": "data"}])


class ChunkTooLarge(PayloadTooLarge):
    """A part of a recording above 32 KiB."""

    def __init__(self) -> None:
        super().__init__("A chunk takes at most 32 KiB.", "조각 하나는 32KiB 이하여야 합니다.")


class ChunkMissing(Conflict):
    """A part of a recording came before another one did; details say from where on they are awaited."""

    def __init__(self, expected: int) -> None:
        super().__init__(
            f"Chunk {expected} is awaited.",
            f"{expected}번 조각을 기다리고 있습니다.",
            details=[{"field": "index", "expected": expected}],
        )


class SpeechEnded(Conflict):
    """All of the recording was there already."""

    def __init__(self) -> None:
        super().__init__("The recording has ended.", "녹음이 이미 끝났습니다.")


class SpeechNotFound(NotFound):
    """There is no recording of that requestId that is being made, or not any more."""

    def __init__(self) -> None:
        super().__init__(
            "No recording of that requestId is being made; begin with audioStart.",
            "해당 requestId로 진행 중인 녹음이 없습니다. audioStart로 시작해 주세요.",
        )


class TooManyTakes(RateLimited):
    """The student makes as many recordings at once as anybody may."""

    def __init__(self) -> None:
        super().__init__(
            "Finish your other recordings first.", "진행 중인 다른 녹음을 먼저 끝내 주세요.", retry_after=10
        )


SPEECH_DROPPED, SPEECH_TOO_LONG, BUDGET_SPENT = "SPEECH_DROPPED", "SPEECH_TOO_LONG", "BUDGET_SPENT"
SENTENCES = {
    "UNAVAILABLE": Text(
        "The AI partner does not answer at the moment; try again.",
        "AI 파트너가 응답하지 않습니다. 잠시 후 다시 시도해 주세요.",
    ),
    "PARTNER_REFUSED": Text("The AI partner is not available.", "AI 파트너를 이용할 수 없습니다."),
    "TRANSCRIBER_REFUSED": Text("Recordings cannot be heard at the moment.", "지금은 녹음을 들을 수 없습니다."),
    "INVALID_REQUEST": Text("The recording could not be understood.", "녹음을 이해할 수 없습니다."),
    "CANCELLED": Text("The turn was cancelled.", "취소되었습니다."),
    PayloadTooLarge.code: RecordingTooLarge().text,
    SPEECH_DROPPED: Text(
        "The recording was dropped, because nothing more of it came.", "녹음이 더 이상 오지 않아 취소되었습니다."
    ),
    SPEECH_TOO_LONG: Text("A recording takes at most 60 seconds.", "녹음은 60초 이하여야 합니다."),
    BUDGET_SPENT: Text(
        "Today's time for recordings is used up; please write, or come back tomorrow.",
        "오늘 사용할 수 있는 녹음 시간을 모두 사용했습니다. 글로 쓰거나 내일 다시 이용해 주세요.",
    ),
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
