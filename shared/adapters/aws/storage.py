"""Presigned addresses of the bucket."""

from datetime import timedelta
from typing import Any

from botocore.exceptions import ClientError

from shared.adapters.aws.errors import error_code, translated
from shared.kernel.errors import Invalid
from shared.kernel.ports import Clock
from shared.kernel.times import timestamp
from shared.kernel.uploads import FROZEN, INCOMING, SIGNATURE_BYTES, UploadOffer, is_what_it_says

OFFER_SECONDS = 900
READ_SECONDS = 3600
MISSING = frozenset({"404", "NoSuchKey", "NotFound"})


class S3Uploads:
    """The port UploadSigner; signing is local, and S3 is asked only where an upload is frozen."""

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

    def freeze(self, key: str) -> str:
        """Copy what was uploaded to its final name, once, and return that."""
        final = key.replace(INCOMING, FROZEN, 1)
        with translated():
            if not self._is_there(final):
                self._check(key)
                self._client.copy_object(
                    Bucket=self._bucket, Key=final, CopySource={"Bucket": self._bucket, "Key": key}
                )
        return final

    def _is_there(self, key: str) -> bool:
        try:
            self._client.head_object(Bucket=self._bucket, Key=key)
        except ClientError as problem:
            if error_code(problem) in MISSING:
                return False
            raise
        return True

    def _check(self, key: str) -> None:
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=key, Range=f"bytes=0-{SIGNATURE_BYTES - 1}")
        except ClientError as problem:
            if error_code(problem) in MISSING:
                raise Invalid("Nothing was uploaded under this key.", "업로드된 파일이 없습니다.") from problem
            raise
        if not is_what_it_says(key.rpartition(".")[2], answer["Body"].read()):
            raise Invalid("The file is not of the type that was offered.", "파일 형식이 올바르지 않습니다.")

    def signed_url(self, key: str) -> str:
        """Return a presigned GET, good for one hour."""
        parameters = {"Bucket": self._bucket, "Key": key}
        return str(self._client.generate_presigned_url("get_object", Params=parameters, ExpiresIn=READ_SECONDS))
