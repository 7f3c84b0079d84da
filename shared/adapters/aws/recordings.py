"""Recordings in the bucket, read whole."""

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from shared.adapters.aws.errors import error_code, translated
from shared.kernel.recordings import MOST_BYTES, AudioTooLarge, RecordingGone, TranscriberRefused

_MISSING = frozenset({"404", "NoSuchKey", "NotFound"})


class S3Recordings:
    """Reads recordings of at most ten mebibytes."""

    def __init__(self, s3_client: Any, bucket: str) -> None:
        """Use a boto3 client, which is thread-safe."""
        self._s3, self._bucket = s3_client, bucket

    def content(self, key: str) -> bytes:
        """Return a recording.

        Raises:
            RecordingGone, AudioTooLarge, TranscriberRefused: it is not there, too large, or not for us.
            Unavailable: the bucket does not answer.
        """
        try:
            return self._content(key)
        except (ClientError, BotoCoreError) as problem:
            raise TranscriberRefused from problem

    @translated()
    def _content(self, key: str) -> bytes:
        try:
            found = self._s3.get_object(Bucket=self._bucket, Key=key)
        except ClientError as problem:
            if error_code(problem) in _MISSING:
                raise RecordingGone from problem
            raise
        if found["ContentLength"] > MOST_BYTES:
            found["Body"].close()
            raise AudioTooLarge
        content: bytes = found["Body"].read()
        return content
