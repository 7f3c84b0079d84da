"""What is kept of a person beside the table: objects in the bucket, and what Redis knows for a while."""

import io
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from shared.adapters.aws.errors import translated
from shared.adapters.redis_grouped import GroupedRedis

ADDRESS_SECONDS = 3600
OWN_PREFIXES = ("profile-images/{user}/", "user-audio/{user}/", "exports/{user}/")
OWN_MOMENTS = ("events", "listeners", "doing", "channels", "room-connections")
"""The keys of Redis that carry a user's id: `user:{id}:…`."""


class PersonalPlaces:
    """Removes a person's objects and moments."""

    def __init__(self, s3: Any, bucket: str, redis: GroupedRedis) -> None:
        """Use a boto3 S3 client and grouped commands."""
        self._s3, self._bucket, self._redis = s3, bucket, redis
        self._noted: list[str] = []

    def note_files(self, names: Iterable[str]) -> None:
        """Remember objects that rows name, to be removed with the others."""
        self._noted.extend(names)

    def remove_files(self, user_id: str) -> int:
        """Remove the person's objects and those noted; return how many. Again removes nothing."""
        with translated():
            found = [name for prefix in OWN_PREFIXES for name in self._listed(prefix.format(user=user_id))]
            names = sorted({*found, *self._noted})
            for name in names:
                self._s3.delete_object(Bucket=self._bucket, Key=name)
        self._noted = []
        return len(names)

    def remove_moments(self, user_id: str) -> int:
        """Have Redis forget the person; return how much it knew."""
        return int(self._redis.call("DEL", *(f"user:{{{user_id}}}:{name}" for name in OWN_MOMENTS)))

    def _listed(self, prefix: str) -> list[str]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        return [one["Key"] for page in pages for one in page.get("Contents", ())]


class S3Archives:
    """The port Archives: one zip of JSON files, a file a kind, and the person's own recordings and pictures."""

    def __init__(self, s3: Any, bucket: str) -> None:
        """Use a boto3 S3 client."""
        self._s3, self._bucket = s3, bucket

    def keep(self, user_id: str, name: str, parts: Iterator[tuple[str, dict[str, Any]]]) -> str:
        """Store one archive of everything given, and return its presigned address, good for one hour."""
        by_kind: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        for kind, fields in parts:
            by_kind[kind].append(fields)
        body = io.BytesIO()
        with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
            for kind, items in sorted(by_kind.items()):
                archive.writestr(f"{kind}.json", orjson.dumps(items, default=_plain, option=orjson.OPT_INDENT_2))
            with translated():
                for key in self._files(user_id):
                    content = self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()
                    archive.writestr(key, content)
        key = f"exports/{user_id}/{name}.zip"
        with translated():
            self._s3.put_object(Bucket=self._bucket, Key=key, Body=body.getvalue(), ContentType="application/zip")
        where = {"Bucket": self._bucket, "Key": key}
        return str(self._s3.generate_presigned_url("get_object", Params=where, ExpiresIn=ADDRESS_SECONDS))

    def _files(self, user_id: str) -> list[str]:
        pages = self._s3.get_paginator("list_objects_v2")
        found = []
        for prefix in OWN_PREFIXES[:2]:
            for page in pages.paginate(Bucket=self._bucket, Prefix=prefix.format(user=user_id)):
                found += [one["Key"] for one in page.get("Contents", ())]
        return found


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, set | frozenset) else str(value)
