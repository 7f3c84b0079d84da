"""Graphs' objects in the bucket, in parts on both ways."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from shared.adapters.aws.errors import translated
from shared.adapters.aws.objects import found_object
from shared.kernel.isolation import undoing

PART_BYTES = 5 << 20
"""S3 takes parts of 5 MiB or more, 10,000 at most; one is held at a time."""
_CHUNK_BYTES = 1 << 18


class S3GraphObjects:
    """The port GraphObjects."""

    def __init__(self, client: Any, bucket: str) -> None:
        """Use a boto3 S3 client."""
        self._client, self._bucket = client, bucket

    def upload(self, key: str, pieces: Iterable[bytes]) -> None:
        """Store an object from pieces as they come; where they break off, or are refused, nothing is stored."""
        upload, sent = None, []
        with ExitStack() as begun:
            for number, part in enumerate(_parts(pieces), 1):
                if number == 1 and len(part) < PART_BYTES:
                    self._put(key, part)
                    return
                if upload is None:
                    upload = self._begin(key)
                    begun.enter_context(undoing(self._abort, upload))
                sent.append(self._send(upload, number, part))
                del part  # so that it is gone while the next one gathers
            if upload is None:
                self._put(key, b"")
            else:
                self._complete(upload, sent)

    @translated()
    def put(self, key: str, path: Path) -> None:
        """Store a file, over an object of the same key."""
        self._client.upload_file(str(path), self._bucket, key)

    @translated()
    def fetch(self, key: str, path: Path) -> bool:
        """Write an object to a file, a part at a time; False where it is not there."""
        found = self._open(key)
        if found is None:
            return False
        with path.open("wb") as file:
            for chunk in found.iter_chunks(_CHUNK_BYTES):
                file.write(chunk)
        return True

    def lines(self, key: str) -> Iterator[bytes] | None:
        """Return the lines of an object, each with its end, as they are read; None where it is not there."""
        with translated():
            found = self._open(key)
        return None if found is None else _lines(found)

    @translated()
    def remove(self, keys: Collection[str]) -> None:
        """Remove objects; those that are not there are passed over."""
        self._client.delete_objects(
            Bucket=self._bucket, Delete={"Objects": [{"Key": key} for key in keys], "Quiet": True}
        )

    def _open(self, key: str) -> Any:
        found = found_object(self._client, self._bucket, key)
        return None if found is None else found["Body"]

    @translated()
    def _put(self, key: str, content: bytes | bytearray) -> None:
        self._client.put_object(Bucket=self._bucket, Key=key, Body=content)

    @translated()
    def _begin(self, key: str) -> dict[str, str]:
        upload_id = self._client.create_multipart_upload(Bucket=self._bucket, Key=key)["UploadId"]
        return {"Bucket": self._bucket, "Key": key, "UploadId": upload_id}

    @translated()
    def _send(self, upload: dict[str, str], number: int, part: bytes | bytearray) -> dict[str, Any]:
        tag = self._client.upload_part(**upload, PartNumber=number, Body=part)["ETag"]
        return {"PartNumber": number, "ETag": tag}

    @translated()
    def _complete(self, upload: dict[str, str], parts: list[dict[str, Any]]) -> None:
        self._client.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})

    @translated()
    def _abort(self, upload: dict[str, str]) -> None:
        self._client.abort_multipart_upload(**upload)


def _parts(pieces: Iterable[bytes]) -> Iterator[bytearray]:
    """Give parts of at least PART_BYTES, and the rest; each is the caller's alone."""
    held = bytearray()
    for piece in pieces:
        held += piece
        if len(held) >= PART_BYTES:
            full, held = held, bytearray()
            yield full
            del full
    if held:
        yield held


def _lines(body: Any) -> Iterator[bytes]:
    rest = b""
    try:
        for chunk in body.iter_chunks(_CHUNK_BYTES):
            *whole, rest = (rest + chunk).split(b"\n")
            for line in whole:
                yield line + b"\n"
        if rest:
            yield rest
    finally:
        body.close()
