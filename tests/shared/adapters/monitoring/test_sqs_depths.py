"""Queue depths for Flower's broker page, from an SQS that has only some of the queues."""

import asyncio

import pytest
from botocore.exceptions import ClientError

from shared.adapters.monitoring.options import MonitoringOptions
from shared.adapters.monitoring.sqs_depths import SqsDepths


class OneQueue:
    """An SQS that has one queue, with messages of each kind."""

    def __init__(self):
        self.asked = []

    def get_queue_url(self, *, QueueName):  # noqa: N803
        self.asked.append(QueueName)
        if QueueName != "production-mail":
            raise ClientError({"Error": {"Code": "QueueDoesNotExist"}}, "GetQueueUrl")
        return {"QueueUrl": f"https://sqs/{QueueName}"}

    def get_queue_attributes(self, *, QueueUrl, AttributeNames):  # noqa: N803
        return {"Attributes": dict(zip(AttributeNames, ("3", "2", "1"), strict=True))}


@pytest.fixture
def client():
    return OneQueue()


@pytest.fixture
def depths(client):
    options = MonitoringOptions("redis://unused", sqs_client=lambda: client, queues={"mail": "production-mail"})
    return SqsDepths(options)


def test_queues_are_asked_for_by_their_names_in_sqs(depths):
    row = asyncio.run(depths.queues(["mail"]))[0]

    assert row == {
        "name": "production-mail",
        "messages": 6,
        "messages_ready": 3,
        "messages_unacknowledged": 2,
        "messages_delayed": 1,
    }


def test_a_queue_that_is_missing_hides_no_other(depths):
    rows = asyncio.run(depths.queues(["unheard of"]))

    assert {row["name"]: row["messages"] for row in rows} == {
        "production-mail": 6,
        "production-mail-dlq": None,
        "unheard of": None,
        "unheard of-dlq": None,
    }


def test_addresses_are_asked_for_once(depths, client):
    for _ in range(2):
        asyncio.run(depths.queues([]))

    assert client.asked.count("production-mail") == 1


def test_without_a_client_the_error_says_what_is_missing():
    with pytest.raises(ValueError, match="sqs_client"):
        asyncio.run(SqsDepths(MonitoringOptions("redis://unused", queues={"mail": "mail"})).queues([]))
