"""Cognito's calls: the checks that AWS makes and ministack skips, and the journal behind every change."""

import time
from collections.abc import Callable
from typing import Any

from ministack.services import cognito

from embedded.aws import attributes
from embedded.aws.hooks import wrap
from embedded.aws.passwords import hash_for_nothing
from embedded.aws.snapshots import Snapshots
from embedded.aws.users import RevokedTokens, Touched, UserJournal, error
from embedded.aws.verification import VerificationCodes

Answer = tuple[int, dict[str, str], bytes]

_READS = ("Get", "List", "Describe", "AdminGet", "AdminList")
# Calls that change one user at most, the one that their arguments name; anything else saves everything.
_ONE_USER = frozenset(
    {
        "SignUp",
        "ConfirmSignUp",
        "ResendConfirmationCode",
        "ForgotPassword",
        "ConfirmForgotPassword",
        "InitiateAuth",
        "RespondToAuthChallenge",
        "AdminInitiateAuth",
        "AdminRespondToAuthChallenge",
        "ChangePassword",
        "UpdateUserAttributes",
        "VerifyUserAttribute",
        "DeleteUser",
        "GlobalSignOut",
        "AdminCreateUser",
        "AdminDeleteUser",
        "AdminSetUserPassword",
        "AdminUpdateUserAttributes",
        "AdminConfirmSignUp",
        "AdminDisableUser",
        "AdminEnableUser",
        "AdminResetUserPassword",
        "AdminUserGlobalSignOut",
        "AdminSetUserMFAPreference",
        "SetUserMFAPreference",
        "AssociateSoftwareToken",
        "VerifySoftwareToken",
        "RevokeToken",
    }
)


class Accounts:
    """Stands between ministack's dispatcher and its Cognito handlers."""

    def __init__(self, users: UserJournal, snapshots: Snapshots, codes: VerificationCodes) -> None:
        self._users = users
        self._snapshots = snapshots
        self._codes = codes

    def install(self) -> None:
        """Take ministack's place where it runs a handler, mails a code and trusts a refresh token."""
        cognito._run_idp_handler = self.run
        cognito._send_verification_email = self._codes.issue
        cognito._revoked_tokens = RevokedTokens(self._users)
        wrap(cognito, "_refresh_auth_user", _hook_refresh)
        wrap(cognito, "_resolve_user", hook_resolve)
        wrap(cognito, "_apply_pretoken_trigger", attributes.hook_claims)

    def run(self, handler: Callable[[dict[str, Any]], Answer], action: str, request: dict[str, Any]) -> Answer:
        """Check a call as AWS does, run it, and record what it changed. Runs in a thread of its own."""
        if action in cognito._UNSIGNED_IDP_ACTIONS:
            cognito._pin_unsigned_idp_scope(request)
        attributes.note_refresh(None)
        if action.startswith(_READS):
            return self._refusal(action, request) or handler(request)
        touched = Touched(request)
        answer = self._refusal(action, request) or self._handle(handler, action, request)
        touched.record(self._users)
        self._record_definitions(action)
        return answer

    def _refusal(self, action: str, request: dict[str, Any]) -> Answer | None:
        refusal: Answer | None = (
            cognito._validate_client_secret_hash(action, request)
            or cognito._auth_flow_error(action, request)
            or cognito._access_token_error(request)
            or self._codes.refusal(action, request)
            or attributes.refusal(action, request)
        )
        return refusal

    def _take_as_long(self, action: str, request: dict[str, Any]) -> None:
        """Hash where ministack would not: an unknown or unproved person is not to be told apart by the time."""
        if action != "InitiateAuth" or "PASSWORD" not in (request.get("AuthParameters") or {}):
            return
        pool, _ = cognito._pool_for_client(request.get("ClientId"))
        user = cognito._resolve_user(pool, request["AuthParameters"].get("USERNAME"))[0] if pool else None
        if user is None or user.get("UserStatus") == "UNCONFIRMED":
            hash_for_nothing(str(request["AuthParameters"]["PASSWORD"]))

    def _handle(self, handler: Callable[[dict[str, Any]], Answer], action: str, request: dict[str, Any]) -> Answer:
        self._take_as_long(action, request)
        if action == "UpdateUserAttributes":
            request = attributes.hold_back(request, self._codes)
        verified = attributes.verify(request) if action == "VerifyUserAttribute" else None
        answer = verified or handler(request)
        if answer[0] == 200:
            pool, _ = cognito._pool_for_client(request.get("ClientId"))
            self._codes.accepted(action, cognito._resolve_user(pool, request.get("Username"))[0] if pool else None)
        return answer

    def _record_definitions(self, action: str) -> None:
        if action in _ONE_USER:
            return
        self._snapshots.changed("cognito-idp")
        self._users.keep_all()


def _hook_refresh(original: Callable[..., Any]) -> Callable[..., Any]:
    """Refuse forged, expired and revoked refresh tokens, which ministack accepts unless all of IAM is switched on."""

    def refresh_user(pool: dict[str, Any], pool_id: str, client_id: str, token: str) -> tuple[Any, Any]:
        claims = cognito._token_claims(token) if token else {}
        if not claims or token.count(".") != 2 or not cognito._signature_valid(token):
            return None, error("NotAuthorizedException", "Invalid Refresh Token")
        if time.time() >= claims.get("exp", 0):
            return None, error("NotAuthorizedException", "Refresh Token has expired")
        if claims.get("origin_jti") in cognito._revoked_tokens:
            return None, error("NotAuthorizedException", "Refresh Token has been revoked")
        user, refusal = original(pool, pool_id, client_id, token)
        if user is not None and not user.get("Enabled", True):
            return None, error("NotAuthorizedException", "User is disabled.")
        attributes.note_refresh(claims)
        return user, refusal

    return refresh_user


def hook_resolve(original: Callable[..., Any]) -> Callable[..., Any]:
    """Look through a copy of a pool's users: ministack goes through all of them while other threads sign people up."""
    return lambda pool, username: original(pool | {"_users": pool["_users"].copy()}, username)
