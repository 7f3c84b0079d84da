"""Presigned addresses of the bucket."""

from datetime import timedelta
from typing import Any

from shared.kernel.ports import Clock
from shared.kernel.times import timestamp
from shared.kernel.uploads import UploadOffer

OFFER_SECONDS = 900
READ_SECONDS = 3600


class S3Uploads:
    """The port UploadSigner; signing is local, S3 is not asked."""

    def __init__(self, client: Any, bucket: str, clock: Clock) -> None:
        """Use a boto3 S3 client."""
        self._client = client
        self._bucket = bucket
        self._clock = clock

    def offer(self, key: str, content_type: str, max_bytes: int) -> UploadOffer:
        """Return a presigned POST for one object, bound to its type and size, good for 15 minutes."""
        signed = self._client.generate_presigned_post(
            self._bucket,
            key,
            Fields={"Content-Type": content_type},
            Conditions=[{"Content-Type": content_type}, ["content-length-range", 1, max_bytes]],
            ExpiresIn=OFFER_SECONDS,
        )
        expires_at = timestamp(self._clock.now() + timedelta(seconds=OFFER_SECONDS))
        return UploadOffer(url=signed["url"], fields=signed["fields"], key=key, expires_at=expires_at)

    def signed_url(self, key: str) -> str:
        """Return a presigned GET, good for one hour."""
        parameters = {"Bucket": self._bucket, "Key": key}
        return str(self._client.generate_presigned_url("get_object", Params=parameters, ExpiresIn=READ_SECONDS))
