"""Big arguments in the bucket."""

import uuid

import pytest

from shared.adapters.aws.claim_checks import S3ClaimChecks
from shared.adapters.aws.clients import AwsClients
from shared.kernel.claims import LARGEST_ARGUMENTS, ClaimLost, key_of, pointer
from shared.kernel.errors import Unavailable
from shared.kernel.settings import read_settings


@pytest.fixture
def adapter_claims(adapter_aws: AwsClients) -> S3ClaimChecks:
    name = f"claims-{uuid.uuid4().hex}"
    adapter_aws.s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "ap-northeast-2"})
    return S3ClaimChecks(adapter_aws.s3, name)


def test_small_arguments_travel_themselves(adapter_claims: S3ClaimChecks) -> None:
    arguments = {"text": "a" * (LARGEST_ARGUMENTS - 11)}
    assert adapter_claims.leave(arguments) is arguments
    assert adapter_claims.fetch(arguments) is arguments


def test_big_arguments_come_back_whole(adapter_claims: S3ClaimChecks) -> None:
    arguments = {"text": "가" * LARGEST_ARGUMENTS, "number": 1.5, "none": None}
    claim = adapter_claims.leave(arguments)
    assert len(str(claim)) < 200
    assert adapter_claims.leave(arguments) == claim
    assert adapter_claims.fetch(claim) == arguments


def test_what_is_gone_is_said_to_be_gone(adapter_claims: S3ClaimChecks) -> None:
    with pytest.raises(ClaimLost, match="no longer"):
        adapter_claims.fetch(pointer("0" * 64, 1))


@pytest.mark.parametrize("arguments", [{}, {"$claim": 1}, {"$claim": {"sha256": 7}}, [], "text", None])
def test_what_is_no_pointer_is_none(arguments: object) -> None:
    assert key_of(arguments) is None


def test_a_bucket_that_does_not_answer_is_unavailable() -> None:
    clients = AwsClients(read_settings(aws_endpoint_url="http://127.0.0.1:1"))
    with pytest.raises(Unavailable):
        S3ClaimChecks(clients.s3, "bucket").fetch(pointer("0" * 64, 1))
