"""The bucket at S3: expiry by prefix, access, and the pages that may use it."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from shared.adapters.aws.errors import error_code

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MISSING = frozenset({"404", "NoSuchBucket"})
UNSET = frozenset(
    {
        "NoSuchBucketPolicy",
        "NoSuchCORSConfiguration",
        "NoSuchLifecycleConfiguration",
        "NoSuchPublicAccessBlockConfiguration",
    }
)
EXPIRY_DAYS = {
    "incoming/": 1,
    "profile-images/incoming/": 1,
    "uploads/": 365,
    "exports/": 1,
    "tts/": 7,
    "user-audio/": 30,
    "transcripts/": 1,
    "graph-payloads/": 1,
    "claims/": 30,
}
"""Days that an object lives, by the prefix of its key."""
KEPT_PREFIXES = ("profile-images/", "graphs/", "dead-letters/")
"""Where objects lie until somebody removes them: people, and what they are about."""
SID, VERSION = "TlsOnly", "2012-10-17"  # of our statement in the bucket's policy

FIRST_REGION = "us-east-1"  # the one region that S3 refuses as a location constraint


def lifecycle() -> dict[str, Any]:
    """Return the lifecycle rules as S3 takes and returns them; an upload in parts that broke off goes after a day."""
    expiring = [
        {
            "ID": f"expire-{prefix.rstrip('/')}",
            "Status": "Enabled",
            "Filter": {"Prefix": prefix},
            "Expiration": {"Days": days},
        }
        for prefix, days in EXPIRY_DAYS.items()
    ]
    abandoned = {
        "ID": "abort-uploads",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
    }
    return {"Rules": [*expiring, abandoned]}


def cross_origin() -> dict[str, Any]:
    """Return the CORS rules: any page may use an address that we signed; the signature is what admits."""
    rule = {
        "AllowedMethods": ["GET", "PUT", "POST"],
        "AllowedOrigins": ["*"],
        "AllowedHeaders": ["*"],
        "ExposeHeaders": ["ETag"],
        "MaxAgeSeconds": 3000,
    }
    return {"CORSRules": [rule]}


def public_access() -> dict[str, bool]:
    """Return the public access block: everything is blocked."""
    return dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)


def tls_only(bucket: str) -> dict[str, Any]:
    """Return the bucket policy that refuses every request without TLS."""
    statement = {
        "Sid": SID,
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return {"Version": VERSION, "Statement": [statement]}


class Bucket:
    """The one bucket; repetition changes nothing, and no object is ever touched."""

    def __init__(self, s3: "S3Client", name: str, region: str) -> None:
        """Keep the client and what is wanted; nothing is called yet."""
        self._s3, self._name, self._region = s3, name, region
        self._wanted: dict[str, Any] = {
            "public access block": public_access(),
            "lifecycle": lifecycle(),
            "CORS": cross_origin(),
            "policy": tls_only(name),
        }

    def differences(self) -> list[str]:
        """Say what is missing or another than it must be."""
        if not self._exists():
            return [f"Bucket {self._name} does not exist; `speaktracker provision` makes it."]
        return [
            f"Bucket {self._name}: its {what} is {'not set' if self._found(what) is None else 'another'}; "
            "`speaktracker provision` sets it."
            for what in self._differing()
        ]

    def provision(self) -> str:
        """Make the bucket or bring it to what is wanted, and return its name."""
        if not self._exists():
            self._create()
        for what in self._differing():
            self._set(what)
        return self._name

    def _exists(self) -> bool:
        try:
            self._s3.head_bucket(Bucket=self._name)
        except ClientError as error:
            if error_code(error) in MISSING:
                return False
            raise
        return True

    def _create(self) -> None:
        location: Any = {"LocationConstraint": self._region}
        elsewhere: Any = {} if self._region == FIRST_REGION else {"CreateBucketConfiguration": location}
        self._s3.create_bucket(Bucket=self._name, **elsewhere)

    def _differing(self) -> list[str]:
        return [what for what, wanted in self._wanted.items() if self._found(what) != wanted]

    def _found(self, what: str) -> Any:
        readers: dict[str, Callable[[], Any]] = {
            "public access block": self._public_access,
            "lifecycle": self._lifecycle,
            "CORS": self._cross_origin,
            "policy": lambda: {"Version": VERSION, "Statement": [one for one in self._statements() if _is_ours(one)]},
        }
        try:
            return readers[what]()
        except ClientError as error:
            if error_code(error) in UNSET:
                return None
            raise

    def _statements(self) -> list[Any]:
        found: Any = json.loads(self._s3.get_bucket_policy(Bucket=self._name)["Policy"])["Statement"]
        return found if isinstance(found, list) else [found]  # a policy may have a single one

    def _others(self) -> list[Any]:
        """Return the statements that somebody else wrote: who may read the client's files, say."""
        try:
            return [one for one in self._statements() if not _is_ours(one)]
        except ClientError as error:
            if error_code(error) in UNSET:
                return []
            raise

    def _public_access(self) -> Any:
        return self._s3.get_public_access_block(Bucket=self._name)["PublicAccessBlockConfiguration"]

    def _lifecycle(self) -> Any:
        found: Any = self._s3.get_bucket_lifecycle_configuration(Bucket=self._name)["Rules"]
        kept = ("ID", "Status", "Filter", "Expiration", "AbortIncompleteMultipartUpload")
        return {"Rules": [{part: rule[part] for part in kept if part in rule} for rule in found]}

    def _cross_origin(self) -> Any:
        return {"CORSRules": self._s3.get_bucket_cors(Bucket=self._name)["CORSRules"]}

    def _set(self, what: str) -> None:
        wanted, name = self._wanted[what], self._name
        if what == "public access block":
            self._s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=wanted)
        elif what == "lifecycle":
            self._s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration=wanted)
        elif what == "CORS":
            self._s3.put_bucket_cors(Bucket=name, CORSConfiguration=wanted)
        else:
            whole = wanted | {"Statement": [*wanted["Statement"], *self._others()]}
            self._s3.put_bucket_policy(Bucket=name, Policy=json.dumps(whole))


def _is_ours(statement: Any) -> bool:
    return bool(statement.get("Sid") == SID)
