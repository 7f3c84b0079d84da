"""Objects end as their bucket's lifecycle says."""

from datetime import UTC, datetime, timedelta
from typing import Any

from embedded.aws.expiry import expire

KEYS = ("user-audio/ann/one.webm", "tts/two.mp3", "graphs/three.json")
UNFINISHED = {
    "ID": "unfinished",
    "Status": "Enabled",
    "Filter": {"Prefix": ""},
    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
}


def a_bucket(cloud: Any, name: str, **days: int) -> str:
    """Make a bucket with three objects, in which keys that begin so end after so many days."""
    s3 = cloud.client("s3")
    cloud.create_bucket(name)
    rules = [
        {"ID": prefix, "Status": "Enabled", "Filter": {"Prefix": f"{prefix}/"}, "Expiration": {"Days": number}}
        for prefix, number in days.items()
    ]
    disabled = rules[0] | {"ID": "disabled", "Status": "Disabled", "Filter": {"Prefix": "graphs/"}}
    s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": [*rules, disabled, UNFINISHED]})
    for key in KEYS:
        s3.put_object(Bucket=name, Key=key, Body=b"x")
    return name


def left(cloud: Any, name: str) -> set[str]:
    return {one["Key"] for one in cloud.client("s3").list_objects_v2(Bucket=name)["Contents"]}


def test_an_object_goes_when_it_is_as_old_as_its_rule_says(embedded_cloud: Any) -> None:
    name = a_bucket(embedded_cloud, "expiring", **{"user-audio": 30, "tts": 7})
    embedded_cloud.create_bucket("without-rules")

    for days, kept in ((6.9, KEYS), (7.1, (KEYS[0], KEYS[2])), (29.9, (KEYS[0], KEYS[2])), (30.1, KEYS[2:])):
        expire(embedded_cloud.client("s3"), datetime.now(UTC) + timedelta(days=days))
        assert left(embedded_cloud, name) == set(kept), days


def test_a_bucket_that_cannot_be_read_stops_no_other(embedded_cloud: Any) -> None:
    broken, whole = a_bucket(embedded_cloud, "a-broken", tts=1), a_bucket(embedded_cloud, "whole", tts=1)

    class Refusing:
        """The endpoint, which refuses to list one bucket."""

        def __getattr__(self, name: str) -> Any:
            return getattr(embedded_cloud.client("s3"), name)

        def get_bucket_lifecycle_configuration(self, **asked: str) -> Any:
            known = asked["Bucket"] if asked["Bucket"] != broken else "missing"
            return embedded_cloud.client("s3").get_bucket_lifecycle_configuration(Bucket=known)

    assert expire(Refusing(), datetime.now(UTC) + timedelta(days=2)) >= 1
    assert left(embedded_cloud, broken) == set(KEYS)
    assert left(embedded_cloud, whole) == {KEYS[0], KEYS[2]}
