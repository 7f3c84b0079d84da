"""Refusals of recordings."""

from shared.kernel.errors import DomainError, Invalid


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


class AudioTooLarge(Invalid):
    """It has more than ten mebibytes."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("A recording takes at most 10 MiB.", "녹음 파일은 10MiB 이하여야 합니다.")


class RecordingGone(Invalid):
    """There is none under this key, or none any more: the bucket keeps recordings for 30 days."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__("The recording is not there any more.", "녹음을 찾을 수 없습니다.")


class TranscriberRefused(DomainError):
    """The recogniser does not serve us: permissions or settings are wrong, and trying again does not help."""

    code, status = "TRANSCRIBER_REFUSED", 500

    def __init__(self) -> None:
        """Say so."""
        super().__init__("Recordings cannot be heard at the moment.", "녹음을 들을 수 없습니다.")
