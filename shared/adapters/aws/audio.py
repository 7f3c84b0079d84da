"""Audio in the bucket."""

from typing import IO, Any

from botocore.exceptions import ClientError

from shared.adapters.aws.errors import error_code, translated
from shared.adapters.aws.storage import READ_SECONDS, disposition_of

MISSING = frozenset({"404", "NoSuchKey", "NotFound"})


class S3Audio:
    """The port AudioStore."""

    def __init__(self, client: Any, bucket: str) -> None:
        """Use a boto3 S3 client."""
        self._client, self._bucket = client, bucket

    @translated()
    def put(self, key: str, content: bytes | IO[bytes], content_type: str) -> None:
        """Store an object, a file to its end, over one of the same key: its life in the bucket begins anew."""
        self._client.put_object(Bucket=self._bucket, Key=key, Body=content, ContentType=content_type)

    @translated()
    def get(self, key: str) -> bytes | None:
        """Return an object; None where it is not there."""
        try:
            content: bytes = self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except ClientError as problem:
            if error_code(problem) in MISSING:
                return None
            raise
        return content

    @translated()
    def has(self, key: str) -> bool:
        """Tell whether it is there."""
        try:
            self._client.head_object(Bucket=self._bucket, Key=key)
        except ClientError as problem:
            if error_code(problem) in MISSING:
                return False
            raise
        return True

    @translated()
    def delete(self, key: str) -> None:
        """Delete an object; again changes nothing."""
        self._client.delete_object(Bucket=self._bucket, Key=key)

    def signed_url(self, key: str) -> str:
        """Return a presigned GET, good for one hour, of what is never a page of its own."""
        parameters = {"Bucket": self._bucket, "Key": key, "ResponseContentDisposition": disposition_of(key)}
        return str(self._client.generate_presigned_url("get_object", Params=parameters, ExpiresIn=READ_SECONDS))
