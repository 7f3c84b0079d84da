"""Refusals of the notebook."""

from shared.kernel.errors import NotFound


class EntryNotFound(NotFound):
    """There is no such entry, or it is somebody else's."""

    def __init__(self) -> None:
        """Tell the caller that nothing is there."""
        super().__init__("Notebook entry not found", "노트 항목을 찾을 수 없습니다.")
