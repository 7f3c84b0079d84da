"""Presigned addresses, used as a browser would use them."""

import uuid
from typing import Any

import httpx
import pytest

from shared.adapters.aws.clients import AwsClients
from shared.adapters.aws.storage import S3Uploads
from shared.adapters.memory.kernel import SetClock
from shared.kernel.errors import Invalid


@pytest.fixture
def uploads(adapter_aws: AwsClients) -> S3Uploads:
    bucket = f"bucket-{uuid.uuid4().hex}"
    adapter_aws.s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "ap-northeast-2"})
    return S3Uploads(adapter_aws.s3, bucket, SetClock())


PNG = b"\x89PNG\r\n\x1a\n"


def post(offer: Any, content: bytes, **fields: str) -> int:
    return httpx.post(offer.url, data=offer.fields | fields, files={"file": content}).status_code


def test_what_is_put_there_can_be_read_there(uploads: S3Uploads) -> None:
    offer = uploads.offer("uploads/r/u/1.png", "image/png", 100)
    assert offer.key == "uploads/r/u/1.png"
    assert offer.expires_at.startswith("2026-01-02T03:19:05")
    assert post(offer, b"an image") in (200, 204)
    read = httpx.get(uploads.signed_url(offer.key))
    assert (read.status_code, read.content) == (200, b"an image")


def test_the_size_the_type_and_the_key_are_bound(uploads: S3Uploads) -> None:
    offer = uploads.offer("uploads/r/u/1.png", "image/png", 100)
    assert post(offer, b"x" * 101) >= 400
    assert post(offer, b"x", **{"Content-Type": "text/html"}) >= 400
    assert post(offer, b"x", key="uploads/r/other/1.png") >= 400


def test_without_a_signature_nothing_is_read(uploads: S3Uploads) -> None:
    offer = uploads.offer("uploads/r/u/1.png", "image/png", 100)
    post(offer, b"x")
    forged = uploads.signed_url(offer.key).replace("Signature=", "Signature=0")
    assert httpx.get(forged).status_code == 403


def test_what_was_uploaded_is_frozen_once(uploads: S3Uploads) -> None:
    offer = uploads.offer("incoming/r/u/1.png", "image/png", 100)
    with pytest.raises(Invalid):
        uploads.freeze(offer.key)
    post(offer, PNG + b" first")
    assert uploads.freeze(offer.key) == "uploads/r/u/1.png"
    post(offer, PNG + b" second")
    assert uploads.freeze(offer.key) == "uploads/r/u/1.png"
    assert httpx.get(uploads.signed_url("uploads/r/u/1.png")).content == PNG + b" first"


def test_what_is_read_has_the_type_of_its_name_and_is_never_a_page(uploads: S3Uploads) -> None:
    offer = uploads.offer("incoming/r/u/1.png", "image/png", 100)
    post(offer, PNG)
    frozen = uploads.freeze(offer.key)
    read = httpx.get(uploads.signed_url(frozen))
    assert read.headers["Content-Type"] == "image/png"
    assert read.headers["Content-Disposition"] == 'attachment; filename="1.png"'
    changed = uploads.signed_url(frozen).replace("image%2Fpng", "text%2Fhtml")
    assert httpx.get(changed).status_code == 403
    uploads.remove(frozen)
    assert httpx.get(uploads.signed_url(frozen)).status_code in (403, 404)


@pytest.mark.parametrize("content", [b"<html>", b"%PDF-1.7", b"\xff\xd8\xff", b""])
def test_a_picture_that_is_none_is_refused(uploads: S3Uploads, content: bytes) -> None:
    offer = uploads.offer("incoming/r/u/1.png", "image/png", 100)
    post(offer, content)
    with pytest.raises(Invalid):
        uploads.freeze(offer.key)
