"""Requests that wait for a job: woken by its pushes, and looking once a second, so that a lost push delays a little."""

import threading
import time

from shared.domains.jobs.errors import JobNotFound
from shared.domains.jobs.models import JobRecord
from shared.domains.jobs.ports import JobStore
from shared.kernel.errors import Unavailable
from shared.kernel.logs import get_log
from shared.kernel.topics import user_topic
from web.realtime.hub import Hub
from web.realtime.sockets.port import Connection, Frame

LOOK_SECONDS = 1.0

log = get_log()


class JobWait:
    """A member of the hub on the topic of a job's owner, whom a push of that job wakes."""

    user_id = ""
    is_channel = False
    closed = False
    queued = 0
    heard_at = 0.0

    def __init__(self, job_id: str) -> None:
        """Wait for pushes that name the job."""
        self._named = job_id.encode()
        self._woken = threading.Event()
        self.connection: Connection = self

    def wait(self, seconds: float) -> None:
        """Return after so long, or at the next push of the job."""
        self._woken.wait(seconds)
        self._woken.clear()

    def send(self, frame: Frame) -> None:
        """Wake, where the push is of the job."""
        if self._named in frame.payload:
            self._woken.set()

    def close(self, code: int, reason: str = "") -> None:
        """Do nothing: nobody orders this to close."""

    def matches(self, only: dict[str, str]) -> bool:
        """Tell that no order to close means this."""
        return False


def await_job(job_id: str, user_id: str, seconds: float, *, hub: Hub, records: JobStore) -> JobRecord:
    """Return a job as soon as it has finished, or as it stands after so many seconds; waiting costs a greenlet.

    Raises:
        JobNotFound: there is none.
        Unavailable: the records do not answer.
    """
    until = time.monotonic() + seconds
    if seconds <= 0:
        return _found(job_id, records)
    wait = JobWait(job_id)
    _join(hub, user_id, wait)
    try:
        while True:
            job = _found(job_id, records)
            left = until - time.monotonic()
            if job.is_finished or left <= 0:
                return job
            wait.wait(min(LOOK_SECONDS, left))
    finally:
        hub.leave(user_topic(user_id), wait)


def _join(hub: Hub, user_id: str, wait: JobWait) -> None:
    try:
        hub.join(user_topic(user_id), wait)
    except Unavailable:
        log.warning("job.not_heard")  # then it is looked at once a second


def _found(job_id: str, records: JobStore) -> JobRecord:
    job = records.get(job_id)
    if job is None:
        raise JobNotFound
    return job
