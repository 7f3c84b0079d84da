"""Refusals of graphs."""

from shared.domains.graphs.models import LARGEST_EXPORT, MOST_UNFINISHED, Refusal
from shared.kernel.errors import Conflict, Invalid, NotFound, PayloadTooLarge, RateLimited, UnsupportedMediaType

_MEGABYTES = LARGEST_EXPORT >> 20


class GraphNotFound(NotFound):
    """There is no such graph, or it is somebody else's."""

    def __init__(self) -> None:
        """Name it."""
        super().__init__("Graph not found", "그래프를 찾을 수 없습니다.")


class GraphNotReady(Conflict):
    """It is still being made, or could not be made."""

    def __init__(self, refusal: Refusal | None = None) -> None:
        """Give the reason where it could not be made."""
        if refusal is None:
            super().__init__("The graph is not ready yet.", "그래프가 아직 준비되지 않았습니다.")
        else:
            super().__init__(refusal.en, refusal.ko, details=[{"reason": refusal.code}])


class ExportTooLarge(PayloadTooLarge):
    """More bytes than an export may have."""

    def __init__(self) -> None:
        """Name the bound."""
        super().__init__(
            f"An export may have at most {_MEGABYTES} MB.", f"내보낸 파일은 {_MEGABYTES}MB까지 올릴 수 있습니다."
        )


class NoExport(UnsupportedMediaType):
    """What was sent cannot be an export."""

    def __init__(self) -> None:
        """Say what is taken."""
        super().__init__(
            "The file must be JSON or a zip: an export of ChatGPT or Claude, or a list of conversations.",
            "파일은 JSON이나 zip이어야 합니다. ChatGPT나 Claude에서 내보낸 파일, 또는 대화 목록을 올려 주세요.",
        )


class NoFile(Invalid):
    """The form holds no file."""

    def __init__(self) -> None:
        """Name the field."""
        super().__init__(
            "The form needs the field `file` with an export.",
            "`file` 필드에 내보낸 파일이 필요합니다.",
            details=[{"field": "file", "reason": "missing"}],
        )


class TooManyGraphs(RateLimited):
    """As many graphs of the person are being made already as may be at once."""

    def __init__(self) -> None:
        """Name the bound."""
        super().__init__(
            f"{MOST_UNFINISHED} graphs are being made already; wait for one of them.",
            f"이미 그래프 {MOST_UNFINISHED}개를 만들고 있습니다. 잠시 기다려 주세요.",
            retry_after=30,
        )


class ExportRefused(Invalid):
    """The engine cannot make a map of it; trying again does not help."""

    def __init__(self, refusal: Refusal) -> None:
        """Keep the reason."""
        super().__init__(refusal.en, refusal.ko)
        self.refusal = refusal


class MapCancelled(Conflict):
    """Its owner wants the map no more."""

    def __init__(self) -> None:
        """Name it."""
        super().__init__("The job was cancelled.", "작업이 취소되었습니다.")
