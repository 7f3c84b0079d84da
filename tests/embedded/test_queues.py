"""SQS on the embedded endpoint: long polls, dead letters and order, also across a crash."""

import json
import os
import signal
import socket
import threading
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError


def bodies(sqs: Any, queue: str, **options: Any) -> list[str]:
    answer = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, **options)
    return [message["Body"] for message in answer.get("Messages", [])]


def arn_of(sqs: Any, queue: str) -> str:
    answer = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    return str(answer["Attributes"]["QueueArn"])


def with_dead_letters(sqs: Any, name: str, dead: str, receives: int = 1) -> str:
    policy = {"deadLetterTargetArn": arn_of(sqs, dead), "maxReceiveCount": receives}
    answer = sqs.create_queue(QueueName=name, Attributes={"RedrivePolicy": json.dumps(policy)})
    return str(answer["QueueUrl"])


def fail_once(sqs: Any, queue: str) -> None:
    """Receive without a lease and look again, which moves what was received too often."""
    bodies(sqs, queue, VisibilityTimeout=0)
    bodies(sqs, queue, VisibilityTimeout=0)


def test_a_long_poll_is_answered_by_a_message_sent_while_it_waits(embedded_cloud: Any, embedded_queue: str) -> None:
    sqs = embedded_cloud.client("sqs")
    received: list[str] = []
    for number in range(20):
        poll = threading.Thread(target=lambda: received.extend(bodies(sqs, embedded_queue, WaitTimeSeconds=20)))
        poll.start()
        sqs.send_message(QueueUrl=embedded_queue, MessageBody=str(number))
        poll.join(10)
        assert received[-1:] == [str(number)]


def test_open_polls_are_answered_when_workers_stop(embedded_cloud: Any, embedded_queue: str) -> None:
    sqs = embedded_cloud.client("sqs")
    poll = threading.Thread(target=bodies, args=(sqs, embedded_queue), kwargs={"WaitTimeSeconds": 20})
    began = time.monotonic()
    poll.start()
    while poll.is_alive() and time.monotonic() - began < 15:
        os.kill(embedded_cloud.process.pid or 0, signal.SIGUSR1)
        poll.join(0.1)
    assert not poll.is_alive()
    sqs.send_message(QueueUrl=embedded_queue, MessageBody="later")
    assert bodies(sqs, embedded_queue, WaitTimeSeconds=5) == ["later"]


def test_a_poll_that_hung_up_takes_no_message(embedded_cloud: Any, embedded_queue: str) -> None:
    sqs = embedded_cloud.client("sqs")
    for _ in range(3):
        hang_up_while_polling(embedded_cloud, embedded_queue)
    sqs.send_message(QueueUrl=embedded_queue, MessageBody="for the living")
    assert bodies(sqs, embedded_queue, WaitTimeSeconds=5) == ["for the living"]


def hang_up_while_polling(cloud: Any, queue: str) -> None:
    body = json.dumps({"QueueUrl": queue, "WaitTimeSeconds": 20}).encode()
    head = (
        f"POST / HTTP/1.1\r\nHost: 127.0.0.1:{cloud.process.port}\r\nContent-Length: {len(body)}\r\n"
        "Content-Type: application/x-amz-json-1.0\r\nX-Amz-Target: AmazonSQS.ReceiveMessage\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", cloud.process.port)) as connection:
        connection.sendall(head.encode() + body)
    # The endpoint reads the end of the connection before it reads what is asked next on another one.
    cloud.client("sqs").get_queue_url(QueueName=queue.rsplit("/", 1)[-1])


def test_dead_letters_go_back_where_they_came_from(embedded_cloud: Any, embedded_queue: str) -> None:
    sqs = embedded_cloud.client("sqs")
    first, second = (with_dead_letters(sqs, f"origin-{number}", embedded_queue) for number in (1, 2))
    assert sorted(sqs.list_dead_letter_source_queues(QueueUrl=embedded_queue)["queueUrls"]) == sorted((first, second))
    for queue in (first, second):
        sqs.send_message(QueueUrl=queue, MessageBody=f"from {queue}")
        fail_once(sqs, queue)
    source = arn_of(sqs, embedded_queue)

    handle = sqs.start_message_move_task(SourceArn=source)["TaskHandle"]
    task = sqs.list_message_move_tasks(SourceArn=source)["Results"][0]

    assert (task["Status"], task["ApproximateNumberOfMessagesMoved"]) == ("COMPLETED", 2)
    assert handle
    assert bodies(sqs, embedded_queue) == []
    for queue in (first, second):
        message = sqs.receive_message(QueueUrl=queue, AttributeNames=["All"])["Messages"][0]
        assert message["Body"] == f"from {queue}"
        assert message["Attributes"]["ApproximateReceiveCount"] == "1"


def test_dead_letters_move_to_a_named_queue(embedded_cloud: Any, embedded_queue: str) -> None:
    sqs = embedded_cloud.client("sqs")
    target = sqs.create_queue(QueueName="target")["QueueUrl"]
    with_dead_letters(sqs, "origin-3", embedded_queue)
    sqs.send_message(QueueUrl=embedded_queue, MessageBody="sent straight to the dead")
    sqs.start_message_move_task(SourceArn=arn_of(sqs, embedded_queue), DestinationArn=arn_of(sqs, target))
    assert bodies(sqs, target) == ["sent straight to the dead"]


def test_only_a_dead_letter_queue_can_be_moved(embedded_cloud: Any, embedded_queue: str) -> None:
    sqs = embedded_cloud.client("sqs")
    with pytest.raises(ClientError, match="Dead Letter Queue"):
        sqs.start_message_move_task(SourceArn=arn_of(sqs, embedded_queue))
    with pytest.raises(sqs.exceptions.ResourceNotFoundException):
        sqs.list_message_move_tasks(SourceArn="arn:aws:sqs:us-east-1:000000000000:nowhere")


def test_a_message_from_a_topic_wakes_a_long_poll(embedded_cloud: Any, embedded_queue: str) -> None:
    sqs, sns = embedded_cloud.client("sqs"), embedded_cloud.client("sns")
    topic = sns.create_topic(Name="wake")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn_of(sqs, embedded_queue))
    sns.publish(TopicArn=topic, Message="alarm")
    assert [json.loads(body)["Message"] for body in bodies(sqs, embedded_queue, WaitTimeSeconds=10)] == ["alarm"]


def test_leases_order_and_deduplication_survive_a_crash(embedded_crashing_cloud: Any) -> None:
    cloud = embedded_crashing_cloud
    sqs = cloud.client("sqs")
    queue = sqs.create_queue(QueueName="turns.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    for number in range(3):
        send_in_order(sqs, queue, number)
    held = sqs.receive_message(QueueUrl=queue, AttributeNames=["All"], VisibilityTimeout=600)["Messages"][0]
    cloud.crash()

    assert bodies(sqs, queue) == []
    again = send_in_order(sqs, queue, 1)
    later = send_in_order(sqs, queue, 3)
    assert again["SequenceNumber"] < later["SequenceNumber"]
    sqs.delete_message(QueueUrl=queue, ReceiptHandle=held["ReceiptHandle"])
    assert bodies(sqs, queue) == ["1", "2", "3"]


def send_in_order(sqs: Any, queue: str, number: int) -> dict[str, Any]:
    answer: dict[str, Any] = sqs.send_message(
        QueueUrl=queue, MessageBody=str(number), MessageGroupId="one", MessageDeduplicationId=str(number)
    )
    return answer


def test_dead_letters_delays_and_purges_survive_a_crash(embedded_crashing_cloud: Any) -> None:
    cloud = embedded_crashing_cloud
    sqs = cloud.client("sqs")
    dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
    queue = with_dead_letters(sqs, "work", dead)
    purged = sqs.create_queue(QueueName="purged")["QueueUrl"]
    sqs.send_message(QueueUrl=queue, MessageBody="poison")
    fail_once(sqs, queue)
    sqs.send_message(QueueUrl=queue, MessageBody="later", DelaySeconds=900)
    sqs.send_message(QueueUrl=purged, MessageBody="gone")
    sqs.purge_queue(QueueUrl=purged)
    cloud.crash()

    assert bodies(sqs, dead) == ["poison"]
    assert bodies(sqs, purged) == []
    counters = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesDelayed"]
    attributes = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=counters)["Attributes"]
    assert attributes == dict(zip(counters, ("0", "1"), strict=True))


def test_one_persons_many_messages_let_anothers_one_pass(embedded_cloud: Any, embedded_queue: str) -> None:
    sqs = embedded_cloud.client("sqs")
    for number in range(6):
        sqs.send_message(QueueUrl=embedded_queue, MessageBody=f"many {number}", MessageGroupId="noisy")
    assert received(sqs, embedded_queue, 2) == ["many 0", "many 1"]
    sqs.send_message(QueueUrl=embedded_queue, MessageBody="one", MessageGroupId="quiet")
    sqs.send_message(QueueUrl=embedded_queue, MessageBody="nobody's")
    assert received(sqs, embedded_queue, 3) == ["one", "nobody's", "many 2"]
    assert received(sqs, embedded_queue, 10) == ["many 3", "many 4", "many 5"]


def received(sqs: Any, queue: str, most: int) -> list[str]:
    answer = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=most, VisibilityTimeout=60)
    return [message["Body"] for message in answer.get("Messages", [])]
