"""Verification codes as on AWS: random, used once, expiring; they are read in the log instead of a mailbox."""

import hmac
import json
import os
import secrets
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ministack.services import cognito

from embedded.aws.users import error

User = dict[str, Any]
Refusal = tuple[int, dict[str, str], bytes]

_SIGN_UP, _RESET = "sign_up", "reset_password"
# Amazon Cognito's own lifetimes: 24 hours for a sign-up code, 1 hour for a reset code.
_LIFETIME_SECONDS = {_SIGN_UP: 24 * 3600, _RESET: 3600}
_FIELDS = {_SIGN_UP: "_confirmation_code", _RESET: "_reset_code"}
_CONFIRMATIONS = {"ConfirmSignUp": _SIGN_UP, "ConfirmForgotPassword": _RESET}
# A million codes and unlimited guesses would be no check at all; AWS also stops after a few.
_GUESSES = 10
_MISMATCH = "Invalid verification code provided, please try again."


class VerificationCodes:
    """Issues codes in place of ministack's fixed ones, and judges the codes that come back."""

    def __init__(self, log: Path) -> None:
        self._log = log

    def issue(
        self, pool: dict[str, Any], username: str, attributes: dict[str, str], _code: str, attribute_name: str = "email"
    ) -> None:
        """Give the user a new code, which ends the old one, and write it to the log.

        Takes the place of ministack's `_send_verification_email`, hence the arguments; "password" asks for a reset.
        """
        user = cognito._resolve_user(pool, username)[0]
        if user is None:
            return
        purpose = _RESET if attribute_name == "password" else _SIGN_UP
        code = f"{secrets.randbelow(10**6):06d}"
        user[_FIELDS[purpose]] = code
        user[f"{_FIELDS[purpose]}_expires"] = time.time() + _LIFETIME_SECONDS[purpose]
        user[f"{_FIELDS[purpose]}_guesses"] = 0
        self.write(purpose, attributes.get("email", username), code)

    def refusal(self, action: str, request: dict[str, Any]) -> Refusal | None:
        """Return why a call about codes cannot go on, or None; unknown users and clients are ministack's to answer."""
        pool, _ = cognito._pool_for_client(request.get("ClientId"))
        user = cognito._resolve_user(pool, request.get("Username"))[0] if pool else None
        if user is None:
            return None
        if action in _CONFIRMATIONS:
            return _judge(user, _CONFIRMATIONS[action], str(request.get("ConfirmationCode", "")))
        if action == "ResendConfirmationCode" and user["UserStatus"] != "UNCONFIRMED":
            return error("InvalidParameterException", "User is already confirmed.")
        if action == "ForgotPassword" and user["UserStatus"] == "UNCONFIRMED":
            return error(
                "InvalidParameterException",
                "Cannot reset password for the user as there is no registered/verified email or phone_number",
            )
        return None

    def accepted(self, action: str, user: User | None) -> None:
        """Record on the user that the code proved the address: a confirmed sign-up has a verified e-mail."""
        if action not in _CONFIRMATIONS or user is None:
            return
        field = _FIELDS[_CONFIRMATIONS[action]]
        for name in (field, f"{field}_expires", f"{field}_guesses"):
            user.pop(name, None)
        user["Attributes"] = cognito._merge_attributes(
            user["Attributes"], [{"Name": "email_verified", "Value": "true"}]
        )

    def write(self, purpose: str, email: str, code: str) -> None:
        """Write a code to the log, where a mailbox would be."""
        line = {
            "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": "info",
            "process": "embedded-aws",
            "event": "verification_code",
            "purpose": purpose,
            "email": email,
            "code": code,
        }
        # One write on an appending descriptor: lines of several processes do not mix.
        descriptor = os.open(self._log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, (json.dumps(line, ensure_ascii=False) + "\n").encode())
        finally:
            os.close(descriptor)


def _judge(user: User, purpose: str, given: str) -> Refusal | None:
    if purpose == _SIGN_UP and user["UserStatus"] != "UNCONFIRMED":
        status = user["UserStatus"]
        return error("NotAuthorizedException", f"User cannot be confirmed. Current status is {status}")
    field = _FIELDS[purpose]
    issued = user.get(field)
    if not issued or time.time() > user.get(f"{field}_expires", 0):
        return error("ExpiredCodeException", "Invalid code provided, please request a code again.")
    if user.get(f"{field}_guesses", 0) >= _GUESSES:
        return error("TooManyFailedAttemptsException", "Too many failed attempts, please request a code again.")
    if not hmac.compare_digest(issued.encode(), given.encode("utf-8", "replace")):
        user[f"{field}_guesses"] = user.get(f"{field}_guesses", 0) + 1
        return error("CodeMismatchException", _MISMATCH)
    return None
