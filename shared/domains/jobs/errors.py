"""Refusals of jobs."""

from shared.kernel.errors import Conflict, NotFound


class JobNotFound(NotFound):
    """There is no such job, or it is somebody else's."""

    def __init__(self) -> None:
        super().__init__("Job not found", "작업을 찾을 수 없습니다.")


class JobFinished(Conflict):
    """What has finished cannot be cancelled."""

    def __init__(self) -> None:
        super().__init__("The job has finished already.", "이미 끝난 작업입니다.")
