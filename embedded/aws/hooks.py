"""Replacing private functions of ministack, and refusing to start when one of them is not there."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

from ministack import app as gateway
from ministack.core import persistence
from ministack.services import cloudwatch, cognito, dynamodb, s3, sqs

from embedded.aws.environment import HookMissingError

# Every private name that this package reads or replaces. The version of ministack is pinned; this list turns a
# forgotten bump into a sentence at start instead of lost data later.
_REQUIRED: dict[ModuleType, tuple[str, ...]] = {
    gateway: ("_MAIN_LOOP", "_state_map", "_get_module", "_s3_cors_target", "app"),
    persistence: ("_json_default", "_json_object_hook"),
    sqs: (
        "_HANDLERS",
        "_Err",
        "_collect_msgs",
        "_dlq_sweep",
        "_expire_retained",
        "_get_q",
        "_queue_by_arn",
        "_queue_name_to_url",
        "_queue_url_for_account",
        "_queues",
    ),
    cloudwatch: ("record_metric",),
    dynamodb: (
        "_INDEX_MEMBERS",
        "_backups",
        "_contributor_insights",
        "_create_table",
        "_delete_table",
        "_exports",
        "_extract_key_val",
        "_imports",
        "_items_replaced",
        "_kinesis_destinations",
        "_pitr_settings",
        "_remove_item",
        "_resource_policies",
        "_set_item",
        "_tables",
        "_tags",
        "_ttl_settings",
        "_txn_idempotency",
        "_txn_token_store",
        "_update_counts",
    ),
    cognito: (
        "_UNSIGNED_IDP_ACTIONS",
        "_access_token_error",
        "_apply_pretoken_trigger",
        "_auth_codes",
        "_auth_flow_error",
        "_authorization_codes",
        "_challenge_sessions",
        "_identity_pools",
        "_identity_tags",
        "_merge_attributes",
        "_pin_unsigned_idp_scope",
        "_pool_domain_map",
        "_pool_for_client",
        "_refresh_auth_user",
        "_refresh_tokens",
        "_resolve_user",
        "_revoked_tokens",
        "_run_idp_handler",
        "_send_verification_email",
        "_signature_valid",
        "_token_claims",
        "_user_pool_for_access_token",
        "_user_pools",
        "_validate_client_secret_hash",
    ),
    s3: (
        "_atomic_write",
        "_enforce_post_policy_size",
        "_enforce_signed_post_policy",
        "_error",
        "_persist_object",
        "cors_preflight",
        "cors_response_headers",
    ),
}


def assert_names() -> None:
    """Raise HookMissingError with one sentence when ministack is not the version this package was written for."""
    missing = [f"{module.__name__}.{name}" for module, names in _REQUIRED.items() for name in names
               if not hasattr(module, name)]  # fmt: skip
    if missing:
        raise HookMissingError(
            f"The installed ministack lacks {', '.join(missing)}: install the version pinned in pyproject.toml, "
            "or nothing could be promised about what is stored."
        )


def wrap(module: ModuleType, name: str, make: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
    """Replace `module.name` with what `make` builds around the original."""
    setattr(module, name, make(getattr(module, name)))
