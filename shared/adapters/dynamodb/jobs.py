"""Records of work in the table."""

import json
from collections.abc import Collection

from boto3.dynamodb.conditions import Attr

from shared.adapters.dynamodb import keys
from shared.adapters.dynamodb.table import NEW, ConditionFailed, Item, Put, Table
from shared.domains.jobs.models import JobRecord, JobStatus


class DynamoJobRecords:
    """The port JobStore; results are kept as JSON text, so that they come back as they were, nulls and all."""

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
        item = self._table.get(keys.job(job_id), keys.METADATA)
        return _record(item) if item else None

    def change(self, job: JobRecord, *, only_from: Collection[JobStatus]) -> bool:
        """Write a record over the one that is stored, where that has one of the statuses."""
        try:
            self._table.write(Put(_item(job), Attr("status").is_in(sorted(only_from))))
        except ConditionFailed:
            return False
        return True


def _item(job: JobRecord) -> Item:
    place = {"PK": keys.job(job.job_id), "SK": keys.METADATA}
    listed = {"GSI1PK": keys.jobs_of(job.user_id), "GSI1SK": job.created_at}
    result = {"result": json.dumps(job.result, ensure_ascii=False)} if job.result is not None else {}
    return job.model_dump(by_alias=True, exclude_none=True) | result | place | listed


def _record(item: Item) -> JobRecord:
    result = {"result": json.loads(item["result"])} if "result" in item else {}
    return JobRecord.model_validate(item | result, extra="ignore")
