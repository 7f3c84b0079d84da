"""S3 on the embedded endpoint: what a browser may do with a presigned address, and what not."""

import uuid
from typing import Any

import httpx
import pytest

ORIGIN = "http://localhost:5000"


@pytest.fixture(scope="module")
def bucket(embedded_cloud: Any) -> str:
    s3 = embedded_cloud.client("s3")
    name = str(embedded_cloud.create_bucket("uploads"))
    rule = {
        "AllowedOrigins": [ORIGIN],
        "AllowedMethods": ["GET", "PUT", "POST"],
        "AllowedHeaders": ["*"],
        "MaxAgeSeconds": 3000,
    }
    s3.put_bucket_cors(Bucket=name, CORSConfiguration={"CORSRules": [rule]})
    return name


@pytest.fixture
def form(embedded_cloud: Any, bucket: str) -> dict[str, Any]:
    """A presigned POST for a PNG of 10 to 100 bytes."""
    conditions = [["content-length-range", 10, 100], {"Content-Type": "image/png"}]
    answer: dict[str, Any] = embedded_cloud.client("s3").generate_presigned_post(
        bucket, f"profile-images/{uuid.uuid4().hex}", {"Content-Type": "image/png"}, conditions, ExpiresIn=60
    )
    return answer


def post(form: dict[str, Any], body: bytes, **fields: str) -> httpx.Response:
    return httpx.post(form["url"], data=form["fields"] | fields, files={"file": ("image.png", body)})


def test_a_presigned_post_stores_what_its_policy_allows(embedded_cloud: Any, bucket: str, form: Any) -> None:
    assert post(form, b"x" * 50).status_code == 204
    stored = embedded_cloud.client("s3").get_object(Bucket=bucket, Key=form["fields"]["key"])
    assert (stored["Body"].read(), stored["ContentType"]) == (b"x" * 50, "image/png")


@pytest.mark.parametrize(
    ("size", "content_type", "status", "code"),
    [
        (101, "image/png", 400, "EntityTooLarge"),
        (9, "image/png", 400, "EntityTooSmall"),
        (50, "text/html", 403, "AccessDenied"),
    ],
)
def test_a_presigned_post_refuses_the_rest(form: Any, size: int, content_type: str, status: int, code: str) -> None:
    answer = post(form, b"x" * size, **{"Content-Type": content_type})
    assert (answer.status_code, f"<Code>{code}</Code>" in answer.text) == (status, True)


def test_a_presigned_post_is_for_one_key(form: Any) -> None:
    assert post(form, b"x" * 50, key="profile-images/another").status_code == 403


def test_a_form_without_a_policy_is_refused(embedded_cloud: Any, bucket: str) -> None:
    answer = httpx.post(f"{embedded_cloud.url}/{bucket}", data={"key": "open"}, files={"file": ("a", b"x")})
    assert answer.status_code == 403


def test_a_forged_policy_is_refused(embedded_cloud: Any, form: Any) -> None:
    assert post(form, b"x" * 50, **{"x-amz-signature": "0" * 64}).status_code == 403


def test_a_presigned_put_holds_its_type_and_length(embedded_cloud: Any, bucket: str) -> None:
    s3 = embedded_cloud.client("s3")
    target = {"Bucket": bucket, "Key": "user-audio/one.webm", "ContentType": "audio/webm", "ContentLength": 5}
    url = s3.generate_presigned_url("put_object", target, ExpiresIn=60)
    assert httpx.put(url, content=b"12345", headers={"content-type": "text/html"}).status_code == 403
    assert httpx.put(url, content=b"123456", headers={"content-type": "audio/webm"}).status_code == 403
    assert httpx.put(url, content=b"12345", headers={"content-type": "audio/webm"}).status_code == 200
    got = httpx.get(s3.generate_presigned_url("get_object", {"Bucket": bucket, "Key": target["Key"]}))
    assert (got.content, got.headers["content-type"]) == (b"12345", "audio/webm")


def test_expired_forged_and_unsigned_requests_are_refused(embedded_cloud: Any, bucket: str) -> None:
    s3 = embedded_cloud.client("s3")
    s3.put_object(Bucket=bucket, Key="private", Body=b"secret")
    target = {"Bucket": bucket, "Key": "private"}
    expired = s3.generate_presigned_url("get_object", target, ExpiresIn=-1)
    genuine = s3.generate_presigned_url("get_object", target, ExpiresIn=60)
    for url in (expired, genuine.replace("private", "other"), genuine[:-4] + "0000", genuine.partition("?")[0]):
        answer = httpx.get(url)
        assert (answer.status_code, b"secret" in answer.content) == (403, False)
    assert httpx.get(genuine).content == b"secret"
    assert httpx.get(genuine, headers={"range": "bytes=1-3"}).content == b"ecr"


def test_cors_follows_the_rules_of_the_bucket(embedded_cloud: Any, bucket: str) -> None:
    url = embedded_cloud.client("s3").generate_presigned_url("put_object", {"Bucket": bucket, "Key": "by-browser"})
    asked = {"access-control-request-method": "PUT", "access-control-request-headers": "content-type"}
    allowed = httpx.options(url, headers={"origin": ORIGIN} | asked)
    assert allowed.headers["access-control-allow-origin"] == ORIGIN
    assert allowed.headers["access-control-max-age"] == "3000"
    refused = httpx.options(url, headers={"origin": "http://evil.example"} | asked)
    assert (refused.status_code, "access-control-allow-origin" in refused.headers) == (403, False)
    stored = httpx.put(url, content=b"x", headers={"origin": ORIGIN})
    assert (stored.status_code, stored.headers["access-control-allow-origin"]) == (200, ORIGIN)
