"""Writing attributes as on AWS: by the app client's list, never an immutable one, an e-mail once it is proved."""

import secrets
import threading
import time
from collections.abc import Callable
from typing import Any

from ministack.services import cognito

from embedded.aws.users import error
from embedded.aws.verification import VerificationCodes

Answer = tuple[int, dict[str, str], bytes]
Attributes = list[dict[str, str]]

_WRITING = frozenset({"SignUp", "UpdateUserAttributes"})
_WAITING = "_waiting_email"
_signed_in = threading.local()


def refusal(action: str, request: dict[str, Any]) -> Answer | None:
    """Return why attributes may not be written, or None."""
    if action not in _WRITING:
        return None
    pool, client = _client(request)
    given: Attributes = request.get("UserAttributes") or []
    writable = client.get("WriteAttributes") or []
    if writable and any(one["Name"] not in writable for one in given):
        return error("NotAuthorizedException", "A client attempted to write unauthorized attribute")
    if action == "SignUp":
        return _sign_up_refusal(request, pool, given)
    fixed = _immutable(pool)
    for one in given:
        if one["Name"] in fixed:
            return error("InvalidParameterException", f"user.{one['Name']}: Attribute cannot be updated.")
    return None


def hold_back(request: dict[str, Any], codes: VerificationCodes) -> dict[str, Any]:
    """Return an UpdateUserAttributes without the e-mail, which waits on the user until its code comes."""
    user, pool = cognito._user_pool_for_access_token(request.get("AccessToken", ""))
    given: Attributes = request.get("UserAttributes") or []
    email = next((one["Value"] for one in given if one["Name"] == "email"), None)
    settings = (pool or {}).get("UserAttributeUpdateSettings") or {}
    if user is None or email is None or "email" not in settings.get("AttributesRequireVerificationBeforeUpdate", []):
        return request
    user[_WAITING] = {"email": email, "code": f"{secrets.randbelow(10**6):06d}", "until": time.time() + 24 * 3600}
    codes.write("verify_attribute", email, user[_WAITING]["code"])
    return request | {"UserAttributes": [one for one in given if one["Name"] != "email"]}


def verify(request: dict[str, Any]) -> Answer | None:
    """Answer a VerifyUserAttribute of an e-mail that waits; None where none does, which is ministack's to answer."""
    user, pool = cognito._user_pool_for_access_token(request.get("AccessToken", ""))
    waiting = user.get(_WAITING) if user is not None else None
    if waiting is None or request.get("AttributeName") != "email":
        return None
    if time.time() > waiting["until"]:
        return error("ExpiredCodeException", "Invalid code provided, please request a code again.")
    if not secrets.compare_digest(waiting["code"], str(request.get("Code", ""))):
        return error("CodeMismatchException", "Invalid verification code provided, please try again.")
    if _is_taken(pool, user, waiting["email"]):
        return error("AliasExistsException", "An account with the given email already exists.")
    proved = [{"Name": "email", "Value": waiting["email"]}, {"Name": "email_verified", "Value": "true"}]
    user["Attributes"] = cognito._merge_attributes(user["Attributes"], proved)
    del user[_WAITING]
    return 200, {"Content-Type": "application/x-amz-json-1.1"}, b"{}"


def note_refresh(claims: dict[str, Any] | None) -> None:
    """Let the tokens that this thread signs next say when their sign-in began, as refreshed ones do on AWS."""
    _signed_in.at = claims.get("iat") if claims else None


def hook_claims(original: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """Put the time of the sign-in into refreshed tokens; ministack writes the time of the refresh."""

    def claims(*args: Any, **named: Any) -> dict[str, Any]:
        said = original(*args, **named)
        began = getattr(_signed_in, "at", None)
        return said | {"auth_time": began} if began is not None else said

    return claims


def _client(request: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    token = request.get("AccessToken")
    client_id = request.get("ClientId") or (cognito._token_claims(token).get("client_id") if token else None)
    pool = cognito._pool_for_client(client_id)[0] if client_id else None
    return pool or {}, (pool or {}).get("_clients", {}).get(client_id, {})


def _immutable(pool: dict[str, Any]) -> frozenset[str]:
    schema = pool.get("SchemaAttributes") or pool.get("Schema") or []
    names = (one["Name"] for one in schema if one.get("Mutable") is False)
    return frozenset({"sub", *names, *(f"custom:{name}" for name in names)})


def _sign_up_refusal(request: dict[str, Any], pool: dict[str, Any], given: Attributes) -> Answer | None:
    email = next((one["Value"] for one in given if one["Name"] == "email"), None)
    named = str(request.get("Username", ""))
    if "email" in (pool.get("UsernameAttributes") or []) and email is not None and email.lower() != named.lower():
        return error("InvalidParameterException", "User attributes and user name name different e-mail addresses.")
    return None


def _is_taken(pool: dict[str, Any], user: dict[str, Any], email: str) -> bool:
    found = cognito._resolve_user(pool, email)[0]
    return found is not None and found is not user
