"""Telling an owner what happened to the account, wherever they are."""

from shared.domains.accounts.contract import TellOfRecordings, TellOwner
from shared.domains.accounts.models import OwnerNews
from shared.domains.accounts.ports import AccountReader, AccountStore, Keep, Mailer
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


_RECORDED = (
    Wording(en="Your recordings", ko="내 녹음"),
    Wording(
        en="Recordings are kept for 30 days, for you alone. In the settings you may have them deleted as soon as they "
        "are scored, and choose whether your tutor may hear them.",
        ko="녹음은 30일 동안 본인만 들을 수 있게 보관됩니다. 설정에서 채점 후 바로 삭제하거나, "
        "튜터가 들을 수 있게 할지 선택할 수 있습니다.",
    ),
)


def tell_of_recordings(job: TellOfRecordings, *, accounts: AccountStore, keep: Keep) -> None:
    """Keep and show what becomes of recordings, once, and note that the student was told; again changes nothing."""
    account = accounts.get(job.user_id)
    if account is None or account.told_of_recordings:
        return
    title, message = _RECORDED
    keep(
        Notification(
            notification_id=job.notification_id(),
            user_id=job.user_id,
            type=NotificationType.RECORDINGS,
            title=title,
            message=message,
            data={"keepRecordings": account.keep_recordings, "shareRecordings": account.share_recordings},
            language=account.language,
            created_at=job.at,
        )
    )
    accounts.change(job.user_id, {"told_of_recordings": True})


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
