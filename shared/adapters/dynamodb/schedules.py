"""The last success of what beat asks for, in the table."""

from datetime import datetime

from boto3.dynamodb.conditions import Attr

from shared.adapters.dynamodb.keys import schedules as keys
from shared.adapters.dynamodb.table import NEW, ConditionFailed, Table, Update
from shared.kernel.times import instant, timestamp


class DynamoScheduleNotes:
    """The port ScheduleNotes: one item a schedule, all in one partition, since they are few."""

    def __init__(self, table: Table) -> None:
        """Use the table."""
        self._table = table

    def note(self, name: str, at: datetime) -> None:
        """Keep when a job ended well, unless a later time is known."""
        text = timestamp(at)
        later = NEW | Attr("at").lt(text)
        try:
            self._table.write(Update(keys.SCHEDULES, name, put={"at": text}, condition=later))
        except ConditionFailed:
            return

    def last(self) -> dict[str, datetime]:
        """Return the last success of each; one query."""
        return {item["SK"]: instant(item["at"]) for item in self._table.query(keys.SCHEDULES).items}
