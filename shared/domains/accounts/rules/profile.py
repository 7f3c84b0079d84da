"""One's own account: what is shown of it and what may be changed."""

from typing import Any

from shared.domains.accounts.contract import AccountShown, RequestProfileImage, UpdateAccount
from shared.domains.accounts.errors import TutorsOnly
from shared.domains.accounts.models import DEFAULT_TIME_ZONE, Account
from shared.domains.accounts.ports import AccountStore
from shared.domains.accounts.rules.registering import MAX_STUDENTS
from shared.kernel.errors import Invalid
from shared.kernel.principal import Principal
from shared.kernel.uploads import IMAGE_TYPES, INCOMING_IMAGES, UploadOffer, UploadSigner, extension_of

_TUTORS_FIELDS = {"is_accepting": "isAccepting", "max_students": "maxStudents"}
_CLEARED = {
    "time_zone": DEFAULT_TIME_ZONE,
    "is_accepting": True,
    "max_students": MAX_STUDENTS,
    "keep_recordings": True,
    "share_results": False,
    "share_recordings": False,
}
"""What a field is when it is cleared, where that is not nothing."""


def update_account(
    command: UpdateAccount, principal: Principal, *, accounts: AccountStore, uploads: UploadSigner
) -> Account:
    """Change what is given. A new picture is frozen under a name of its own, and the one before it is deleted.

    Raises:
        Invalid: a field that may not be empty is cleared, a tutor's field is a student's, or the picture is not theirs,
            not there, or none.
    """
    fields = {name: _value(command, name) for name in command.model_fields_set}
    for name, shown in _TUTORS_FIELDS.items():
        if name in fields and not principal.is_tutor:
            raise TutorsOnly(shown)
    if "name" in fields and fields["name"] is None:
        raise _wrong("name", "A name cannot be cleared.", "이름은 비울 수 없습니다.")
    if "profile_image_key" not in fields:
        return accounts.change(principal.user_id, fields)
    return _with_picture(fields, principal, accounts, uploads)


def _with_picture(
    fields: dict[str, Any], principal: Principal, accounts: AccountStore, uploads: UploadSigner
) -> Account:
    before = accounts.get(principal.user_id)
    old, key = (before.profile_image_key if before else None), fields["profile_image_key"]
    if key is not None and key != old:
        if not (key.startswith(image_prefix(principal)) and key.rpartition(".")[2] in IMAGE_TYPES.values()):
            raise _wrong("profileImageKey", "The key was not issued to you.", "발급받은 업로드 키가 아닙니다.")
        fields["profile_image_key"] = uploads.freeze(key)
    changed = accounts.change(principal.user_id, fields)
    if old is not None and old != changed.profile_image_key:
        uploads.remove(old)
    return changed


def show_account(account: Account, principal: Principal, *, uploads: UploadSigner) -> AccountShown:
    """Return an account as its owner sees it."""
    key = account.profile_image_key
    url = uploads.signed_url(key) if key else None
    told = account.model_dump(include=set(AccountShown.model_fields))
    return AccountShown(**told, profile_image_url=url, is_operator=principal.is_operator)


def _value(command: UpdateAccount, name: str) -> Any:
    given = getattr(command, name)
    return _CLEARED.get(name) if given is None else given


def _wrong(field: str, en: str, ko: str) -> Invalid:
    return Invalid(en, ko, details=[{"field": field, "message": en}])


def image_prefix(principal: Principal) -> str:
    """Return where a person's pictures lie until their account names one."""
    return f"{INCOMING_IMAGES}{principal.user_id}/"


def offer_image(
    command: RequestProfileImage, principal: Principal, *, fresh_id: str, uploads: UploadSigner
) -> UploadOffer:
    """Offer a presigned POST for a profile image.

    Raises:
        UnsupportedMediaType: it is no image that browsers show.
        PayloadTooLarge: more than 10 MiB.
    """
    extension = extension_of(command.content_type, command.size, IMAGE_TYPES)
    return uploads.offer(f"{image_prefix(principal)}{fresh_id}.{extension}", command.content_type, command.size)
