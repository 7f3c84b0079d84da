"""Refusals of voices."""

from shared.kernel.errors import DomainError, Invalid


class Unspeakable(Invalid):
    """The engine refuses this text or voice, and always will."""

    code = "UNSPEAKABLE"

    def __init__(self) -> None:
        super().__init__("This text cannot be spoken.", "이 문장은 음성으로 만들 수 없습니다.")


class SpeakerRefused(DomainError):
    """The engine does not serve us: permissions or settings are wrong, and trying again does not help."""

    def __init__(self) -> None:
        super().__init__("Speech is not available.", "음성을 만들 수 없습니다.")
