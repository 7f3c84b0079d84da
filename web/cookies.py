"""The web client's refresh token: in a cookie that no script can read and that only its own pages can use."""

from flask import Response, request

from shared.domains.accounts.errors import SignInEnded
from shared.kernel.errors import Invalid, Text
from web.context import language
from web.validation import NOT_VALID

REFRESH_COOKIE = "refreshToken"
CLIENT_HEADER = "X-SpeakTracker-Client"
WEB_CLIENT = "web"
NEEDED = Text("is needed", "필수 항목입니다")
LIFE_SECONDS = 30 * 24 * 3600
"""As long as Cognito lets a refresh token live."""


def is_web_client() -> bool:
    """Tell whether our own pages ask: a foreign page cannot send this header, since CORS allows it to nobody."""
    return request.headers.get(CLIENT_HEADER) == WEB_CLIENT


def refresh_token_given(in_body: str | None) -> str:
    """Return the refresh token of the body, else of the web client's cookie.

    A cookie counts for nothing without the header that names the page that asks.

    Raises:
        SignInEnded: the web client's cookie is gone.
        Invalid: there is none in the body.
    """
    if in_body:
        return in_body
    if not is_web_client():
        raise Invalid(*NOT_VALID, details=[{"field": "refreshToken", "message": NEEDED.localized(language())}])
    token = kept_cookie(REFRESH_COOKIE)
    if not token:
        raise SignInEnded
    return token


def named_cookie(name: str) -> str:
    """Return the name under which a browser keeps a cookie: over HTTPS one that only this host can set."""
    return f"__Host-{name}" if request.is_secure else name


def cookie_path() -> str:
    """Return the path of our cookies: over HTTPS that of all, which the name `__Host-` asks for."""
    return "/" if request.is_secure else "/api/auth"


def kept_cookie(name: str) -> str:
    """Return what a browser keeps under a name, else an empty text."""
    return request.cookies.get(named_cookie(name), "")


def keep_refresh_token(response: Response, token: str) -> Response:
    """Leave a refresh token with the browser; `Secure` wherever the page came over HTTPS."""
    response.set_cookie(
        named_cookie(REFRESH_COOKIE),
        token,
        max_age=LIFE_SECONDS,
        path=cookie_path(),
        secure=request.is_secure,
        httponly=True,
        samesite="Strict",
    )
    return response


def drop_refresh_token(response: Response) -> Response:
    """Let the browser forget its refresh token; only our own pages can have one dropped."""
    if is_web_client():
        name, path = named_cookie(REFRESH_COOKIE), cookie_path()
        response.delete_cookie(name, path=path, secure=request.is_secure, httponly=True, samesite="Strict")
    return response
