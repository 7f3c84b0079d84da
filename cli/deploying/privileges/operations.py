"""Which AWS operation a piece of code asks for, and what IAM calls it."""

import ast
from functools import cache

import botocore.session

SERVICES = (
    "bedrock-runtime",
    "cloudwatch",
    "cognito-idp",
    "dynamodb",
    "polly",
    "s3",
    "secretsmanager",
    "ses",
    "sns",
    "sqs",
    "transcribe",
)
_CLIENTS = {
    "_client",
    "client",
    "_once",
    "_form_client",
    "_s3",
    "s3",
    "_sqs",
    "sqs",
    "calling_client",
    "polling_client",
}
_PARTS = {"s3:PutObject", "s3:AbortMultipartUpload"}
_TRANSFERS = {"upload_file": _PARTS, "upload_fileobj": _PARTS, "generate_presigned_post": {"s3:PutObject"}}
_BY_NAME = {"generate_presigned_url", "get_paginator"}
_WRITES = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "Check": "ConditionCheckItem"}
"""`Table.write` and `transact` name their verbs by the class of the write."""

IAM: dict[str, tuple[str, ...]] = {
    "bedrock-runtime:Converse": ("bedrock:ApplyGuardrail", "bedrock:InvokeModel"),
    "bedrock-runtime:ConverseStream": ("bedrock:ApplyGuardrail", "bedrock:InvokeModelWithResponseStream"),
    "dynamodb:TransactWriteItems": (),  # asked for by its parts
    "s3:CompleteMultipartUpload": ("s3:PutObject",),
    "s3:CopyObject": ("s3:GetObject", "s3:ListBucket", "s3:PutObject"),
    "s3:CreateMultipartUpload": ("s3:PutObject",),
    "s3:DeleteObjects": ("s3:DeleteObject",),
    "s3:GetObject": ("s3:GetObject", "s3:ListBucket"),
    "s3:HeadObject": ("s3:GetObject", "s3:ListBucket"),
    "s3:ListObjectsV2": ("s3:ListBucket",),
    "s3:UploadPart": ("s3:PutObject",),
    "sqs:ChangeMessageVisibilityBatch": ("sqs:ChangeMessageVisibility",),
    "sqs:DeleteMessageBatch": ("sqs:DeleteMessage",),
    "sqs:SendMessageBatch": ("sqs:SendMessage",),
}
"""Where IAM's action has another name than the operation.

Without ListBucket S3 answers 403 for what is not there, which nobody could tell from a refusal.
"""


def asked_by(node: ast.AST) -> set[str]:
    """Return the operations, as `service:Operation`, that a node asks for where it is run."""
    match node:
        case ast.Name(id=name, ctx=ast.Load()) if name in _WRITES:
            return {f"dynamodb:{_WRITES[name]}"}
        case ast.Name(id="presigned") | ast.Attribute(attr="transcribe_address"):
            return {"transcribe:StartStreamTranscriptionWebSocket"}
        case ast.Attribute(value=value, attr=name) if name in _TRANSFERS and _is_client(value):
            return set(_TRANSFERS[name])
        case ast.Call(func=ast.Attribute(value=value, attr=name), args=[ast.Constant(value=str() as asked), *_]) if (
            name in _BY_NAME and _is_client(value)
        ):
            return _of_method(asked)
        case ast.Attribute(value=value, attr=name) if _is_client(value):
            return _of_method(name)
    return set()


def actions(operation: str) -> tuple[str, ...]:
    """Return the IAM actions that an operation needs; none where anybody may ask for it."""
    service, name = operation.split(":")
    return () if _is_public(service, name) else IAM.get(operation, (operation,))


def _is_client(value: ast.expr) -> bool:
    match value:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name in _CLIENTS
        case ast.Call(func=called):
            return _is_client(called)
    return False


def _of_method(name: str) -> set[str]:
    return {found} if (found := _methods().get(name)) else set()


@cache
def _methods() -> dict[str, str]:
    session = botocore.session.get_session()
    found: dict[str, str] = {}
    for service in SERVICES:
        for operation in session.get_service_model(service).operation_names:
            found[botocore.xform_name(operation)] = f"{service}:{operation}"
    return found


@cache
def _is_public(service: str, name: str) -> bool:
    """Tell whether requests for an operation are not signed: Cognito's sign-up and sign-in are for anybody."""
    model = botocore.session.get_session().get_service_model(service)
    return name in model.operation_names and model.operation_model(name).auth_type == "none"
