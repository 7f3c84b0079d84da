"""Big arguments in the bucket, and in memory alike."""

import uuid
from collections.abc import Iterator

import pytest

from shared.adapters.aws.clients import AwsClients
from shared.adapters.aws.payloads import S3Payloads
from shared.adapters.memory.dead_letters import MemoryPayloads
from shared.kernel.claims import LARGEST_ARGUMENTS, ClaimChecks, ClaimLost, key_of, pointer
from shared.kernel.errors import Unavailable
from shared.kernel.payloads import CLAIMS_PREFIX, Payloads
from shared.kernel.settings import read_settings


@pytest.fixture(params=["memory", "s3"])
def payloads(request: pytest.FixtureRequest) -> Iterator[Payloads]:
    if request.param == "memory":
        yield MemoryPayloads(CLAIMS_PREFIX)
        return
    aws: AwsClients = request.getfixturevalue("adapter_aws")
    name = f"claims-{uuid.uuid4().hex}"
    aws.s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "ap-northeast-2"})
    yield S3Payloads(aws.s3, name, prefix=CLAIMS_PREFIX)


@pytest.fixture
def claims(payloads: Payloads) -> ClaimChecks:
    return ClaimChecks(payloads)


def test_small_arguments_travel_themselves(claims: ClaimChecks) -> None:
    arguments = {"text": "a" * (LARGEST_ARGUMENTS - 11)}
    assert claims.leave(arguments) is arguments
    assert claims.fetch(arguments) is arguments


def test_big_arguments_come_back_whole(claims: ClaimChecks) -> None:
    arguments = {"text": "가" * LARGEST_ARGUMENTS, "number": 1.5, "none": None}
    claim = claims.leave(arguments)
    assert len(str(claim)) < 200
    assert claims.leave(arguments) == claim
    assert claims.fetch(claim) == arguments


def test_what_is_gone_is_said_to_be_gone(claims: ClaimChecks) -> None:
    with pytest.raises(ClaimLost, match="no longer"):
        claims.fetch(pointer("0" * 64, 1))


class Changed:
    """Payloads that were changed after they were kept."""

    def keep(self, text: str) -> str:
        return MemoryPayloads(CLAIMS_PREFIX).keep(text)

    def read(self, key: str) -> str | None:
        return "{}"


def test_what_was_changed_is_not_taken() -> None:
    claims = ClaimChecks(Changed(), largest=1)
    with pytest.raises(ClaimLost, match="not those"):
        claims.fetch(claims.leave({"text": "words"}))


@pytest.mark.parametrize("arguments", [{}, {"$claim": 1}, {"$claim": {"sha256": 7}}, [], "text", None])
def test_what_is_no_pointer_is_none(arguments: object) -> None:
    assert key_of(arguments) is None


def test_a_bucket_that_does_not_answer_is_unavailable() -> None:
    clients = AwsClients(read_settings(aws_endpoint_url="http://127.0.0.1:1"))
    with pytest.raises(Unavailable):
        ClaimChecks(S3Payloads(clients.s3, "bucket", prefix=CLAIMS_PREFIX)).fetch(pointer("0" * 64, 1))
