"""Numbers that alarms and scaling policies at AWS need and that no service of AWS knows, published to CloudWatch."""

from collections.abc import Iterator, Sequence
from typing import Any

from shared.adapters.aws.errors import translated
from shared.domains.operations.models import GroupLoad, Letters

NAMESPACE = "SpeakTracker"
UNSETTLED = "UnsettledDeadLetters"
BACKLOG = "BacklogPerWorker"
OLDEST = "OldestMessageAge"
DEFAULT = "default"


class CloudWatchNumbers:
    """The port Published: one call each time, for all numbers."""

    def __init__(self, client: Any, environment: str) -> None:
        """Use a boto3 CloudWatch client; the environment is a dimension, since its alarms are."""
        self._client, self._environment = client, environment or DEFAULT

    @translated()
    def publish(self, letters: Letters, loads: Sequence[GroupLoad]) -> None:
        """Publish how many letters are unsettled, and of each group its backlog and the age of its oldest message.

        An age that nobody knows is left out: a policy waits for the next, where a 0 would be believed.
        """
        unsettled = self._datum(UNSETTLED, float(sum(letters.states.values())), "Count")
        data = [unsettled, *(datum for load in loads for datum in self._data(load))]
        self._client.put_metric_data(Namespace=NAMESPACE, MetricData=data)

    def _data(self, load: GroupLoad) -> Iterator[dict[str, Any]]:
        yield self._datum(BACKLOG, load.backlog, "None", load.group)
        if load.oldest_seconds is not None:
            yield self._datum(OLDEST, load.oldest_seconds, "Seconds", load.group)

    def _datum(self, name: str, value: float, unit: str, group: str | None = None) -> dict[str, Any]:
        dimensions = [{"Name": "Environment", "Value": self._environment}]
        dimensions += [{"Name": "Group", "Value": group}] if group else []
        return {"MetricName": name, "Dimensions": dimensions, "Value": value, "Unit": unit}
