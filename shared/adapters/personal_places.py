"""What is kept of a person in the bucket: their own prefixes, and the objects that rows name."""

import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from shared.adapters.aws.errors import translated
from shared.adapters.aws.storage import disposition_of
from shared.kernel.uploads import INCOMING

ADDRESS_SECONDS = 3600
GIVEN_PREFIXES = ("profile-images/{user}/", "user-audio/{user}/", "graphs/{user}/", "graph-payloads/{user}/")
"""What an export holds besides the rows."""
OWN_PREFIXES = (*GIVEN_PREFIXES, "profile-images/incoming/{user}/", "exports/{user}/")
_HELD_IN_MEMORY = 8 << 20


class PersonalPlaces:
    """Removes a person's objects."""

    def __init__(self, s3: Any, bucket: str) -> None:
        """Use a boto3 S3 client."""
        self._s3, self._bucket = s3, bucket
        self._noted: list[str] = []
        self._rooms: set[str] = set()

    def afresh(self) -> "PersonalPlaces":
        """Return one in which nothing is noted: people who leave at the same time have one each."""
        return PersonalPlaces(self._s3, self._bucket)

    def note_room(self, room_id: str) -> None:
        """Remember a room in which the person may have been offered a place for a file."""
        self._rooms.add(room_id)

    def note_files(self, names: Iterable[str]) -> None:
        """Remember objects that rows name, to be removed with the others."""
        self._noted.extend(names)

    def remove_files(self, user_id: str) -> int:
        """Remove the person's objects and those noted; return how many. Again removes nothing."""
        with translated():
            prefixes = (*OWN_PREFIXES, *(f"{INCOMING}{room}/{{user}}/" for room in sorted(self._rooms)))
            found = [name for prefix in prefixes for name in _listed(self._s3, self._bucket, prefix, user_id)]
            names = sorted({*found, *self._noted})
            for name in names:
                self._s3.delete_object(Bucket=self._bucket, Key=name)
        self._noted, self._rooms = [], set()
        return len(names)


class S3Archives:
    """The port Archives: one zip of JSON files, a file a kind, and the person's own recordings, pictures and maps."""

    def __init__(self, s3: Any, bucket: str) -> None:
        """Use a boto3 S3 client."""
        self._s3, self._bucket = s3, bucket

    def keep(self, user_id: str, name: str, parts: Iterator[tuple[str, dict[str, Any]]]) -> str:
        """Store one archive of everything given, and return its presigned address, good for one hour.

        What is larger than eight megabytes lies on the disk meanwhile; one object at a time is held in memory.
        """
        by_kind: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        for kind, fields in parts:
            by_kind[kind].append(fields)
        key = f"exports/{user_id}/{name}.zip"
        with tempfile.SpooledTemporaryFile(_HELD_IN_MEMORY) as body:
            with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
                for kind, items in sorted(by_kind.items()):
                    archive.writestr(f"{kind}.json", orjson.dumps(items, default=_plain, option=orjson.OPT_INDENT_2))
                self._add_files(archive, user_id)
            body.seek(0)
            self._store(key, body)
        where = {"Bucket": self._bucket, "Key": key, "ResponseContentDisposition": disposition_of(key)}
        return str(self._s3.generate_presigned_url("get_object", Params=where, ExpiresIn=ADDRESS_SECONDS))

    @translated()
    def _add_files(self, archive: zipfile.ZipFile, user_id: str) -> None:
        for prefix in GIVEN_PREFIXES:
            for key in _listed(self._s3, self._bucket, prefix, user_id):
                content = self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()
                archive.writestr(key, content)

    @translated()
    def _store(self, key: str, body: Any) -> None:
        self._s3.upload_fileobj(body, self._bucket, key, ExtraArgs={"ContentType": "application/zip"})


def _listed(s3: Any, bucket: str, prefix: str, user_id: str) -> list[str]:
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix.format(user=user_id))
    return [one["Key"] for page in pages for one in page.get("Contents", ())]


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, set | frozenset) else str(value)
