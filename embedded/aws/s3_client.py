"""A client of this very endpoint's buckets, over its own wire: what it changes is as durable as a client's changes."""

from typing import Any, cast

import boto3
from botocore.config import Config

from embedded.aws.environment import ACCESS_KEY, HOST

_SECONDS = 10.0


def endpoint_of(port: int) -> str:
    """Return the address of an endpoint on a port of loopback."""
    return f"http://{HOST}:{port}"


def s3_client(port: int) -> Any:
    """Return a boto3 client that has called nothing yet; it belongs in a thread, since the loop answers its calls."""
    return cast(Any, boto3).client(
        "s3",
        endpoint_url=endpoint_of(port),
        region_name="us-east-1",
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=ACCESS_KEY,
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path"},
            read_timeout=_SECONDS,
            proxies={},
            request_checksum_calculation="when_required",
        ),
    )
