"""Refusals of practice."""

from shared.kernel.errors import DomainError, Invalid


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
