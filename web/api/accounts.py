"""Accounts over HTTP: signing up, in and out, one's own sign-ins and profile."""

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag

from shared.domains.accounts.contract import (
    AccountShown,
    ChangePassword,
    Confirm,
    EraseOwnAccount,
    Forgot,
    Login,
    Logout,
    Refresh,
    Refreshed,
    Register,
    Registered,
    RequestProfileImage,
    Resend,
    Reset,
    SignedIn,
    SignInItem,
    SignInList,
    SignInsEnded,
    UpdateAccount,
)
from shared.domains.accounts.errors import AccountNotFound
from shared.domains.accounts.models import Account
from shared.domains.accounts.rules import ending, leaving, locking, passwords, profile, registering, signing_in
from shared.domains.jobs.contract import JobAccepted
from shared.domains.practice.contract import DeleteRecordings
from shared.kernel.contract import Contract
from shared.kernel.emails import NamedEmail
from shared.kernel.errors import (
    Conflict,
    Forbidden,
    NotFound,
    PayloadTooLarge,
    Text,
    Unauthorized,
    UnsupportedMediaType,
)
from shared.kernel.uploads import UploadOffer
from web.answers import answer
from web.auth import access_token, account_changed, authenticator, current_principal, operators_only
from web.context import gateway
from web.cookies import drop_refresh_token, is_web_client, keep_refresh_token, refresh_token_given
from web.documents.telling import operation, refuses, tells
from web.evenness import evenly
from web.idempotency import request_scoped_id
from web.origin import keep_device, origin
from web.throttling import count_upload

blueprint = APIBlueprint("accounts", __name__, url_prefix="/api", abp_tags=[Tag(name="accounts")])


class SignInPath(Contract):
    """Which sign-in."""

    sign_in_id: str


class AccountPath(Contract):
    """The account that is meant."""

    email: NamedEmail


@blueprint.post("/auth/register")
@tells(Registered, status=201)
@refuses(Conflict)
def register(body: Register) -> Response:
    """Sign up; a verification code goes out by e-mail."""
    with evenly():
        identity = registering.register(body, origin(), gateway().account_desk)
    text = Text("Registered: a code was sent by e-mail", "가입되었습니다. 이메일로 인증 코드를 보냈습니다")
    return answer(text, Registered(user_id=identity.user_id, email=identity.email), status=201)


@blueprint.post("/auth/confirm")
@tells()
def confirm(body: Confirm) -> Response:
    """Prove an e-mail by its code."""
    with evenly(refused_only=True):
        registering.confirm(body, origin(), gateway().account_desk)
    return answer(Text("E-mail confirmed", "인증 완료"))


@blueprint.post("/auth/resend")
@tells()
def resend(body: Resend) -> Response:
    """Send the code again."""
    with evenly():
        registering.resend(body, origin(), gateway().account_desk)
    return answer(Text("If the e-mail is known, a code was sent", "등록된 이메일이면 코드를 보냈습니다"))


@blueprint.post("/auth/login")
@tells(SignedIn)
@refuses(Unauthorized, Forbidden)
def login(body: Login) -> Response:
    """Sign in; with `X-SpeakTracker-Client: web` the refresh token goes into a cookie and not into the answer."""
    fresh = gateway().ids.secret()
    with evenly(refused_only=True):
        signed_in = signing_in.login(body, origin(fresh), gateway().account_desk)
    return keep_device(_signed_in(signed_in), fresh)


@blueprint.post("/auth/refresh")
@operation("refreshTokens")
@tells(Refreshed)
@refuses(Unauthorized)
def refresh(body: Refresh) -> Response:
    """Get new access and id tokens; the web client by its cookie, with the header `X-SpeakTracker-Client: web`."""
    tokens = signing_in.refresh(refresh_token_given(body.refresh_token), gateway().account_desk)
    told = Refreshed(access_token=tokens.access_token, id_token=tokens.id_token, expires_in=tokens.expires_in)
    return answer(Text("Refreshed", "갱신되었습니다"), told)


@blueprint.post("/auth/logout")
@tells()
def logout(body: Logout) -> Response:
    """End this sign-in, everywhere within two seconds."""
    ending.logout(refresh_token_given(body.refresh_token), current_principal(), gateway().account_desk)
    return drop_refresh_token(answer(Text("Signed out", "로그아웃되었습니다")))


@blueprint.post("/auth/forgot")
@tells()
def forgot(body: Forgot) -> Response:
    """Ask for a code to reset the password."""
    with evenly():
        passwords.forgot(body, origin(), gateway().account_desk)
    return answer(Text("If the e-mail is known, a code was sent", "등록된 이메일이면 코드를 보냈습니다"))


@blueprint.post("/auth/reset")
@tells()
def reset(body: Reset) -> Response:
    """Set a new password by a code; all sign-ins of the account end within two seconds."""
    with evenly(refused_only=True):
        passwords.reset(body, origin(), gateway().account_desk)
    return answer(Text("Password changed", "비밀번호가 변경되었습니다"))


@blueprint.post("/auth/password")
@tells()
def change_password(body: ChangePassword) -> Response:
    """Set a new password by the one before; the other sign-ins end within two seconds."""
    principal = current_principal()
    passwords.change_password(body, principal, access_token(), origin(), gateway().account_desk)
    authenticator().forget(principal.user_id)
    return answer(Text("Password changed", "비밀번호가 변경되었습니다"))


@blueprint.get("/me/sign-ins")
@tells(SignInList)
def list_sign_ins() -> Response:
    """List one's sign-ins, the last used first."""
    principal = current_principal()
    found = ending.list_sign_ins(principal, sign_ins=gateway().sign_ins)
    shown = SignInList(sign_ins=[SignInItem.of(one, principal.session_id) for one in found])
    return answer(Text("Your sign-ins", "로그인 목록"), shown)


@blueprint.delete("/me/sign-ins/<sign_in_id>")
@tells()
def end_sign_in(path: SignInPath) -> Response:
    """End one of one's sign-ins, everywhere within two seconds."""
    ending.end_sign_in(path.sign_in_id, current_principal(), gateway().account_desk)
    return answer(Text("Sign-in ended", "로그인을 종료했습니다"))


@blueprint.post("/me/sign-ins/end-others")
@tells(SignInsEnded)
def end_other_sign_ins() -> Response:
    """End all of one's sign-ins but this one, everywhere within two seconds."""
    principal = current_principal()
    ended = ending.end_other_sign_ins(principal, gateway().account_desk)
    authenticator().forget(principal.user_id)
    return answer(Text("Other sign-ins ended", "다른 로그인을 모두 종료했습니다"), SignInsEnded(ended=ended))


@blueprint.post("/operations/accounts/<path:email>/lock")
@operators_only
@operation("lockAccount")
@tells()
def lock(path: AccountPath) -> Response:
    """Let a person sign in no more, and end what they have open, within two seconds."""
    locking.lock(path.email, gateway().account_desk)
    return answer(Text("Locked", "계정을 잠갔습니다"))


@blueprint.post("/operations/accounts/<path:email>/unlock")
@operators_only
@operation("unlockAccount")
@tells()
def unlock(path: AccountPath) -> Response:
    """Let a person sign in again."""
    locking.unlock(path.email, gateway().account_desk)
    return answer(Text("Unlocked", "계정 잠금을 해제했습니다"))


@blueprint.get("/me")
@tells(AccountShown)
@refuses(NotFound)
def show_account() -> Response:
    """Show one's own account."""
    account = gateway().accounts.get(current_principal().user_id)
    if account is None:
        raise AccountNotFound
    return _account_answer(account)


@blueprint.patch("/me")
@tells(AccountShown)
@refuses(NotFound, Conflict)
def update_account(body: UpdateAccount) -> Response:
    """Change one's own account; null clears, absent keeps."""
    principal = current_principal()
    account = profile.update_account(body, principal, accounts=gateway().accounts, uploads=gateway().uploads)
    account_changed(account)
    if body.keep_recordings is False:
        gateway().jobs.enqueue(DeleteRecordings(user_id=account.user_id))
    return _account_answer(account)


@blueprint.post("/me/export")
@tells(JobAccepted, status=202)
def export_account() -> Response:
    """Have everything of oneself gathered; the job's result has the archive's address, good for one hour."""
    context, job_id = gateway(), request_scoped_id() or gateway().ids.new()
    leaving.ask_for_export(current_principal(), job_id=job_id, tracker=context.job_tracker, desk=context.account_desk)
    return answer(
        Text("Your things are being gathered", "데이터를 모으고 있습니다"), JobAccepted(job_id=job_id), status=202
    )


@blueprint.delete("/me")
@tells(JobAccepted, status=202)
@refuses(Conflict)
def erase_account(body: EraseOwnAccount) -> Response:
    """Leave for good: removed or made nameless everywhere; the job's result, and a mail, are the receipt."""
    context, job_id = gateway(), gateway().ids.new()
    leaving.ask_for_erasure(
        body,
        current_principal(),
        origin(),
        job_id=job_id,
        tracker=context.job_tracker,
        desk=context.account_desk,
    )
    return answer(
        Text("Your account is being removed", "계정을 삭제하고 있습니다"), JobAccepted(job_id=job_id), status=202
    )


@blueprint.post("/me/profile-image")
@tells(UploadOffer)
@refuses(PayloadTooLarge, UnsupportedMediaType)
def request_profile_image(body: RequestProfileImage) -> Response:
    """Offer a place for a profile image."""
    context = gateway()
    offer = profile.offer_image(body, current_principal(), fresh_id=context.ids.new(), uploads=context.uploads)
    count_upload(current_principal().user_id, body.size)
    return answer(Text("Upload offered", "업로드 주소를 발급했습니다"), offer)


def _signed_in(signed_in: SignedIn) -> Response:
    text, token = Text("Signed in", "로그인되었습니다"), signed_in.refresh_token
    if token is None or not is_web_client():
        return answer(text, signed_in)
    return keep_refresh_token(answer(text, signed_in.model_copy(update={"refresh_token": None})), token)


def _account_answer(account: Account) -> Response:
    shown = profile.show_account(account, current_principal(), uploads=gateway().uploads)
    return answer(Text("Account", "계정"), shown)
