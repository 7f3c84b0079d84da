"""Accounts over HTTP: signing up, in and out, and one's own profile."""

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag

from shared.domains.accounts import service
from shared.domains.accounts.contract import (
    Confirm,
    Forgot,
    Login,
    Logout,
    Refresh,
    Register,
    RequestProfileImage,
    Resend,
    Reset,
    SignedIn,
    UpdateAccount,
)
from shared.domains.accounts.errors import AccountNotFound
from shared.domains.accounts.models import Account
from shared.kernel.errors import Text
from web.answers import answer
from web.auth import account_changed, current_principal
from web.context import gateway
from web.cookies import drop_refresh_token, is_web_client, keep_refresh_token, refresh_token_given
from web.throttling import count_code, count_login

blueprint = APIBlueprint("accounts", __name__, url_prefix="/api", abp_tags=[Tag(name="accounts")])


@blueprint.post("/auth/register")
def register(body: Register) -> Response:
    """Make an account; a verification code goes out by e-mail."""
    context = gateway()
    account = service.register(body, identities=context.identities, accounts=context.accounts, clock=context.clock)
    text = Text("Registered: a code was sent by e-mail", "가입되었습니다. 이메일로 인증 코드를 보냈습니다")
    return answer(text, {"userId": account.user_id, "email": account.email}, status=201)


@blueprint.post("/auth/confirm")
def confirm(body: Confirm) -> Response:
    """Prove an e-mail by its code."""
    context = gateway()
    count_code(body.email)
    service.confirm(body, identities=context.identities, accounts=context.accounts)
    return answer(Text("E-mail confirmed", "이메일이 인증되었습니다"))


@blueprint.post("/auth/resend")
def resend(body: Resend) -> Response:
    """Send the code again."""
    count_code(body.email)
    service.resend(body, identities=gateway().identities)
    return answer(Text("If the e-mail is known, a code was sent", "등록된 이메일이면 코드를 보냈습니다"))


@blueprint.post("/auth/login")
def login(body: Login) -> Response:
    """Sign in; with `X-SpeakTracker-Client: web` the refresh token goes into a cookie and not into the answer."""
    context = gateway()
    count_login(body.email)
    signed_in = service.login(body, identities=context.identities, accounts=context.accounts, clock=context.clock)
    return _signed_in(signed_in)


@blueprint.post("/auth/refresh")
def refresh(body: Refresh) -> Response:
    """Get new access and id tokens; the web client by its cookie, with the header `X-SpeakTracker-Client: web`."""
    tokens = service.refresh(refresh_token_given(body.refresh_token), identities=gateway().identities)
    fields = {"accessToken": tokens.access_token, "idToken": tokens.id_token, "expiresIn": tokens.expires_in}
    return answer(Text("Refreshed", "갱신되었습니다"), fields)


@blueprint.post("/auth/logout")
def logout(body: Logout) -> Response:
    """End this sign-in, everywhere within two seconds."""
    context = gateway()
    service.logout(
        refresh_token_given(body.refresh_token),
        current_principal(),
        identities=context.identities,
        revocations=context.revocations,
        events=context.events,
        clock=context.clock,
    )
    return drop_refresh_token(answer(Text("Signed out", "로그아웃되었습니다")))


@blueprint.post("/auth/forgot")
def forgot(body: Forgot) -> Response:
    """Ask for a code to reset the password."""
    count_code(body.email)
    service.forgot(body, identities=gateway().identities)
    return answer(Text("If the e-mail is known, a code was sent", "등록된 이메일이면 코드를 보냈습니다"))


@blueprint.post("/auth/reset")
def reset(body: Reset) -> Response:
    """Set a new password by a code."""
    count_code(body.email)
    service.reset(body, identities=gateway().identities)
    return answer(Text("Password changed", "비밀번호가 변경되었습니다"))


@blueprint.get("/me")
def show_account() -> Response:
    """Show one's own account."""
    account = gateway().accounts.get(current_principal().user_id)
    if account is None:
        raise AccountNotFound
    return _account_answer(account)


@blueprint.patch("/me")
def update_account(body: UpdateAccount) -> Response:
    """Change one's own account; null clears, absent keeps."""
    principal = current_principal()
    account = service.update_account(body, principal, accounts=gateway().accounts)
    account_changed(account)
    return _account_answer(account)


@blueprint.post("/me/profile-image")
def request_profile_image(body: RequestProfileImage) -> Response:
    """Offer a place for a profile image."""
    context = gateway()
    offer = service.offer_image(body, current_principal(), fresh_id=context.ids.new(), uploads=context.uploads)
    return answer(Text("Upload offered", "업로드 주소를 발급했습니다"), offer.wire())


def _signed_in(signed_in: SignedIn) -> Response:
    text, token = Text("Signed in", "로그인되었습니다"), signed_in.refresh_token
    if token is None or not is_web_client():
        return answer(text, signed_in.wire())
    return keep_refresh_token(answer(text, signed_in.model_copy(update={"refresh_token": None}).wire()), token)


def _account_answer(account: Account) -> Response:
    shown = service.show_account(account, uploads=gateway().uploads)
    return answer(Text("Account", "계정"), shown.wire())
