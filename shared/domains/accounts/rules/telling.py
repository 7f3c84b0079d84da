"""Telling an owner what happened to the account, wherever they are."""

from shared.domains.accounts.contract import TellOwner
from shared.domains.accounts.models import OwnerNews
from shared.domains.accounts.ports import AccountReader, Keep, Mailer
from shared.domains.notifications.models import Notification, NotificationType, Wording

_NEWS = {
    OwnerNews.NEW_DEVICE: (
        Wording(en="Signed in from a new device", ko="새 기기에서 로그인"),
        Wording(en="Your account was signed in to from {device}.", ko="{device}에서 계정에 로그인했습니다."),
    ),
    OwnerNews.PASSWORD_RESET: (
        Wording(en="Password reset", ko="비밀번호 재설정"),
        Wording(
            en="Your password was reset from {device}; all sign-ins have ended.",
            ko="{device}에서 비밀번호를 재설정했습니다. 모든 로그인이 종료되었습니다.",
        ),
    ),
    OwnerNews.PASSWORD_CHANGED: (
        Wording(en="Password changed", ko="비밀번호 변경"),
        Wording(
            en="Your password was changed from {device}; all other sign-ins have ended.",
            ko="{device}에서 비밀번호를 변경했습니다. 다른 모든 로그인이 종료되었습니다.",
        ),
    ),
}
_NOT_YOU = Wording(
    en="If that was not you, reset your password now.", ko="본인이 아니라면 지금 비밀번호를 재설정하세요."
)


def tell_owner(job: TellOwner, *, accounts: AccountReader, keep: Keep, mailer: Mailer) -> None:
    """Keep and show a notification, and send a mail; of an account that is gone nobody is told.

    Delivered again, the notification is the same one; the mail may come twice.
    """
    account = accounts.get(job.user_id)
    if account is None:
        return
    title, message = _NEWS[job.news]
    said = Wording(
        en=f"{message.en} {_NOT_YOU.en}".replace("{device}", job.device),
        ko=f"{message.ko} {_NOT_YOU.ko}".replace("{device}", job.device),
    )
    keep(
        Notification(
            notification_id=job.notification_id,
            user_id=job.user_id,
            type=NotificationType.SECURITY,
            title=title,
            message=said,
            data={"status": job.news.value, "device": job.device, "at": job.at},
            language=account.language,
            created_at=job.at,
        )
    )
    mailer.send(account.email, title.localized(account.language), said.localized(account.language))
