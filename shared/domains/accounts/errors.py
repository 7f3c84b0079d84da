"""Refusals of accounts."""

from shared.kernel.errors import Conflict, Forbidden, Invalid, NotFound, RateLimited, Unauthorized


class EmailTaken(Conflict):
    """An account with that e-mail exists."""

    def __init__(self) -> None:
        super().__init__("An account with this e-mail exists.", "이미 가입된 이메일입니다.")


class WeakPassword(Invalid):
    """The password is too easy."""

    def __init__(self) -> None:
        """Say what is asked for."""
        super().__init__(
            "The password needs 8 or more characters, with upper case, lower case, digit and symbol.",
            "비밀번호는 대문자, 소문자, 숫자, 기호를 포함해 8자 이상이어야 합니다.",
        )


class TooManyMails(RateLimited):
    """Too many mails went to an address, or were asked for from one place."""

    def __init__(self) -> None:
        super().__init__(
            "Too many codes were sent; try again later.",
            "인증 코드를 너무 많이 보냈습니다. 잠시 후 다시 시도해 주세요.",
            retry_after=600,
        )


class CommonPassword(Invalid):
    """The password is among the first that anybody tries."""

    def __init__(self) -> None:
        super().__init__(
            "This password is one of the commonest: choose another.",
            "너무 흔한 비밀번호입니다. 다른 비밀번호를 선택해 주세요.",
        )


class WrongPassword(Forbidden):
    """The password before is wrong."""

    def __init__(self) -> None:
        super().__init__("The old password is wrong.", "기존 비밀번호가 올바르지 않습니다.")


class SignInNotFound(NotFound):
    """There is no such sign-in, or it is somebody else's."""

    def __init__(self) -> None:
        super().__init__("Sign-in not found", "로그인 기록을 찾을 수 없습니다.")


class WrongCode(Invalid):
    """The verification code is wrong or expired."""

    def __init__(self) -> None:
        super().__init__("The code is wrong or expired.", "인증 코드가 올바르지 않거나 만료되었습니다.")


class WrongCredentials(Unauthorized):
    """E-mail or password is wrong; which of them is not said."""

    def __init__(self) -> None:
        super().__init__("The e-mail or the password is wrong.", "이메일 또는 비밀번호가 올바르지 않습니다.")


class NotConfirmed(Forbidden):
    """The e-mail was not confirmed yet."""

    def __init__(self) -> None:
        super().__init__("The e-mail is not confirmed yet.", "이메일 인증이 필요합니다.")


class SignInEnded(Unauthorized):
    """The token is invalid, expired, or its sign-in has ended."""

    def __init__(self) -> None:
        super().__init__("Sign in again: the token is invalid or has ended.", "다시 로그인해 주세요.")


class AccountNotFound(NotFound):
    """There is no such account."""

    def __init__(self) -> None:
        super().__init__("Account not found", "계정을 찾을 수 없습니다.")


class TutorsOnly(Invalid):
    """A field that only a tutor has."""

    def __init__(self, field: str) -> None:
        """Name it."""
        super().__init__(
            f"{field} is for tutors.",
            f"{field}은(는) 튜터만 설정할 수 있습니다.",
            details=[{"field": field, "message": "is for tutors"}],
        )
