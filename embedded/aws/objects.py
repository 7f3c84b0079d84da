"""S3 made durable: ministack writes objects to files before it answers; here it also reports a write that failed."""

import os
from collections.abc import Callable
from typing import Any

from ministack.services import s3

from embedded.aws.hooks import wrap


def install(*, fsync: bool) -> None:
    """Make a failed write of an object an error, and with `fsync` put each file on the disk before the answer."""
    wrap(s3, "_persist_object", _hook_persist)
    if fsync:
        wrap(s3, "_atomic_write", _hook_write)


def _hook_persist(original: Callable[..., Any]) -> Callable[..., Any]:
    def persist(bucket: str, key: str, stored: Any) -> None:
        had_body = isinstance(stored, dict) and stored.get("body") is not None
        original(bucket, key, stored)
        # ministack only logs a failure; it drops the body from memory exactly when both files were written.
        if had_body and stored.get("body") is not None:
            raise OSError(f"The object {bucket}/{key} could not be written to disk.")

    return persist


def _hook_write(original: Callable[..., Any]) -> Callable[..., Any]:
    def write(path: str, content: bytes | str, *, text: bool = False) -> None:
        original(path, content, text=text)
        for name in (path, os.path.dirname(path)):
            descriptor = os.open(name, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    return write
