"""Reaching people outside of the platform: Amazon SNS."""

import json
from typing import Any

from shared.adapters.aws.errors import translated
from shared.domains.notifications.models import Notification


class SnsPager:
    """The port Pager: one message on a topic, by which subscribers reach the person; nothing without a topic."""

    def __init__(self, client: Any, topic_arn: str | None) -> None:
        """Use a boto3 SNS client and the topic's ARN."""
        self._client = client
        self._topic_arn = topic_arn

    def page(self, notification: Notification) -> None:
        """Hand a notification on; attributes let a subscription filter by person and kind."""
        if self._topic_arn is None:
            return
        language = notification.language or "en"
        text = {
            "notificationId": notification.notification_id,
            "userId": notification.user_id,
            "type": notification.type.value,
            "title": notification.title.localized(language),
            "message": notification.message.localized(language),
            "data": notification.data,
        }
        attributes = {name: {"DataType": "String", "StringValue": text[name]} for name in ("userId", "type")}
        with translated():
            self._client.publish(
                TopicArn=self._topic_arn, Message=json.dumps(text, ensure_ascii=False), MessageAttributes=attributes
            )
