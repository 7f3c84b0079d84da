"""Browser uploads by form: ministack checks a policy's conditions, here the signature is checked too."""

from collections.abc import Callable
from typing import Any

from ministack.core.iam_evaluator import CredentialResolutionError, resolve_credential
from ministack.core.responses import get_account_id
from ministack.core.sigv4 import calculate_signature, signatures_match
from ministack.services import s3

from embedded.aws.hooks import wrap

Fields = dict[str, str]
Refusal = tuple[int, dict[str, str], bytes]


def install() -> None:
    """Refuse forms without a signature, and forms signed with another key than the policy's."""
    wrap(s3, "_enforce_signed_post_policy", _hook_signed)
    wrap(s3, "_enforce_post_policy_size", _hook_unsigned)


def _hook_signed(original: Callable[..., Any]) -> Callable[..., Any]:
    def enforce(fields: Fields, bucket: str, region: str, size: int, version_4: bool) -> Refusal | None:
        refusal: Refusal | None = original(fields, bucket, region, size, version_4)
        return refusal or (None if version_4 and _signed(fields) else _mismatch())

    return enforce


def _hook_unsigned(_original: Callable[..., Any]) -> Callable[..., Any]:
    def enforce(_policy: str, _size: int) -> Refusal:
        refusal: Refusal = s3._error("AccessDenied", "Access Denied", 403)
        return refusal

    return enforce


def _signed(fields: Fields) -> bool:
    """Whether the policy carries the signature of its key; called after ministack found the fields well formed."""
    key, date, region, service, _ = fields["x-amz-credential"].split("/")
    credential = resolve_credential(key, get_account_id())
    if isinstance(credential, CredentialResolutionError):
        return False
    computed = calculate_signature(credential.secret_access_key, date, region, service, fields["policy"])
    return bool(signatures_match(computed.encode(), fields["x-amz-signature"].encode()))


def _mismatch() -> Refusal:
    message = "The request signature we calculated does not match the signature you provided."
    refusal: Refusal = s3._error("SignatureDoesNotMatch", message, 403)
    return refusal
