"""Claim checks in S3: big arguments under the digest of their content, for as long as a message may wait."""

import hashlib
from typing import Any

import orjson
from botocore.exceptions import ClientError

from shared.adapters.aws.errors import error_code, translated
from shared.kernel.claims import LARGEST_ARGUMENTS, Arguments, ClaimLost, key_of, pointer, sha256_of

MISSING = frozenset({"NoSuchKey", "404"})


class S3ClaimChecks:
    """The port ClaimChecks; one call for each big job on either side, none for others.

    The bucket's lifecycle removes `claims/` after 30 days: a queue keeps a message for 14, its dead-letter queue for
    14 more.
    """

    def __init__(self, client: Any, bucket: str) -> None:
        """Use a boto3 S3 client."""
        self._client, self._bucket = client, bucket

    def leave(self, arguments: Arguments) -> Arguments:
        """Put what is big; the same content again begins its life anew."""
        content = orjson.dumps(arguments)
        if len(content) <= LARGEST_ARGUMENTS:
            return arguments
        claim = pointer(hashlib.sha256(content).hexdigest(), len(content))
        with translated():
            self._client.put_object(
                Bucket=self._bucket, Key=key_of(claim), Body=content, ContentType="application/json"
            )
        return claim

    def fetch(self, arguments: Arguments) -> Arguments:
        """Get what a pointer names, and check its digest."""
        digest = sha256_of(arguments)
        if digest is None:
            return arguments
        content = self._content(f"{key_of(arguments)}")
        if hashlib.sha256(content).hexdigest() != digest:
            raise ClaimLost(f"The arguments in {key_of(arguments)} are not those that were left there.")
        found: Arguments = orjson.loads(content)
        return found

    @translated()
    def _content(self, key: str) -> bytes:
        try:
            content: bytes = self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except ClientError as error:
            if error_code(error) in MISSING:
                raise ClaimLost(f"The arguments are no longer in {key}.") from error
            raise
        return content
