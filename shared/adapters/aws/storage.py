"""Presigned addresses of the bucket."""

import re
from datetime import timedelta
from typing import Any

from shared.adapters.aws.errors import translated
from shared.adapters.aws.objects import found_object, has_object
from shared.kernel.errors import Invalid
from shared.kernel.ports import Clock
from shared.kernel.times import timestamp
from shared.kernel.uploads import SIGNATURE_BYTES, UploadOffer, content_type_of, final_name, is_what_it_says

OFFER_SECONDS = 900
READ_SECONDS = 3600
OWN = "tts/"


def disposition_of(key: str) -> str:
    """Return how an object is served: a browser that is led to its address saves it, under a name of ours.

    In a page's image or player it is shown all the same.
    """
    name = re.sub(r"[^A-Za-z0-9._-]", "_", key.rpartition("/")[2])
    return f'attachment; filename="{name}"'


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
        """Copy what was uploaded to its final name, once, and return that; its type is that of its name."""
        final = final_name(key)
        with translated():
            if not has_object(self._client, self._bucket, final):
                self._check(key)
                self._client.copy_object(
                    Bucket=self._bucket,
                    Key=final,
                    CopySource={"Bucket": self._bucket, "Key": key},
                    MetadataDirective="REPLACE",
                    ContentType=content_type_of(final),
                    ContentDisposition=disposition_of(final),
                )
        return final

    @translated()
    def remove(self, key: str) -> None:
        """Delete an object; again changes nothing."""
        self._client.delete_object(Bucket=self._bucket, Key=key)

    def _check(self, key: str) -> None:
        answer = found_object(self._client, self._bucket, key, Range=f"bytes=0-{SIGNATURE_BYTES - 1}")
        if answer is None:
            raise Invalid("Nothing was uploaded under this key.", "업로드된 파일이 없습니다.")
        if not is_what_it_says(key.rpartition(".")[2], answer["Body"].read()):
            raise Invalid("The file is not of the type that was offered.", "파일 형식이 올바르지 않습니다.")

    def owns(self, address: str) -> bool:
        """Tell whether an address is that of an object of the bucket; nothing is asked."""
        place = self.signed_url(OWN).partition(OWN)[0]
        return address.startswith(place) and "/.." not in address

    def signed_url(self, key: str) -> str:
        """Return a presigned GET, good for one hour: of the type of its name, and never a page of its own."""
        parameters = {
            "Bucket": self._bucket,
            "Key": key,
            "ResponseContentType": content_type_of(key),
            "ResponseContentDisposition": disposition_of(key),
        }
        return str(self._client.generate_presigned_url("get_object", Params=parameters, ExpiresIn=READ_SECONDS))
