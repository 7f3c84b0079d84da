"""The book of runs in the table: one item a job, `ONCE#job#{jobId}`, shared by all workers."""

import time
import uuid

from boto3.dynamodb.conditions import Attr, ConditionBase

from shared.adapters.dynamodb.items import METADATA
from shared.adapters.dynamodb.keys import ledger as keys
from shared.adapters.dynamodb.ledger import IN_PROGRESS, Outcome, milliseconds, state_of, takeable
from shared.adapters.dynamodb.table import ConditionFailed, Item, Table, Update
from shared.kernel.ports import Clock
from shared.kernel.runs import Arrival, Done, Held, Run
from shared.kernel.times import timestamp

LONGEST_ERROR = 1_000
BELIEVED_SECONDS = 300.0
"""A lease that ends later than its length and so much more was taken by a clock that is wrong: nobody holds it."""


class DynamoRuns:
    """The port Runs; each method is one write."""

    def __init__(self, table: Table, clock: Clock) -> None:
        """Use the table."""
        self._table, self._clock = table, clock

    def count(self, arrival: Arrival, *, keep_seconds: float) -> Run:
        """Add one to the job's runs."""
        update = self._update(arrival.job_id, put={"ttl": _ttl(keep_seconds)}, **self._one_more(arrival))
        return _run(self._table.write(update, want="ALL_NEW"), arrival)

    def begin(self, arrival: Arrival, *, lease_seconds: float, keep_seconds: float) -> Run | Held | Done:
        """Take the job by a condition on its item; a write whose answer was lost is known again by its owner."""
        now, owner, more = time.time(), uuid.uuid4().hex, self._one_more(arrival)
        lease = {"owner": owner, "leaseUntil": milliseconds(now + lease_seconds)}
        update = self._update(
            arrival.job_id,
            put={**IN_PROGRESS, **lease, "ttl": _ttl(keep_seconds)},
            add={"fence": 1, **more["add"]},
            put_if_absent=more["put_if_absent"],
            # without a state it was counted while its type was not yet once-only
            condition=takeable(now) | _unbelievable(now + lease_seconds) | Attr("state").not_exists(),
        )
        try:
            return _run(self._table.write(update, want="ALL_NEW"), arrival)
        except ConditionFailed as taken:
            found = taken.item or {}
            return _run(found, arrival) if found.get("owner") == owner else _state(found)

    def renew(self, job_id: str, fence: int, *, lease_seconds: float) -> bool:
        """Move the end of the lease."""
        return self._write_if_ours(job_id, fence, {"leaseUntil": milliseconds(time.time() + lease_seconds)})

    def complete(self, job_id: str, fence: int) -> bool:
        """Change the state."""
        return self._write_if_ours(job_id, fence, {"state": "COMPLETED"})

    def forgo(self, arrival: Arrival, fence: int) -> None:
        """Take the count back, end the lease, and raise the fence above whatever this run still does."""
        counter, _ = _names(arrival)
        self._write_if_ours(arrival.job_id, fence, {"leaseUntil": 0}, add={counter: -1, "fence": 1})

    def fail(self, arrival: Arrival, run: Run, error: str, *, keep_seconds: float) -> None:
        """Keep the error, and end the lease where the job is still ours."""
        known = {"lastError": error[:LONGEST_ERROR], "ttl": _ttl(keep_seconds)}
        if run.fence:
            self._write_if_ours(arrival.job_id, run.fence, {**known, "leaseUntil": 0})
        else:
            more = {} if run.is_counted else self._one_more(arrival)
            self._table.write(self._update(arrival.job_id, put=known, **more))

    def _one_more(self, arrival: Arrival) -> Item:
        counter, first = _names(arrival)
        return {"add": {counter: 1}, "put_if_absent": {first: timestamp(self._clock.now())}}

    def _write_if_ours(self, job_id: str, fence: int, put: Item, **more: object) -> bool:
        ours = Attr("fence").eq(fence) & Attr("state").eq("IN_PROGRESS")
        try:
            self._table.write(self._update(job_id, put=put, condition=ours, **more))
        except ConditionFailed:
            return False
        return True

    @staticmethod
    def _update(job_id: str, **change: object) -> Update:
        return Update(keys.job_run(job_id), METADATA, **change)  # type: ignore[arg-type]  # passed on by name


def _unbelievable(until: float) -> ConditionBase:
    """Return the condition of a lease that no right clock could have taken: its holder died a day ahead, say."""
    return Attr("state").eq("IN_PROGRESS") & Attr("leaseUntil").gt(milliseconds(until + BELIEVED_SECONDS))


def _names(arrival: Arrival) -> tuple[str, str]:
    """Return the attributes that count a job's runs since it was sent last, and that tell when the first began."""
    return (f"runs{arrival.replays or ''}", f"firstAt{arrival.replays or ''}")


def _state(item: Item) -> Held | Done:
    entry = state_of(item)
    if entry.outcome is Outcome.DONE:
        return Done()
    return Held(max(0.0, entry.lease_until - time.time()))


def _run(item: Item, arrival: Arrival) -> Run:
    counter, first = _names(arrival)
    number = item[counter]
    error = item.get("lastError") if number > 1 else None  # what is older died before the replay
    return Run(number, item.get("fence", 0), first_at=item.get(first), last_error=error)


def _ttl(keep_seconds: float) -> int:
    return int(time.time() + keep_seconds)
