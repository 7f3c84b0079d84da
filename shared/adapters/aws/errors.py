"""Where the errors of AWS end: what may succeed later becomes Unavailable, the rest is the adapter's to map."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.eventstream import ParserError
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    EventStreamError,
    HTTPClientError,
    IncompleteReadError,
    MetadataRetrievalError,
    ResponseStreamingError,
    TokenRetrievalError,
)
from botocore.exceptions import ConnectionError as ConnectionFailed
from botocore.parsers import ResponseParserError
from urllib3.exceptions import HTTPError

from shared.kernel.errors import Unavailable

CONDITION_FAILED = "ConditionalCheckFailed"
TRANSACTION_CANCELED = "TransactionCanceledException"
TRANSIENT_CODES = frozenset(
    {
        "InternalFailure",
        "InternalServerError",
        "InternalServerException",
        "KmsThrottled",
        "LimitExceededException",
        "ModelNotReadyException",
        "ModelStreamErrorException",
        "ModelTimeoutException",
        "OverLimit",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestTimeout",
        "RequestTimeoutException",
        "ServiceUnavailable",
        "ServiceUnavailableException",
        "SlowDown",
        "Throttling",
        "ThrottlingError",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionConflict",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)
"""The codes that botocore itself retries (botocore.retries.standard), with those of transactions and of Bedrock."""

_TRANSIENT_ERRORS = (
    ConnectionFailed,
    CredentialRetrievalError,
    HTTPClientError,
    IncompleteReadError,
    MetadataRetrievalError,
    ResponseStreamingError,
    TokenRetrievalError,
)

BROKEN_STREAM = (
    AttributeError,
    HTTPError,
    LookupError,
    OSError,
    ParserError,
    ResponseParserError,
    TypeError,
    ValueError,
    struct.error,
)
"""What reading an event stream raises besides botocore's own errors: broken connections, sums that do not fit, and
frames of another shape than was promised. botocore translates none of them."""
_LASTING_IN_STREAMS = frozenset({"accessDeniedException", "resourceNotFoundException", "validationException"})
_MODEL_FAILED = "ModelErrorException"


@contextmanager
def translated() -> Iterator[None]:
    """Raise Unavailable for what may succeed later; also a decorator.

    Raises:
        Unavailable: a time-out, a broken connection, throttling, or a fault of AWS (5xx).
        ClientError, BotoCoreError: anything else, as it came.
    """
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        if is_transient(error):
            raise Unavailable("A service did not answer. Please try again.", "잠시 후 다시 시도해 주세요.") from error
        raise


def is_transient(error: BaseException) -> bool:
    """Tell whether the same call may succeed later."""
    if isinstance(error, ClientError):
        return _is_transient_answer(error)
    return isinstance(error, _TRANSIENT_ERRORS)


def error_code(error: ClientError) -> str:
    """Return AWS's name of what went wrong, without the prefix that SQS's older protocol gives it."""
    code: str = error.response.get("Error", {}).get("Code", "")
    return code.removeprefix("AWS.SimpleQueueService.")


def cancellation_reasons(error: ClientError) -> list[str]:
    """Return a cancelled transaction's reason for each of its writes, in their order; `None` stands for no reason."""
    reasons: list[dict[str, Any]] = error.response.get("CancellationReasons", [])  # type: ignore[assignment]
    return [reason.get("Code", "None") for reason in reasons]


def _is_transient_answer(error: ClientError) -> bool:
    if isinstance(error, EventStreamError):  # its codes begin in lower case, and those that nobody knows are faults
        return error_code(error) not in _LASTING_IN_STREAMS
    status: Any = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if error_code(error) == _MODEL_FAILED:  # with 424, and with what the model itself had answered
        status = error.response.get("originalStatusCode", 0)
    if status >= 500 or status == 429:
        return True
    if error_code(error) != TRANSACTION_CANCELED:
        return error_code(error) in TRANSIENT_CODES
    reasons = set(cancellation_reasons(error)) - {"None"}
    return bool(reasons) and reasons <= TRANSIENT_CODES
