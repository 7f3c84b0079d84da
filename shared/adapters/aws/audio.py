"""Audio in the bucket."""

from typing import IO, Any

from shared.adapters.aws.errors import translated
from shared.adapters.aws.objects import found_object, has_object
from shared.adapters.aws.storage import READ_SECONDS, disposition_of


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
        found = found_object(self._client, self._bucket, key)
        return None if found is None else bytes(found["Body"].read())

    @translated()
    def has(self, key: str) -> bool:
        """Tell whether it is there."""
        return has_object(self._client, self._bucket, key)

    @translated()
    def delete(self, key: str) -> None:
        """Delete an object; again changes nothing."""
        self._client.delete_object(Bucket=self._bucket, Key=key)

    def signed_url(self, key: str) -> str:
        """Return a presigned GET, good for one hour, of what is never a page of its own."""
        parameters = {"Bucket": self._bucket, "Key": key, "ResponseContentDisposition": disposition_of(key)}
        return str(self._client.generate_presigned_url("get_object", Params=parameters, ExpiresIn=READ_SECONDS))
