"""Refusals of practice."""

from shared.kernel.errors import Conflict, DomainError, Invalid, NotFound, RateLimited, Unavailable


class NothingToScore(Invalid):
    """There is no English word in the sentence, or there are more than can be said in a minute."""

    def __init__(self) -> None:
        """Tell what is taken."""
        super().__init__(
            "originalText needs 1 to 200 English words.", "originalText에는 영어 단어 1–200개가 필요합니다."
        )


class ScorerMissing(DomainError):
    """The worker was installed without what scores: trying again does not help."""

    code, status = "SCORER_MISSING", 500

    def __init__(self) -> None:
        """Tell the student; the log says what to install."""
        super().__init__("Pronunciation cannot be scored at the moment.", "지금은 발음을 평가할 수 없습니다.")


class SessionNotFound(NotFound):
    """There is no such session, or it is somebody else's."""

    def __init__(self) -> None:
        """Tell the caller that nothing is there."""
        super().__init__("Session not found", "세션을 찾을 수 없습니다.")


class SessionEnded(Conflict):
    """A session that has ended takes nothing more."""

    def __init__(self) -> None:
        """Tell the caller to begin another."""
        super().__init__("The session has ended.", "이미 종료된 세션입니다.")


class ResultNotFound(NotFound):
    """There is no such result, or it is somebody else's."""

    def __init__(self) -> None:
        """Tell the caller that nothing is there."""
        super().__init__("Result not found", "결과를 찾을 수 없습니다.")


class NoSentences(Unavailable):
    """The model gave no sentence that can be shown; another try may."""

    def __init__(self) -> None:
        """Ask the student to try again."""
        super().__init__("No sentences could be written; try again.", "문장을 만들지 못했습니다. 다시 시도해 주세요.")


class SentencesSpent(RateLimited):
    """The student's budget of the day is spent."""

    def __init__(self) -> None:
        """Ask the student to come back tomorrow."""
        super().__init__("Today's budget is spent.", "오늘의 사용량을 모두 사용했습니다.")


class TopicUnknown(Invalid):
    """The model does not write on the topic, and says why."""

    def __init__(self, note: str) -> None:
        """Pass on what the model says."""
        super().__init__(note)
