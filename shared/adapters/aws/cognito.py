"""The identity provider: Amazon Cognito."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from botocore.exceptions import ClientError

from shared.adapters.aws.errors import error_code, translated
from shared.adapters.aws.pool_clock import PoolClock
from shared.domains.accounts.errors import (
    EmailTaken,
    NotConfirmed,
    SignInEnded,
    WeakPassword,
    WrongCode,
    WrongCredentials,
)
from shared.domains.accounts.models import Identity, Language, Role, Tokens
from shared.kernel.characters import named
from shared.kernel.emails import named_email
from shared.kernel.errors import DomainError, Invalid, RateLimited

ROLE = "custom:role"
UNCONFIRMED = "UNCONFIRMED"
LONGEST_NAME = 100
SIGN_UPS = 3
Answer = TypeVar("Answer")
Meanings = dict[str, Callable[[], DomainError]]

_CODES: Meanings = {
    "CodeMismatchException": WrongCode,
    "ExpiredCodeException": WrongCode,
    "UserNotFoundException": WrongCode,
    "NotAuthorizedException": WrongCode,
}
_TOO_OFTEN = frozenset({"LimitExceededException", "TooManyFailedAttemptsException"})
_PAUSE_SECONDS = 300
_PASSED_OVER = _TOO_OFTEN | {
    "InvalidParameterException",
    "InvalidTokenException",
    "NotAuthorizedException",
    "UnauthorizedException",
    "UnsupportedTokenTypeException",
    "UserNotFoundException",
}
"""Refusals that would reveal whether an address is known, or that a token had already ended."""
_WEAK: Meanings = {
    "InvalidPasswordException": WeakPassword,
    "PasswordHistoryPolicyViolationException": WeakPassword,
}


class CognitoIdentities:
    """The port IdentityProvider, by an app client without secret."""

    def __init__(self, client: Any, client_id: str, pool_id: str, *, once: Any = None) -> None:
        """Use a boto3 cognito-idp client, whose credentials may read, end and lock the pool's people.

        By `once`, a client that repeats nothing, goes what a repetition would be refused that follows a lost answer: a
        code is used up by then, and the old password is the old one no more.
        """
        self._client, self._once = client, once or client
        self._pool_id = pool_id
        self._client_id = client_id
        self._clock = PoolClock(self._client, self._once)

    def time(self, now: datetime) -> datetime:
        """Return what the pool's clock shows when ours shows `now`."""
        return self._clock.time(now)

    def sign_up(self, identity: Identity, password: str) -> str:
        """Make a person and send a code; return the userId. What was never proved of the address is replaced.

        So it is also where boto3 asks again after an answer that was lost: its first asking was not proved yet.
        """
        for _ in range(SIGN_UPS):
            try:
                return self._sign_up(identity, password)
            except EmailTaken:
                found = self._admin_get(identity.email)
                if found is not None and found["UserStatus"] != UNCONFIRMED:
                    raise
            if found is not None:
                self.delete(found["Username"])
        raise EmailTaken

    def _sign_up(self, identity: Identity, password: str) -> str:
        attributes = {"email": identity.email, "name": identity.name, "locale": identity.language, ROLE: identity.role}
        answer = _asked(
            lambda: self._client.sign_up(
                ClientId=self._client_id,
                Username=identity.email,
                Password=password,
                UserAttributes=[{"Name": name, "Value": str(value)} for name, value in attributes.items()],
            ),
            _WEAK | {"UsernameExistsException": EmailTaken},
        )
        return str(answer["UserSub"])

    def confirm(self, email: str, code: str) -> None:
        """Prove an e-mail, or raise WrongCode."""
        _asked(
            lambda: self._once.confirm_sign_up(ClientId=self._client_id, Username=email, ConfirmationCode=code),
            _CODES,
        )

    def resend(self, email: str) -> None:
        """Send the code again; an unknown or confirmed e-mail is passed over."""
        _told(lambda: self._client.resend_confirmation_code(ClientId=self._client_id, Username=email))

    def sign_in(self, email: str, password: str) -> Tokens:
        """Return tokens, or raise WrongCredentials or NotConfirmed."""
        return self._authenticate(
            "USER_PASSWORD_AUTH",
            {"USERNAME": email, "PASSWORD": password},
            {
                "NotAuthorizedException": WrongCredentials,
                "UserNotFoundException": WrongCredentials,
                "UserNotConfirmedException": NotConfirmed,
            },
        )

    def refresh(self, refresh_token: str) -> Tokens:
        """Return new access and id tokens, or raise SignInEnded."""
        ended: Meanings = {"NotAuthorizedException": SignInEnded, "UserNotFoundException": SignInEnded}
        return self._authenticate("REFRESH_TOKEN_AUTH", {"REFRESH_TOKEN": refresh_token}, ended)

    def revoke(self, refresh_token: str) -> None:
        """End a refresh token; one that has ended is passed over."""
        _told(lambda: self._client.revoke_token(Token=refresh_token, ClientId=self._client_id))

    def forgot(self, email: str) -> None:
        """Send a code to reset the password, or to prove an address that was never proved; pass over an unknown one."""
        _told(lambda: self._client.forgot_password(ClientId=self._client_id, Username=email))
        if self._is_unconfirmed(email):  # Cognito resets nobody's password before the address is proved
            self.resend(email)

    def reset(self, email: str, code: str, password: str) -> None:
        """Set a password by a code, which also proves the address; or raise WrongCode or WeakPassword."""
        if self._is_unconfirmed(email):
            self._prove_and_set(email, code, password)
            return
        _asked(
            lambda: self._once.confirm_forgot_password(
                ClientId=self._client_id, Username=email, ConfirmationCode=code, Password=password
            ),
            _CODES | _WEAK,
        )

    def change_password(self, access_token: str, old: str, new: str) -> None:
        """Set a password by the one before, or raise WrongCredentials or WeakPassword."""
        _asked(
            lambda: self._once.change_password(AccessToken=access_token, PreviousPassword=old, ProposedPassword=new),
            _WEAK | {"NotAuthorizedException": WrongCredentials},
        )

    def identify(self, access_token: str) -> Identity:
        """Return the person that an access token belongs to; SignInEnded where it has ended, or the person is gone."""
        ended: Meanings = {"NotAuthorizedException": SignInEnded, "UserNotFoundException": SignInEnded}
        return _identity(_asked(lambda: self._client.get_user(AccessToken=access_token), ended)["UserAttributes"])

    def find(self, name: str) -> Identity | None:
        """Return a person by userId or e-mail; None where there is none."""
        found = self._admin_get(name)
        return _identity(found["UserAttributes"], is_enabled=found["Enabled"]) if found is not None else None

    def end_all(self, user_id: str) -> None:
        """End every refresh token of a person; of an unknown one there are none."""
        _told(lambda: self._client.admin_user_global_sign_out(UserPoolId=self._pool_id, Username=user_id))

    def lock(self, user_id: str) -> None:
        """Let a person sign in no more; an unknown one is passed over."""
        _told(lambda: self._client.admin_disable_user(UserPoolId=self._pool_id, Username=user_id))

    def unlock(self, user_id: str) -> None:
        """Let a person sign in again; an unknown one is passed over."""
        _told(lambda: self._client.admin_enable_user(UserPoolId=self._pool_id, Username=user_id))

    def delete(self, user_id: str) -> None:
        """Forget a person; an unknown one is passed over."""
        _told(lambda: self._client.admin_delete_user(UserPoolId=self._pool_id, Username=user_id))

    def _is_unconfirmed(self, email: str) -> bool:
        found = self._admin_get(email)
        return found is not None and found["UserStatus"] == UNCONFIRMED

    def _admin_get(self, name: str) -> Any:
        """Return a person's record by userId or e-mail; None where there is none."""
        with translated():
            try:
                return self._client.admin_get_user(UserPoolId=self._pool_id, Username=name)
            except ClientError as problem:
                if error_code(problem) in ("UserNotFoundException", "InvalidParameterException"):
                    return None
                raise

    def _prove_and_set(self, email: str, code: str, password: str) -> None:
        """Prove an address by its code and give it to its owner, with the password that they choose now."""
        self.confirm(email, code)
        _asked(
            lambda: self._client.admin_set_user_password(
                UserPoolId=self._pool_id, Username=email, Password=password, Permanent=True
            ),
            _WEAK,
        )

    def _authenticate(self, flow: str, parameters: dict[str, str], meanings: Meanings) -> Tokens:
        answer = _asked(
            lambda: self._client.initiate_auth(ClientId=self._client_id, AuthFlow=flow, AuthParameters=parameters),
            meanings | {"InvalidParameterException": meanings["NotAuthorizedException"]},
        )
        result = answer.get("AuthenticationResult")
        if result is None:  # a challenge, which no client of ours can meet
            raise meanings["NotAuthorizedException"]()
        return Tokens(
            access_token=result["AccessToken"],
            id_token=result["IdToken"],
            refresh_token=result.get("RefreshToken"),
            expires_in=result["ExpiresIn"],
        )


def _identity(attributes: list[dict[str, str]], *, is_enabled: bool = True) -> Identity:
    """Return a person; people can write name and e-mail at Cognito itself, past our own rules for both."""
    known = {one["Name"]: one["Value"] for one in attributes}
    email = named_email(known.get("email", ""))
    return Identity(
        user_id=known["sub"],
        email=email,
        name=_name(known.get("name", "")) or email.partition("@")[0] or known["sub"],
        role=_role(known.get(ROLE, "")),
        language=_language(known.get("locale", "")),
        is_email_verified=bool(email) and known.get("email_verified", "").lower() == "true",
        is_enabled=is_enabled,
    )


def _name(value: str) -> str:
    try:
        return named(value.strip())[:LONGEST_NAME]
    except ValueError:
        return ""


def _role(value: str) -> Role:
    return Role.TUTOR if value.lower() == Role.TUTOR else Role.STUDENT


def _language(locale: str) -> Language | None:
    """Return the language of a locale such as ko, ko-KR or en_US; None where it is none of ours."""
    code = locale[:2].lower()
    return Language(code) if code in tuple(Language) else None


def _asked(call: Callable[[], Answer], meanings: Meanings) -> Answer:
    """Return the answer; what AWS refuses is raised as what it means here.

    Raises:
        Unavailable: it did not answer.
        Invalid: a parameter that AWS does not take.
        RateLimited: this person has tried too often.
    """
    with translated():
        try:
            return call()
        except ClientError as problem:
            meaning = meanings.get(error_code(problem))
            if meaning is not None:
                raise meaning() from problem
            if error_code(problem) in _TOO_OFTEN:
                raise RateLimited(
                    "Too many attempts; try again later.",
                    "시도 횟수가 너무 많습니다. 잠시 후 다시 시도해 주세요.",
                    retry_after=_PAUSE_SECONDS,
                ) from problem
            if error_code(problem) == "InvalidParameterException":
                raise Invalid("A field is not accepted.", "입력값이 올바르지 않습니다.") from problem
            raise


def _told(call: Callable[[], object]) -> None:
    """Make a call of which no refusal may reveal whether an address is known."""
    with translated():
        try:
            call()
        except ClientError as problem:
            if error_code(problem) not in _PASSED_OVER:
                raise
