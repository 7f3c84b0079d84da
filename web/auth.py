"""Authentication: the bearer token of a request becomes a Principal."""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, current_app, g, request

from shared.domains.accounts.errors import EmailTaken, NotConfirmed, SignInEnded
from shared.domains.accounts.models import Account, Claims
from shared.domains.accounts.rules.registering import ensure_account
from shared.kernel.errors import Forbidden, Unauthorized
from shared.kernel.principal import Principal
from shared.wiring import GatewayContext
from web.context import browser_language
from web.pool_checks import PoolChecks
from web.throttling import count_address

SOCKET = "gateway_socket"
SOCKET_WITHOUT_UPGRADE = "gateway_socket_without_upgrade"
PUBLIC = frozenset(
    {
        "accounts.register",
        "accounts.confirm",
        "accounts.resend",
        "accounts.login",
        "accounts.refresh",
        "accounts.forgot",
        "accounts.reset",
        "health.healthz",
        "health.readyz",
        "documents.openapi",
        "documents.asyncapi",
        "documents.docs",
        "documents.docs_guide",
        "pages.show_shell",
        "pages.show_static_file",
        "pages.show_manifest",
        "pages.show_service_worker",
        SOCKET_WITHOUT_UPGRADE,
    }
)
"""Endpoints that need no token; the WebSocket's has tickets of its own."""
TOKEN_IN_ADDRESS = frozenset({"events.listen"})
"""Endpoints that take the token in the address, since browsers send no headers with them."""
_ROLE = "needed_role"
CACHED_ACCOUNTS = 10_000

View = TypeVar("View", bound=Callable[..., Any])


class Authenticator:
    """Finds the account of a token; accounts are remembered for ten seconds, so that most requests ask nobody.

    So is that the user pool knows the sign-in still: what the pool ends (a person deleted or disabled, a global
    sign-out) ends here within that time.
    """

    def __init__(self, context: GatewayContext) -> None:
        """Use the gateway's ports."""
        self._context = context
        self._cache_seconds = context.settings.sign_in_check_seconds
        self._accounts: dict[str, tuple[float, Account]] = {}
        self._pool = PoolChecks(context, self._cache_seconds)

    def __call__(self, token: str) -> Principal:
        """Return who a token belongs to.

        Raises:
            SignInEnded: it is not a valid access token, or its sign-in has ended.
        """
        claims, account = self.check(token)
        return Principal(
            user_id=account.user_id,
            email=account.email,
            name=account.name,
            role=account.role,
            language=account.language or browser_language(),
            session_id=claims.session_id,
            expires_at=claims.expires_at,
            groups=claims.groups,
        )

    def check(self, token: str) -> tuple[Claims, Account]:
        """Return what a token says, and its account; needs no request.

        Raises:
            SignInEnded: it is not a valid access token, or its sign-in has ended.
        """
        claims = self._context.tokens.verify(token)
        if self._context.revocations.is_revoked(claims.session_id):
            raise SignInEnded
        self._pool.check(claims, token)
        account = self._account(claims.user_id, token)
        if not account.takes(sign_in_id=claims.session_id, signed_in_at=claims.signed_in_at):
            raise SignInEnded
        return claims, account

    def known(self, user_id: str) -> Account | None:
        """Return an account as it was read within the last seconds; None where it was not."""
        known = self._accounts.get(user_id)
        return known[1] if known is not None else None

    def forget(self, user_id: str) -> None:
        """Read an account anew the next time."""
        self._accounts.pop(user_id, None)

    def _account(self, user_id: str, token: str) -> Account:
        known = self._accounts.get(user_id)
        if known is not None and time.monotonic() - known[0] < self._cache_seconds:
            return known[1]
        account = self._context.accounts.get(user_id) or self._missing(token)
        if len(self._accounts) >= CACHED_ACCOUNTS:
            self._accounts.clear()
        self._accounts[user_id] = (time.monotonic(), account)
        return account

    def _missing(self, token: str) -> Account:
        """Make the account of a person who signed up before the profile was written."""
        context = self._context
        try:
            return ensure_account(
                context.identities.identify(token),
                identities=context.identities,
                accounts=context.accounts,
                clock=context.clock,
            )
        except (NotConfirmed, EmailTaken) as problem:  # nobody whom we know, whatever the pool says
            raise SignInEnded from problem


def install_authentication(app: Flask, authenticator: Authenticator) -> None:
    """Ask every request but the public ones for a token, before anything else of it is looked at."""
    app.extensions["authenticator"] = authenticator

    def authenticate() -> None:
        endpoint = request.endpoint
        if endpoint is None or endpoint in PUBLIC or endpoint == SOCKET or request.method == "OPTIONS":
            return
        try:
            g.principal = authenticator(_token_of(endpoint))
        except Unauthorized:
            count_address()
            raise
        _require_role(needed_role(current_app.view_functions[endpoint]), g.principal)

    app.before_request(authenticate)


def authenticator() -> Authenticator:
    """Return the running application's authenticator."""
    return cast(Authenticator, current_app.extensions["authenticator"])


def current_principal() -> Principal:
    """Return who is asking."""
    return cast(Principal, g.principal)


def access_token() -> str:
    """Return the token that this request was authenticated by."""
    return _token_of(request.endpoint or "")


def account_changed(account: Account) -> None:
    """Let this request's answer and all requests after it in this process follow a change of the caller's account."""
    authenticator().forget(account.user_id)
    language = account.language or browser_language()
    g.principal = replace(current_principal(), name=account.name, language=str(language))


def tutors_only(view: View) -> View:
    """Refuse everybody but tutors with 403, before anything else of the request is looked at."""
    return _guarded(view, "tutor")


def operators_only(view: View) -> View:
    """Refuse everybody but operators with 403, before anything else of the request is looked at."""
    return _guarded(view, "operator")


def _guarded(view: View, role: str) -> View:
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        _require_role(role, current_principal())
        return view(*args, **kwargs)

    setattr(guarded, _ROLE, role)
    return cast(View, guarded)


def needed_role(view: Callable[..., Any]) -> str | None:
    """Return the role that a view was marked for; wrappers carry the mark on."""
    role: str | None = getattr(view, _ROLE, None)
    return role


def _require_role(role: str | None, principal: Principal) -> None:
    if role == "tutor" and not principal.is_tutor:
        raise Forbidden("Tutors only.", "튜터만 사용할 수 있습니다.")
    if role == "operator" and not principal.is_operator:
        raise Forbidden("Operators only.", "운영자만 사용할 수 있습니다.")


def _token_of(endpoint: str) -> str:
    token = request.args.get("token") if endpoint in TOKEN_IN_ADDRESS else None
    return token if token and "Authorization" not in request.headers else _bearer_token()


def _bearer_token() -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthorized("Authorization: Bearer <accessToken> is needed.", "로그인이 필요합니다.")
    return token.strip()
