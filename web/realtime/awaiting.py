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

LOOK_SECONDS = 1.0

log = get_log()


class JobWait:
    """Waits on the topic of a job's owner, and is woken by a push of that job."""

    def __init__(self, job_id: str) -> None:
        """Wait for pushes that name the job."""
        self._named = job_id.encode()
        self._woken = threading.Event()

    def wait(self, seconds: float) -> None:
        """Return after so long, or at the next push of the job."""
        self._woken.wait(seconds)
        self._woken.clear()

    def push(self, payload: bytes) -> None:
        """Wake, where the push is of the job."""
        if self._named in payload:
            self._woken.set()


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
        hub.wait(user_topic(user_id), wait)
    except Unavailable:
        log.warning("job.not_heard")  # then it is looked at once a second


def _found(job_id: str, records: JobStore) -> JobRecord:
    job = records.get(job_id)
    if job is None:
        raise JobNotFound
    return job
