"""Who people are, by Amazon Cognito."""

from collections.abc import Callable
from typing import Any, TypeVar

from botocore.exceptions import ClientError

from shared.adapters.aws.errors import error_code, translated
from shared.domains.accounts.errors import (
    EmailTaken,
    NotConfirmed,
    SignInEnded,
    WeakPassword,
    WrongCode,
    WrongCredentials,
)
from shared.domains.accounts.models import Identity, Language, Role, Tokens
from shared.kernel.errors import DomainError, Invalid, RateLimited

ROLE = "custom:role"
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
"""Refusals that would tell who is known, or that a token had ended already."""
_WEAK: Meanings = {
    "InvalidPasswordException": WeakPassword,
    "PasswordHistoryPolicyViolationException": WeakPassword,
}


class CognitoIdentities:
    """The port IdentityProvider, by an app client without secret."""

    def __init__(self, client: Any, client_id: str) -> None:
        """Use a boto3 cognito-idp client."""
        self._client = client
        self._client_id = client_id

    def sign_up(self, identity: Identity, password: str) -> str:
        """Make a person and send a code; return the userId."""
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
            lambda: self._client.confirm_sign_up(ClientId=self._client_id, Username=email, ConfirmationCode=code),
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
        """Send a code to reset the password; an unknown e-mail is passed over."""
        _told(lambda: self._client.forgot_password(ClientId=self._client_id, Username=email))

    def reset(self, email: str, code: str, password: str) -> None:
        """Set a password by a code, or raise WrongCode or WeakPassword."""
        _asked(
            lambda: self._client.confirm_forgot_password(
                ClientId=self._client_id, Username=email, ConfirmationCode=code, Password=password
            ),
            _CODES | _WEAK,
        )

    def identify(self, access_token: str) -> Identity:
        """Return who an access token belongs to, or raise SignInEnded."""
        answer = _asked(
            lambda: self._client.get_user(AccessToken=access_token), {"NotAuthorizedException": SignInEnded}
        )
        known = {one["Name"]: one["Value"] for one in answer["UserAttributes"]}
        return Identity(
            user_id=known["sub"],
            email=known["email"].lower(),
            name=known.get("name") or known["email"].partition("@")[0],
            role=_role(known.get(ROLE, "")),
            language=_language(known.get("locale", "")),
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
    """Make a call whose refusals must tell nothing about who is known."""
    with translated():
        try:
            call()
        except ClientError as problem:
            if error_code(problem) not in _PASSED_OVER:
                raise
