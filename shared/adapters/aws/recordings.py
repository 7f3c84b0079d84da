"""Recordings in the bucket, read whole."""

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from shared.adapters.aws.errors import translated
from shared.adapters.aws.objects import found_object
from shared.kernel.recordings import MOST_BYTES, AudioTooLarge, RecordingGone, TranscriberRefused


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
        found = found_object(self._s3, self._bucket, key)
        if found is None:
            raise RecordingGone
        if found["ContentLength"] > MOST_BYTES:
            found["Body"].close()
            raise AudioTooLarge
        content: bytes = found["Body"].read()
        return content
