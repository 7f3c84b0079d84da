"""Objects of the bucket that are there or not: what S3 answers of those that are not, in one place."""

from typing import Any

from botocore.exceptions import ClientError

from shared.adapters.aws.errors import error_code

_MISSING = frozenset({"404", "NoSuchKey", "NotFound"})
"""The first is a HEAD's, whose answer has no body to name an error in."""


def is_missing(error: ClientError) -> bool:
    """Tell whether S3 refused a call because it has no such object."""
    return error_code(error) in _MISSING


def found_object(client: Any, bucket: str, key: str, **options: Any) -> Any:
    """Return GetObject's answer; None where there is no such object."""
    try:
        return client.get_object(Bucket=bucket, Key=key, **options)
    except ClientError as problem:
        if is_missing(problem):
            return None
        raise


def has_object(client: Any, bucket: str, key: str) -> bool:
    """Tell whether there is an object."""
    try:
        client.head_object(Bucket=bucket, Key=key)
    except ClientError as problem:
        if is_missing(problem):
            return False
        raise
    return True
