"""What the transport raises, and what SQS's error codes mean."""

from __future__ import annotations

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError
from kombu.exceptions import OperationalError

#: SQS says with these that a message is no longer ours: it was deleted, moved, or received again by somebody.
LEASE_GONE = frozenset(
    {
        "ReceiptHandleIsInvalid",
        "InvalidParameterValue",
        "MessageNotInflight",
        "AWS.SimpleQueueService.MessageNotInflight",
    }
)


#: SQS says with these that it will never take what it was sent.
NEVER_TAKEN = frozenset(
    {
        *("InvalidParameterValue", "InvalidMessageContents", "InvalidAttributeValue", "MessageTooLong"),
        *("BatchRequestTooLong", "AWS.SimpleQueueService.BatchRequestTooLong", "InvalidParameterCombination"),
    }
)
#: What a call to SQS may end in: no network, no credentials, an error answer, and an answer that is none.
CALL_FAILED = (BotoCoreError, ClientError, ResponseParserError, OSError, LookupError, TypeError, ValueError)


class SendFailed(OperationalError):
    """SQS did not take a message, after all attempts; sending again is safe where tasks may run twice."""


class UnknownQueue(ValueError):
    """A queue is not among the ``predefined_queues``; the transport never creates one."""


class DelayRefused(ValueError):
    """A delay was asked for on a FIFO queue, which SQS does not offer."""


class GroupMissing(ValueError):
    """A message for a FIFO queue has no ``MessageGroupId``; one group for all would serialise the whole queue."""


def error_code(error: Exception) -> str:
    """The code in SQS's answer, or the name of the exception when there was no answer."""
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", "Unknown"))
    return type(error).__name__
