"""Texts that are too large for a message or an item, as objects of the bucket."""

import hashlib
from typing import Any

from botocore.exceptions import ClientError

from shared.adapters.aws.errors import error_code, translated

PREFIX = "dead-letters/"
MISSING = frozenset({"NoSuchKey", "404"})


class S3Payloads:
    """The port Payloads: a text lies under its own digest, so that keeping it again stores nothing more."""

    def __init__(self, client: Any, bucket: str) -> None:
        """Use a boto3 S3 client."""
        self._client, self._bucket = client, bucket

    @translated()
    def keep(self, text: str) -> str:
        """Store a text and return its key."""
        body = text.encode()
        key = f"{PREFIX}{hashlib.sha256(body).hexdigest()}"
        self._client.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType="text/plain; charset=utf-8")
        return key

    @translated()
    def read(self, key: str) -> str | None:
        """Return a text; None where it is gone."""
        try:
            body: bytes = self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except ClientError as problem:
            if error_code(problem) in MISSING:
                return None
            raise
        return body.decode()
