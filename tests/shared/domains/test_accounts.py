"""The rules of accounts, on ports in memory."""

import unicodedata
from typing import Any

import pytest
from pydantic import ValidationError

from shared.adapters.memory.accounts import (
    CODE,
    MemoryAccounts,
    MemoryIdentities,
    MemoryRevocations,
    MemoryUploads,
)
from shared.adapters.memory.kernel import MemoryEvents, SetClock
from shared.domains.accounts import service
from shared.domains.accounts.contract import (
    Confirm,
    Forgot,
    Login,
    Logout,
    Register,
    RequestProfileImage,
    Resend,
    Reset,
    SignedIn,
    UpdateAccount,
)
from shared.domains.accounts.errors import (
    AccountNotFound,
    EmailTaken,
    NotConfirmed,
    SignInEnded,
    TutorsOnly,
    WeakPassword,
    WrongCode,
    WrongCredentials,
)
from shared.domains.accounts.models import Account, Language, Role
from shared.kernel.errors import Invalid, PayloadTooLarge, Unavailable, UnsupportedMediaType
from shared.kernel.principal import Principal
from shared.kernel.topics import session_topic

EMAIL, PASSWORD = "min@example.com", "Str0ng!password"


class Platform:
    """Accounts on memory ports."""

    def __init__(self) -> None:
        self.identities = MemoryIdentities()
        self.accounts = MemoryAccounts()
        self.revocations = MemoryRevocations()
        self.events = MemoryEvents()
        self.uploads = MemoryUploads()
        self.clock = SetClock()

    def register(self, **fields: Any) -> Account:
        command = Register.model_validate(
            {"email": EMAIL, "password": PASSWORD, "name": "민지", "role": "student"} | fields
        )
        return service.register(command, identities=self.identities, accounts=self.accounts, clock=self.clock)

    def confirm(self, code: str = CODE, email: str = EMAIL) -> None:
        service.confirm(Confirm(email=email, code=code), identities=self.identities, accounts=self.accounts)

    def login(self, password: str = PASSWORD, email: str = EMAIL) -> SignedIn:
        command = Login(email=email, password=password)
        return service.login(command, identities=self.identities, accounts=self.accounts, clock=self.clock)

    def logout(self, refresh_token: str, principal: Principal) -> None:
        service.logout(
            refresh_token,
            principal,
            identities=self.identities,
            revocations=self.revocations,
            events=self.events,
            clock=self.clock,
        )

    def update(self, principal: Principal, **fields: Any) -> Account:
        return service.update_account(UpdateAccount.model_validate(fields), principal, accounts=self.accounts)


@pytest.fixture
def platform() -> Platform:
    return Platform()


def principal_of(account: Account, session_id: str = "session-1") -> Principal:
    return Principal(account.user_id, account.email, account.name, account.role, "ko", session_id, 4_000_000_000)


def test_an_account_is_made_and_a_code_sent(platform: Platform) -> None:
    account = platform.register(email=" Min@Example.COM ", role="TUTOR", language="KO")

    assert (account.email, account.role, account.language) == (EMAIL, Role.TUTOR, Language.KOREAN)
    assert (account.is_accepting, account.max_students, account.is_confirmed) == (True, 10, False)
    assert account.time_zone == "Asia/Seoul"
    assert platform.identities.sent == [EMAIL]
    assert platform.accounts.get(account.user_id) == account


def test_a_student_has_no_tutors_fields(platform: Platform) -> None:
    account = platform.register()
    assert (account.is_accepting, account.max_students, account.language) == (None, None, None)


def test_a_known_email_is_refused_in_any_case(platform: Platform) -> None:
    platform.register()
    with pytest.raises(EmailTaken):
        platform.register(email=EMAIL.upper())


@pytest.mark.parametrize(
    "password", ["Sh0rt!a", "n0-upper-case", "N0-LOWER-CASE", "No-Digit-Here", "N0SymbolHere", "N0 Symbol Here"]
)
def test_an_easy_password_is_refused_before_anybody_is_asked(platform: Platform, password: str) -> None:
    with pytest.raises(WeakPassword) as caught:
        platform.register(password=password)
    assert password not in str(caught.value)
    assert not platform.identities.people


@pytest.mark.parametrize("password", ["Str0ng!password", "비밀번호Aa1!", "Aa1!" + "x" * 200, "A b 1 c !"])
def test_a_good_password_is_taken_whole(platform: Platform, password: str) -> None:
    platform.register(password=password)
    platform.confirm()
    assert platform.login(password)
    with pytest.raises(WrongCredentials):
        platform.login(password[:-1])


def test_a_password_typed_on_another_keyboard_is_the_same(platform: Platform) -> None:
    platform.register(password=unicodedata.normalize("NFD", "비밀번호Aa1!"))
    platform.confirm()
    assert platform.login(unicodedata.normalize("NFC", "비밀번호Aa1!"))


def test_secrets_are_not_shown() -> None:
    command = Register(email=EMAIL, password=PASSWORD, name="a", role=Role.STUDENT)
    assert PASSWORD not in repr(command)
    assert PASSWORD not in repr(Reset(email=EMAIL, code="1", new_password=PASSWORD))
    assert "a refresh token" not in repr(Logout(refresh_token="a refresh token"))


@pytest.mark.parametrize(
    "email", ["", "min", "min@", "@example.com", "a b@example.com", "min@example", "x" * 250 + "@e.com"]
)
def test_what_is_no_email_is_refused(email: str) -> None:
    with pytest.raises(ValidationError):
        Resend(email=email)


def test_an_email_must_be_proved_first(platform: Platform) -> None:
    account = platform.register()
    with pytest.raises(NotConfirmed):
        platform.login()
    with pytest.raises(WrongCode):
        platform.confirm("000000")

    platform.confirm()

    stored = platform.accounts.get(account.user_id)
    assert stored is not None
    assert stored.is_confirmed
    signed_in = platform.login()
    assert (signed_in.user.user_id, signed_in.user.email, signed_in.user.role) == (account.user_id, EMAIL, Role.STUDENT)
    assert signed_in.refresh_token


def test_signing_in_heals_a_profile_that_was_not_written(platform: Platform) -> None:
    account = platform.register(role="tutor")
    platform.confirm()
    platform.accounts.accounts.clear()

    platform.login()

    healed = platform.accounts.get(account.user_id)
    assert healed is not None
    assert (healed.name, healed.role, healed.is_accepting, healed.is_confirmed) == ("민지", Role.TUTOR, True, True)


def test_signing_in_heals_a_confirmation_that_was_not_noted(platform: Platform) -> None:
    account = platform.register()
    platform.identities.confirm(EMAIL, CODE)

    platform.login()

    assert platform.accounts.accounts[account.user_id].is_confirmed


def test_a_store_that_loses_what_it_took_is_an_error(platform: Platform) -> None:
    platform.register()
    platform.confirm()

    class Forgetful(MemoryAccounts):
        def get(self, user_id: str) -> Account | None:
            return None

    platform.accounts = Forgetful()
    with pytest.raises(AccountNotFound):
        platform.login()


def test_an_unknown_user_and_a_wrong_password_are_told_the_same(platform: Platform) -> None:
    platform.register()
    platform.confirm()
    said = []
    for email, password in ((EMAIL, "Wr0ng!password"), ("nobody@example.com", PASSWORD)):
        with pytest.raises(WrongCredentials) as caught:
            platform.login(password, email)
        said.append(caught.value.text)
    assert said[0] == said[1]


def test_a_refresh_gives_no_new_refresh_token(platform: Platform) -> None:
    platform.register()
    platform.confirm()
    token = platform.login().refresh_token
    assert token is not None
    renewed = service.refresh(token, identities=platform.identities)
    assert renewed.refresh_token is None
    with pytest.raises(SignInEnded):
        service.refresh("forged", identities=platform.identities)


def test_logging_out_ends_everything_of_that_sign_in(platform: Platform) -> None:
    account = platform.register()
    platform.confirm()
    token = platform.login().refresh_token
    assert token is not None

    platform.logout(token, principal_of(account))
    platform.logout(token, principal_of(account))  # again changes nothing

    assert platform.revocations.ended == {"session-1": 4_000_000_000}
    assert platform.events.closed[0] == (session_topic(account.user_id), 4401, {"session_id": "session-1"})
    with pytest.raises(SignInEnded):
        service.refresh(token, identities=platform.identities)


def test_a_logout_that_could_not_be_finished_may_be_asked_again(platform: Platform) -> None:
    account = platform.register()
    platform.confirm()
    token = platform.login().refresh_token
    assert token is not None
    platform.identities.is_away = True

    with pytest.raises(Unavailable):
        platform.logout(token, principal_of(account))

    assert not platform.revocations.is_revoked("session-1")


def test_resend_and_forgot_tell_nothing_of_who_is_known(platform: Platform) -> None:
    platform.register()
    for email in (EMAIL, "nobody@example.com"):
        service.resend(Resend(email=email), identities=platform.identities)
        service.forgot(Forgot(email=email), identities=platform.identities)
    assert platform.identities.sent == [EMAIL] * 3


def test_a_password_is_reset_by_a_code(platform: Platform) -> None:
    platform.register()
    platform.confirm()

    def reset(password: str, code: str = CODE, email: str = EMAIL) -> None:
        service.reset(Reset(email=email, code=code, new_password=password), identities=platform.identities)

    with pytest.raises(WeakPassword):
        reset("easy")
    with pytest.raises(WrongCode):
        reset("N3w!password", code="000000")
    with pytest.raises(WrongCode):
        reset("N3w!password", email="nobody@example.com")
    reset("N3w!password")
    assert platform.login("N3w!password")


def test_null_clears_and_absent_keeps(platform: Platform) -> None:
    me = principal_of(platform.register(language="ko"))
    key = f"profile-images/{me.user_id}/face.png"
    platform.update(me, name=" 새 이름 ", level="중", language="EN", timeZone="Europe/Paris", profileImageKey=key)

    changed = platform.update(me, level=None, timeZone=None)

    assert (changed.name, changed.level, changed.language, changed.time_zone) == ("새 이름", None, "en", "Asia/Seoul")
    assert changed.profile_image_key == key
    cleared = platform.update(me, language=None, profileImageKey=None)
    assert (cleared.language, cleared.profile_image_key) == (None, None)


def test_a_name_cannot_be_cleared(platform: Platform) -> None:
    with pytest.raises(Invalid) as caught:
        platform.update(principal_of(platform.register()), name=None)
    assert caught.value.details is not None
    assert caught.value.details[0]["field"] == "name"


def test_only_a_tutor_has_tutors_fields(platform: Platform) -> None:
    student = principal_of(platform.register())
    for fields in ({"isAccepting": False}, {"maxStudents": None}):
        with pytest.raises(TutorsOnly):
            platform.update(student, **fields)

    tutor = principal_of(platform.register(email="tutor@example.com", role="tutor"))
    assert platform.update(tutor, isAccepting=False, maxStudents=3).max_students == 3
    cleared = platform.update(tutor, isAccepting=None, maxStudents=None)
    assert (cleared.is_accepting, cleared.max_students) == (True, 10)


@pytest.mark.parametrize("key", ["profile-images/someone-else/face.png", "uploads/x.png", "../x"])
def test_an_image_of_somebody_else_is_refused(platform: Platform, key: str) -> None:
    with pytest.raises(Invalid):
        platform.update(principal_of(platform.register()), profileImageKey=key)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "", "Asia"])
def test_what_is_no_time_zone_is_refused(zone: str) -> None:
    with pytest.raises(ValidationError):
        UpdateAccount(time_zone=zone)


def test_an_account_that_is_not_there_cannot_change(platform: Platform) -> None:
    me = principal_of(platform.register())
    platform.accounts.accounts.clear()
    with pytest.raises(AccountNotFound):
        platform.update(me, name="x")


def test_an_account_is_shown_with_a_readable_image_and_nothing_internal(platform: Platform) -> None:
    account = platform.register()
    plain = service.show_account(account, uploads=platform.uploads).wire()
    assert "profileImageUrl" not in plain
    assert not {"isConfirmed", "isAccepting"} & plain.keys()

    key = f"profile-images/{account.user_id}/a.png"
    changed = platform.update(principal_of(account), profileImageKey=key)
    assert key in service.show_account(changed, uploads=platform.uploads).wire()["profileImageUrl"]


def test_an_image_is_offered_a_place_of_its_own(platform: Platform) -> None:
    me = principal_of(platform.register())

    def offer(content_type: str, size: int) -> str:
        command = RequestProfileImage(content_type=content_type, size=size)
        return service.offer_image(command, me, fresh_id="fresh", uploads=platform.uploads).key

    assert offer("image/png", 10) == f"profile-images/{me.user_id}/fresh.png"
    with pytest.raises(UnsupportedMediaType):
        offer("image/svg+xml", 10)
    with pytest.raises(PayloadTooLarge):
        offer("image/png", 10 * 1024 * 1024 + 1)
