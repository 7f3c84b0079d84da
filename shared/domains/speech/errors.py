"""Refusals of recordings."""

from shared.kernel.errors import Invalid


class UnreadableAudio(Invalid):
    """It is no recording of a kind that is taken, or it is damaged."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("The recording cannot be read.", "녹음을 읽을 수 없습니다.")


class AudioTooLong(Invalid):
    """It lasts longer than a minute."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("A recording takes at most 60 seconds.", "녹음은 60초 이하여야 합니다.")
