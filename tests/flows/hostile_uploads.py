"""`python -m tests.flows.hostile_uploads 1000`: so many hostile uploads against a platform of its own.

A second number says which is the first. Each must have the answer that is right for it, cost at most 2 s of the
processor, and leave nothing in the bucket.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from bench.processor import spent_by
from tests.flows.hostile import Upload, upload
from tests.flows.people import People, Person
from tests.flows.platform import Platform, wait_for

COUNT_IN_TESTS = 60
EACH = 25
"""One person may send 30 recordings a minute."""
MOST_SECONDS = 2.0
EVERYTHING = {"all": ""}
JUDGED_SECONDS = 120.0
_STATUS = {"INVALID_REQUEST": 400, "PAYLOAD_TOO_LARGE": 413, "UNSUPPORTED_MEDIA_TYPE": 415}
"""What a request that waited would have been answered, by the code of a job that failed."""


class Judge:
    """Sends uploads one after the other, and keeps what was not as it must be."""

    def __init__(self, platform: Platform, newcomer: Callable[[], Person]) -> None:
        self._platform, self._newcomer = platform, newcomer
        self._person: Person | None = None
        self._sent = 0
        self._senders: list[str] = []
        self.faults: list[str] = []
        self.statuses: Counter[int] = Counter()
        self.dearest = 0.0

    def send(self, number: int) -> None:
        """Send the upload of a number; a dear one is sent again, since other work may have been counted with it."""
        one = upload(number)
        status, text, cost = self._sent_once(one)
        if cost > MOST_SECONDS:
            cost = min(cost, self._sent_once(one)[2])
        self.statuses[status] += 1
        self.dearest = max(self.dearest, cost)
        if status not in one.allowed:
            self.faults.append(f"{number}, {one.what}: answered {status} {text[:200]}")
        if cost > MOST_SECONDS:
            self.faults.append(f"{number}, {one.what}: {cost:.1f} s of the processor")

    def look_around(self) -> None:
        """See what is left: nothing in the bucket, every process alive."""
        bucket = self._platform.client("s3")
        name = self._platform.state["aws"]["bucket"]

        def left() -> list[str]:
            pages = [bucket.list_objects_v2(Bucket=name, Prefix=f"user-audio/{one}/") for one in self._senders]
            return [item["Key"] for page in pages for item in page.get("Contents", [])]

        try:
            wait_for(lambda: not left(), "nothing is left in the bucket", 30)
        except AssertionError:
            self.faults += [f"left in the bucket: {key}" for key in left()]
        if not self._platform.is_answering():
            self.faults.append("the platform is not ready")

    def _sent_once(self, one: Upload) -> tuple[int, str, float]:
        before = self._used()
        status, text = self._answer(one)
        return status, text, self._used() - before

    def _answer(self, one: Upload) -> tuple[int, str]:
        person = self._sender()
        try:
            answer = person.ask("POST", "/api/stt/evaluate", files=one.files, data=one.fields)
        except (httpx.WriteError, httpx.ReadError) as gone:  # it was refused before all of it was read
            return 413, type(gone).__name__
        if answer.status_code == httpx.codes.ACCEPTED:
            return self._later(person, answer.json()["jobId"])
        return answer.status_code, answer.text

    def _later(self, person: Person, job_id: str) -> tuple[int, str]:
        """Return what becomes of a recording that was not judged while its request waited, on a busy machine."""

        def ended() -> dict[str, Any] | None:
            job = person.get(f"/api/jobs/{job_id}")
            return job if job["status"] in ("COMPLETED", "FAILED") else None

        job = wait_for(ended, "it is judged", JUDGED_SECONDS)
        return (200 if job["status"] == "COMPLETED" else _STATUS.get(job["error"], 500)), str(job)

    def _sender(self) -> Person:
        if self._person is None or self._sent % EACH == 0:
            self._person = self._newcomer()
            self._senders.append(self._person.user_id)
            self._person.ask("PATCH", "/api/me", json={"keepRecordings": False})
        self._sent += 1
        return self._person

    def _used(self) -> float:
        return spent_by(self._platform.pid, EVERYTHING)["all"]


def main(count: int = 1_000, first: int = 0) -> int:
    """Send so many, and say what was wrong."""
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
        platform = Platform(Path(folder))
        platform.start()
        try:
            with httpx.Client(base_url=platform.base, timeout=60, trust_env=False) as http:
                judge = Judge(platform, People(platform, http).fresh)
                for number in range(first, first + count):
                    judge.send(number)
                judge.look_around()
        finally:
            platform.stop()
    for fault in judge.faults:
        print(fault)  # noqa: T201  # the command's answer
    print(f"{count} sent: {dict(judge.statuses)}; the dearest took {judge.dearest:.2f} s; {len(judge.faults)} faults")  # noqa: T201
    return 1 if judge.faults else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
