"""Numbers that alarms at AWS need and that no service of AWS knows, published to CloudWatch."""

from typing import Any

from shared.adapters.aws.errors import translated
from shared.domains.operations.models import Letters

NAMESPACE = "SpeakTracker"
UNSETTLED = "UnsettledDeadLetters"
DEFAULT = "default"


class CloudWatchNumbers:
    """The port Published: one call each time, for all numbers."""

    def __init__(self, client: Any, environment: str) -> None:
        """Use a boto3 CloudWatch client; the environment is a dimension, since its alarms are."""
        self._client, self._environment = client, environment or DEFAULT

    @translated()
    def publish(self, letters: Letters) -> None:
        """Publish how many letters are unsettled."""
        self._client.put_metric_data(
            Namespace=NAMESPACE,
            MetricData=[
                {
                    "MetricName": UNSETTLED,
                    "Dimensions": [{"Name": "Environment", "Value": self._environment}],
                    "Value": float(sum(letters.states.values())),
                    "Unit": "Count",
                }
            ],
        )
