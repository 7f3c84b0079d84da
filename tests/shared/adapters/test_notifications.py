import json
from typing import Any

import pytest

from shared.adapters.aws.pager import SnsPager
from shared.adapters.dynamodb.notifications import DynamoNotifications
from shared.adapters.dynamodb.table import Table
from shared.adapters.memory.notifications import MemoryNotifications
from shared.domains.notifications.models import MOST_COUNTED, Notification, NotificationType, Wording
from shared.domains.notifications.ports import NotificationStore


def a_notification(number: int = 1, user_id: str = "ann", **fields: Any) -> Notification:
    given: dict[str, Any] = {
        "notification_id": f"n{number}",
        "user_id": user_id,
        "type": NotificationType.TUTOR_MATCH,
        "title": Wording(en="New", ko="새로운"),
        "message": Wording(en="Hello", ko="안녕"),
        "data": {"requestId": "r1", "status": "PENDING"},
        "created_at": f"2026-01-02T03:04:{number:02d}.000000Z",
    }
    return Notification(**given | fields)


@pytest.fixture(params=["memory", "dynamodb"])
def notifications(request: pytest.FixtureRequest) -> NotificationStore:
    if request.param == "memory":
        return MemoryNotifications()
    return DynamoNotifications(request.getfixturevalue("adapter_table"))


def listed(store: NotificationStore, unread_only: bool = False, limit: int = 2) -> list[list[str]]:
    pages, position = [], None
    while True:
        page = store.of_user("ann", unread_only=unread_only, limit=limit, position=position)
        pages.append([one.notification_id for one in page.items])
        if page.position is None:
            return pages
        position = json.loads(json.dumps(page.position))


def test_a_notification_is_kept_once_as_it_was(notifications: NotificationStore) -> None:
    one = a_notification(language="ko")
    for again in (one, one.model_copy(update={"data": {}})):
        notifications.add(again)

    assert notifications.find("n1", "ann") == one
    assert notifications.find("n1", "ben") is None
    assert notifications.find("n2", "ann") is None


def test_a_hundred_unread_stand_for_more(notifications: NotificationStore) -> None:
    for number in range(MOST_COUNTED + 3):
        notifications.add(a_notification(number % 60, notification_id=f"m{number}"))

    assert notifications.unread_count("ann") == MOST_COUNTED
    assert notifications.mark_all_read("ann") == MOST_COUNTED + 3


def test_they_are_listed_newest_first_and_counted(notifications: NotificationStore) -> None:
    for number in range(1, 6):
        notifications.add(a_notification(number))
    notifications.add(a_notification(9, "ben"))
    for number in (2, 4, 4, 7):
        notifications.mark_read(a_notification(number))

    assert listed(notifications) == [["n5", "n4"], ["n3", "n2"], ["n1"]]
    assert listed(notifications, unread_only=True) == [["n5", "n3"], ["n1"]]
    assert notifications.unread_count("ann") == 3
    assert notifications.mark_all_read("ann") == 3
    assert notifications.mark_all_read("ann") == 0
    assert listed(notifications, unread_only=True) == [[]]
    assert (notifications.unread_count("ann"), notifications.unread_count("ben")) == (0, 1)
    found = notifications.find("n5", "ann")
    assert found == a_notification(5, read=True)


def test_the_item_has_the_keys_of_the_table(adapter_table: Table) -> None:
    DynamoNotifications(adapter_table).add(a_notification())

    item = adapter_table.get("USER#ann", "NOTE#2026-01-02T03:04:01.000000Z#n1")

    assert item is not None
    assert (item["GSI1PK"], item["GSI2PK"]) == ("USER#ann#UNREAD", "NOTE#n1")


class Topic:
    def __init__(self) -> None:
        self.published: list[dict[str, Any]] = []

    def publish(self, **fields: Any) -> None:
        self.published.append(fields)


def test_a_page_names_the_person_in_their_language() -> None:
    topic = Topic()
    SnsPager(topic, "arn:topic").page(a_notification(language="ko"))
    SnsPager(topic, None).page(a_notification(2))

    [sent] = topic.published
    assert sent["TopicArn"] == "arn:topic"
    assert json.loads(sent["Message"]) == {
        "notificationId": "n1",
        "userId": "ann",
        "type": "tutor_match",
        "title": "새로운",
        "message": "안녕",
        "data": {"requestId": "r1", "status": "PENDING"},
    }
    assert sent["MessageAttributes"]["userId"]["StringValue"] == "ann"


def test_a_page_reaches_the_subscribers_of_a_real_topic(adapter_aws: Any) -> None:
    sns, sqs = adapter_aws.sns, adapter_aws.sqs
    topic = sns.create_topic(Name="people")["TopicArn"]
    queue = sqs.create_queue(QueueName="people")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)

    SnsPager(sns, topic).page(a_notification())

    [message] = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=5)["Messages"]
    assert json.loads(json.loads(message["Body"])["Message"])["userId"] == "ann"
