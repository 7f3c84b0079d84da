"""What SQS publishes of its queues is found where it is asked for."""

import time
from collections.abc import Iterator

import pytest
from ministack.core.responses import request_scope
from ministack.services import cloudwatch, sqs

from embedded.aws import queue_metrics

ACCOUNT, REGION, NAME = "000000000000", "ap-northeast-2", "tts-of-this-test"


@pytest.fixture
def waiting() -> Iterator[None]:
    """A queue on which one message has waited for a minute, and another is hidden."""
    now, url = time.time(), f"http://localhost/{ACCOUNT}/{NAME}"
    messages = [{"sent_at": now - 60, "visible_at": now - 60}, {"sent_at": now - 5, "visible_at": now + 30}]
    sqs._queues.set_scoped(ACCOUNT, REGION, url, {"url": url, "messages": messages})
    yield
    sqs._queues.pop_scoped(ACCOUNT, REGION, url)


@pytest.mark.usefixtures("waiting")
def test_the_age_and_depth_of_a_queue_are_told_in_its_region() -> None:
    queue_metrics.publish()
    with request_scope(ACCOUNT, REGION):
        told = {
            name: points[-1]["Value"]
            for (space, name, _), points in cloudwatch._metrics.items()
            if space == "AWS/SQS" and points[-1]["Dimensions"] == {"QueueName": NAME}
        }
    assert told.pop("ApproximateAgeOfOldestMessage") == pytest.approx(60, abs=5)
    assert told == {"ApproximateNumberOfMessagesVisible": 1.0, "ApproximateNumberOfMessagesNotVisible": 1.0}
