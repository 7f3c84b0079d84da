"""Records of work in the table."""

import json
import zlib
from collections.abc import Collection

from boto3.dynamodb.conditions import Attr, Key

from shared.adapters.dynamodb.items import METADATA
from shared.adapters.dynamodb.keys import jobs as keys
from shared.adapters.dynamodb.table import NEW, ConditionFailed, Item, Put, Table
from shared.domains.jobs.models import JobRecord, JobStatus

SHARDS = 8


class DynamoJobRecords:
    """The ports JobStore and SilentJobs; results are JSON text, so that they come back as they were, nulls and all."""

    def __init__(self, table: Table) -> None:
        """Use the table."""
        self._table = table

    def add(self, job: JobRecord) -> None:
        """Store a new record; where there is one of that id nothing changes."""
        try:
            self._table.write(Put(_item(job), NEW))
        except ConditionFailed:
            return

    def get(self, job_id: str) -> JobRecord | None:
        """Return a record as it stands."""
        item = self._table.get(keys.job(job_id), METADATA)
        return _record(item) if item else None

    def change(self, job: JobRecord, *, only_from: Collection[JobStatus]) -> bool:
        """Write a record over the one that is stored, where that has one of the statuses."""
        try:
            self._table.write(Put(_item(job), Attr("status").is_in(sorted(only_from))))
        except ConditionFailed:
            return False
        return True

    def silent_since(self, before: str, limit: int) -> list[JobRecord]:
        """Ask each part of the sparse index of unfinished records; eight queries."""
        found = [job for shard in range(SHARDS) for job in self._silent_in(shard, before, limit)]
        return sorted(found, key=lambda job: job.updated_at)[:limit]

    def _silent_in(self, shard: int, before: str, limit: int) -> list[JobRecord]:
        page = self._table.query(keys.unfinished_jobs(shard), index="GSI2", sort=Key("GSI2SK").lt(before), limit=limit)
        return [_record(item) for item in page.items]


def _item(job: JobRecord) -> Item:
    place = {"PK": keys.job(job.job_id), "SK": METADATA}
    listed = {"GSI1PK": keys.jobs_of(job.user_id), "GSI1SK": job.created_at}
    if not job.is_finished:
        listed |= {"GSI2PK": keys.unfinished_jobs(_shard_of(job.job_id)), "GSI2SK": job.updated_at}
    result = {"result": json.dumps(job.result, ensure_ascii=False)} if job.result is not None else {}
    return job.model_dump(by_alias=True, exclude_none=True) | result | place | listed


def _shard_of(job_id: str) -> int:
    """Return where a job is listed while it is unfinished: one partition would be the whole fleet's bottleneck."""
    return zlib.crc32(job_id.encode()) % SHARDS


def _record(item: Item) -> JobRecord:
    result = {"result": json.loads(item["result"])} if "result" in item else {}
    return JobRecord.model_validate(item | result, extra="ignore")
