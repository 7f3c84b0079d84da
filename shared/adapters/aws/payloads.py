"""Texts that are too large for a message or an item, as objects of the bucket."""

import hashlib
from typing import Any

from shared.adapters.aws.errors import translated
from shared.adapters.aws.objects import found_object


class S3Payloads:
    """The port Payloads: a text lies under its own digest, so that keeping it again stores nothing more."""

    def __init__(self, client: Any, bucket: str, *, prefix: str) -> None:
        """Use a boto3 S3 client; how long a text is kept is the lifecycle of its prefix."""
        self._client, self._bucket, self._prefix = client, bucket, prefix

    @translated()
    def keep(self, text: str) -> str:
        """Store a text and return its key."""
        body = text.encode()
        key = f"{self._prefix}{hashlib.sha256(body).hexdigest()}"
        self._client.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType="text/plain; charset=utf-8")
        return key

    @translated()
    def read(self, key: str) -> str | None:
        """Return a text; None where it is gone."""
        found = found_object(self._client, self._bucket, key)
        return None if found is None else bytes(found["Body"].read()).decode()
