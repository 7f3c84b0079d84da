"""Logs what AWS refused for a reason that an operator must see: its own name for it, and its own id of the request."""

from typing import Any

from botocore.exceptions import ClientError

from shared.adapters.aws.errors import error_code, is_transient
from shared.kernel.logs import get_log

SETUP_CODES = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "AuthFailure",
        "ExpiredToken",
        "ExpiredTokenException",
        "IncompleteSignature",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "KmsAccessDenied",
        "MissingAuthenticationToken",
        "OptInRequired",
        "RequestExpired",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
"""Rights, credentials and clocks: nothing that a user did, and nothing that passes by itself."""

log = get_log()


def log_refusals(client: Any) -> None:
    """Have a client log its refusals, each once after all attempts; those that users cause are left out."""
    client.meta.events.register("after-call", _after_call)


def _after_call(http_response: Any, parsed: dict[str, Any], model: Any, **_fields: Any) -> None:
    if http_response.status_code < 300:
        return
    refusal = ClientError(parsed, model.name)  # type: ignore[arg-type]  # botocore's own dictionary
    code = error_code(refusal)
    if is_transient(refusal) or code in SETUP_CODES:
        log.warning(
            "aws.refused",
            service=model.service_model.service_name,
            operation=model.name,
            status=http_response.status_code,
            error_code=code,
            awsRequestId=parsed.get("ResponseMetadata", {}).get("RequestId"),
        )
