"""The rules of accounts, on ports in memory."""

import unicodedata
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from shared.adapters.guessing import CountedGuessing, ProcessCounters
from shared.adapters.memory.accounts import (
    MemoryAccounts,
    MemoryMailer,
    MemoryRegistrations,
    MemoryRevocations,
    MemorySignIns,
    MemoryUploads,
)
from shared.adapters.memory.identities import CODE, MemoryIdentities
from shared.adapters.memory.kernel import MemoryEvents, MemoryJobs, SetClock
from shared.domains.accounts.contract import (
    ChangePassword,
    Confirm,
    Forgot,
    Login,
    Logout,
    Register,
    RequestProfileImage,
    Resend,
    Reset,
    SignedIn,
    TellOwner,
    UpdateAccount,
)
from shared.domains.accounts.errors import (
    AccountNotFound,
    CommonPassword,
    EmailTaken,
    NotConfirmed,
    SignInEnded,
    SignInNotFound,
    TutorsOnly,
    WeakPassword,
    WrongCode,
    WrongCredentials,
    WrongPassword,
)
from shared.domains.accounts.models import Account, Identity, Language, Origin, OwnerNews, Role
from shared.domains.accounts.rules import ending, locking, passwords, profile, registering, signing_in, telling
from shared.domains.accounts.rules.desk import Desk
from shared.domains.notifications.models import Notification, NotificationType
from shared.domains.practice.contract import EndSessions
from shared.kernel.errors import Invalid, PayloadTooLarge, RateLimited, Unavailable, UnsupportedMediaType
from shared.kernel.principal import Principal
from shared.kernel.topics import session_topic

EMAIL, PASSWORD = "min@example.com", "Str0ng!password"


HERE = Origin(address="192.0.2.1", device="a-device-of-hers", agent="A phone")
ELSEWHERE = Origin(address="198.51.100.7", device="another-device", agent="A laptop")


class Platform:
    """Accounts on memory ports."""

    def __init__(self) -> None:
        self.identities = MemoryIdentities()
        self.accounts = MemoryAccounts()
        self.sign_ins = MemorySignIns()
        self.registrations = MemoryRegistrations()
        self.revocations = MemoryRevocations()
        self.events = MemoryEvents()
        self.jobs = MemoryJobs()
        self.guessing = CountedGuessing(ProcessCounters())
        self.uploads = MemoryUploads()
        self.clock = SetClock()

    @property
    def desk(self) -> Desk:
        return Desk(
            identities=self.identities,
            tokens=self.identities,
            registrations=self.registrations,
            accounts=self.accounts,
            sign_ins=self.sign_ins,
            revocations=self.revocations,
            guessing=self.guessing,
            events=self.events,
            jobs=self.jobs,
            clock=self.clock,
        )

    def register(self, **fields: Any) -> Identity:
        given = {"email": EMAIL, "password": PASSWORD, "name": "민지", "role": "student"} | fields
        return registering.register(Register.model_validate(given), HERE, self.desk)

    def confirm(self, code: str = CODE, email: str = EMAIL, origin: Origin = HERE) -> None:
        registering.confirm(Confirm(email=email, code=code), origin, self.desk)

    def member(self, **fields: Any) -> Account:
        """Somebody who registered and proved their e-mail."""
        identity = self.register(**fields)
        self.confirm(email=identity.email)
        return self.accounts.accounts[identity.user_id]

    def login(self, password: str = PASSWORD, email: str = EMAIL, origin: Origin = HERE) -> SignedIn:
        return signing_in.login(Login(email=email, password=password), origin, self.desk)

    def logout(self, refresh_token: str, principal: Principal) -> None:
        ending.logout(refresh_token, principal, self.desk)

    def reset(self, password: str, code: str = CODE, email: str = EMAIL, origin: Origin = HERE) -> None:
        passwords.reset(Reset(email=email, code=code, new_password=password), origin, self.desk)

    def update(self, principal: Principal, **fields: Any) -> Account:
        return profile.update_account(
            UpdateAccount.model_validate(fields), principal, accounts=self.accounts, uploads=self.uploads
        )


@pytest.fixture
def platform() -> Platform:
    return Platform()


def principal_of(account: Account, session_id: str = "session-1") -> Principal:
    return Principal(account.user_id, account.email, account.name, account.role, "ko", session_id, 4_000_000_000)


def test_an_account_is_made_and_a_code_sent(platform: Platform) -> None:
    identity = platform.register(email=" Min@Example.COM ", role="TUTOR", language="KO")
    assert platform.identities.sent == [EMAIL]
    assert platform.accounts.get(identity.user_id) is None  # nobody, before the e-mail is proved

    platform.confirm()

    account = platform.accounts.accounts[identity.user_id]
    assert (account.email, account.role, account.language) == (EMAIL, Role.TUTOR, Language.KOREAN)
    assert (account.is_accepting, account.max_students, account.is_confirmed) == (True, 10, True)
    assert account.time_zone == "Asia/Seoul"
    assert platform.accounts.owner(EMAIL) == account.user_id


def test_a_student_has_no_tutors_fields(platform: Platform) -> None:
    account = platform.member()
    assert (account.is_accepting, account.max_students, account.language) == (None, None, None)


def test_a_known_email_is_refused_in_any_case(platform: Platform) -> None:
    platform.member()
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
    "email",
    [
        "",
        "min",
        "min@",
        "@example.com",
        "a b@example.com",
        "min@example",
        "x" * 250 + "@e.com",
        "m\u0456n@example.com",  # a Cyrillic letter that looks like ours
        "min\u200b@example.com",
        "min@example.com\x00",
        "min\u202e@example.com",
        "min@exa_mple.com",
    ],
)
def test_what_is_no_email_is_refused(email: str) -> None:
    with pytest.raises(ValidationError):
        Resend(email=email)


def test_an_email_must_be_proved_first(platform: Platform) -> None:
    account = platform.register()
    with pytest.raises(NotConfirmed):
        platform.login()
    with pytest.raises(WrongCredentials):
        platform.login("Wr0ng!password")  # who does not know the password hears nothing of the address
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
    platform.identities.confirm(EMAIL, CODE)

    platform.login()

    healed = platform.accounts.get(account.user_id)
    assert healed is not None
    assert (healed.name, healed.role, healed.is_accepting, healed.is_confirmed) == ("민지", Role.TUTOR, True, True)


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
    renewed = signing_in.refresh(token, platform.desk)
    assert renewed.refresh_token is None
    with pytest.raises(SignInEnded):
        signing_in.refresh("forged", platform.desk)


def test_logging_out_ends_everything_of_that_sign_in(platform: Platform) -> None:
    account = platform.member()
    token = platform.login().refresh_token
    assert token is not None

    platform.logout(token, principal_of(account))
    platform.logout(token, principal_of(account))  # again changes nothing

    assert platform.revocations.is_revoked("session-1")
    assert not platform.sign_ins.of(account.user_id)
    assert platform.events.closed[0] == (session_topic(account.user_id), 4401, {"session_id": "session-1"})
    with pytest.raises(SignInEnded):
        signing_in.refresh(token, platform.desk)


def test_logging_out_with_somebody_elses_token_ends_ones_own_sign_in_only(platform: Platform) -> None:
    account = platform.member()
    platform.login()
    platform.member(email="other@example.com")
    token = platform.login(email="other@example.com").refresh_token
    assert token is not None

    platform.logout(token, principal_of(account))

    assert platform.revocations.is_revoked("session-1")
    assert not platform.revocations.is_revoked("session-2")
    assert signing_in.refresh(token, platform.desk).access_token


def test_a_logout_that_could_not_be_finished_may_be_asked_again(platform: Platform) -> None:
    account = platform.member()
    token = platform.login().refresh_token
    assert token is not None
    platform.identities.is_away = True

    with pytest.raises(Unavailable):
        platform.logout(token, principal_of(account))

    assert not platform.revocations.is_revoked("session-1")


def test_resend_and_forgot_tell_nothing_of_who_is_known(platform: Platform) -> None:
    platform.register()
    for email in (EMAIL, "nobody@example.com"):
        registering.resend(Resend(email=email), HERE, platform.desk)
        passwords.forgot(Forgot(email=email), HERE, platform.desk)
    assert platform.identities.sent == [EMAIL] * 3


def test_a_password_is_reset_by_a_code(platform: Platform) -> None:
    platform.member()
    reset = platform.reset
    with pytest.raises(WeakPassword):
        reset("easy")
    with pytest.raises(WrongCode):
        reset("N3w!password", code="000000")
    with pytest.raises(WrongCode):
        reset("N3w!password", email="nobody@example.com")
    reset("N3w!password")
    assert platform.login("N3w!password")


def test_null_clears_and_absent_keeps(platform: Platform) -> None:
    me = principal_of(platform.member(language="ko"))
    key = f"profile-images/incoming/{me.user_id}/face.png"
    platform.update(me, name=" 새 이름 ", level="중", language="EN", timeZone="Europe/Paris", profileImageKey=key)

    changed = platform.update(me, level=None, timeZone=None)

    assert (changed.name, changed.level, changed.language, changed.time_zone) == ("새 이름", None, "en", "Asia/Seoul")
    assert changed.profile_image_key == f"profile-images/{me.user_id}/face.png"
    cleared = platform.update(me, language=None, profileImageKey=None)
    assert (cleared.language, cleared.profile_image_key) == (None, None)


def test_a_name_cannot_be_cleared(platform: Platform) -> None:
    with pytest.raises(Invalid) as caught:
        platform.update(principal_of(platform.member()), name=None)
    assert caught.value.details is not None
    assert caught.value.details[0]["field"] == "name"


def test_only_a_tutor_has_tutors_fields(platform: Platform) -> None:
    student = principal_of(platform.member())
    for fields in ({"isAccepting": False}, {"maxStudents": None}):
        with pytest.raises(TutorsOnly):
            platform.update(student, **fields)

    tutor = principal_of(platform.member(email="tutor@example.com", role="tutor"))
    assert platform.update(tutor, isAccepting=False, maxStudents=3).max_students == 3
    cleared = platform.update(tutor, isAccepting=None, maxStudents=None)
    assert (cleared.is_accepting, cleared.max_students) == (True, 10)


def test_a_picture_takes_the_place_of_the_one_before(platform: Platform) -> None:
    me = principal_of(platform.member())
    own = f"profile-images/{me.user_id}/"
    platform.update(me, profileImageKey=f"profile-images/incoming/{me.user_id}/1.png")
    assert platform.update(me, profileImageKey=f"{own}1.png").profile_image_key == f"{own}1.png"
    assert platform.uploads.removed == []
    platform.update(me, profileImageKey=f"profile-images/incoming/{me.user_id}/2.png")
    platform.update(me, profileImageKey=None)
    assert platform.uploads.removed == [f"{own}1.png", f"{own}2.png"]


@pytest.mark.parametrize(
    "key",
    [
        "profile-images/incoming/someone-else/face.png",
        "profile-images/someone-else/face.png",
        "profile-images/incoming/{own}/face.mp3",
        "uploads/x.png",
        "../x",
    ],
)
def test_an_image_of_somebody_else_is_refused(platform: Platform, key: str) -> None:
    me = principal_of(platform.member())
    with pytest.raises(Invalid):
        platform.update(me, profileImageKey=key.format(own=me.user_id))


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "", "Asia"])
def test_what_is_no_time_zone_is_refused(zone: str) -> None:
    with pytest.raises(ValidationError):
        UpdateAccount(time_zone=zone)


def test_an_account_that_is_not_there_cannot_change(platform: Platform) -> None:
    me = principal_of(platform.member())
    platform.accounts.accounts.clear()
    with pytest.raises(AccountNotFound):
        platform.update(me, name="x")


def test_an_account_is_shown_with_a_readable_image_and_nothing_internal(platform: Platform) -> None:
    account = platform.member()
    me = principal_of(account)
    plain = profile.show_account(account, me, uploads=platform.uploads).wire()
    assert "profileImageUrl" not in plain
    assert not {"isConfirmed", "isAccepting"} & plain.keys()

    key = f"profile-images/{account.user_id}/a.png"
    offered = f"profile-images/incoming/{account.user_id}/a.png"
    changed = platform.update(me, profileImageKey=offered)
    assert key in profile.show_account(changed, me, uploads=platform.uploads).wire()["profileImageUrl"]


def test_an_account_tells_whether_its_sign_in_is_an_operators(platform: Platform) -> None:
    account = platform.member()
    for groups, expected in ((frozenset(), False), (frozenset({"operators"}), True)):
        me = replace(principal_of(account), groups=groups)
        assert profile.show_account(account, me, uploads=platform.uploads).wire()["isOperator"] is expected


def test_a_goal_of_the_day_is_kept_and_cleared_and_bounded(platform: Platform) -> None:
    me = principal_of(platform.member())
    assert platform.update(me, dailyGoalMinutes=30).daily_goal_minutes == 30
    assert platform.update(me, dailyGoalMinutes=None).daily_goal_minutes is None
    for wrong in (0, 601, 1.5, "30"):
        with pytest.raises(ValidationError):
            UpdateAccount.model_validate({"dailyGoalMinutes": wrong})


def test_an_image_is_offered_a_place_of_its_own(platform: Platform) -> None:
    me = principal_of(platform.member())

    def offer(content_type: str, size: int) -> str:
        command = RequestProfileImage(content_type=content_type, size=size)
        return profile.offer_image(command, me, fresh_id="fresh", uploads=platform.uploads).key

    assert offer("image/png", 10) == f"profile-images/incoming/{me.user_id}/fresh.png"
    with pytest.raises(UnsupportedMediaType):
        offer("image/svg+xml", 10)
    with pytest.raises(PayloadTooLarge):
        offer("image/png", 10 * 1024 * 1024 + 1)


def test_letters_of_full_width_are_the_same_address() -> None:
    assert Resend(email="\uff4d\uff49\uff4e@example.com").email == EMAIL


@pytest.mark.parametrize(
    "name", ["\u3164", "\u200b\u200b", "Kim\u202egnp.", "Kim\x1b[2J", "P\u0430ul", "Kim\u2028Lee", "\u2800"]
)
def test_a_name_that_deceives_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        UpdateAccount(name=name)


def test_one_of_the_commonest_passwords_is_refused(platform: Platform) -> None:
    with pytest.raises(CommonPassword):
        platform.register(password="P@ssw0rd")


def test_who_registers_somebody_elses_address_is_replaced_by_the_owner(platform: Platform) -> None:
    platform.register(password="Th1ef!password", name="Thief", role="tutor")
    platform.register(password=PASSWORD, name="Owner")
    platform.confirm()
    with pytest.raises(WrongCredentials):
        platform.login("Th1ef!password")
    assert platform.login().user.name == "Owner"


def test_an_owner_takes_an_unproved_address_over_by_a_reset(platform: Platform) -> None:
    platform.register(password="Th1ef!password")
    passwords.forgot(Forgot(email=EMAIL), ELSEWHERE, platform.desk)
    platform.reset(PASSWORD, origin=ELSEWHERE)
    with pytest.raises(WrongCredentials):
        platform.login("Th1ef!password")
    assert platform.login()


def test_an_unproved_email_is_nobody(platform: Platform) -> None:
    stranger = Identity(user_id="x", email=EMAIL, name="x", role=Role.TUTOR, is_email_verified=False)
    with pytest.raises(NotConfirmed):
        registering.ensure_account(
            stranger, identities=platform.identities, accounts=platform.accounts, clock=platform.clock
        )


def test_an_address_registered_anew_is_another_person(platform: Platform) -> None:
    before = platform.member()
    platform.identities.delete(before.user_id)
    after = platform.member(name="Another")
    assert after.user_id != before.user_id
    assert platform.accounts.owner(EMAIL) == after.user_id


def test_an_address_follows_its_person_who_changed_it_at_the_provider(platform: Platform) -> None:
    account = platform.member()
    changed = Identity(user_id=account.user_id, email="new@example.com", name="x", role=Role.STUDENT)
    again = registering.ensure_account(
        changed, identities=platform.identities, accounts=platform.accounts, clock=platform.clock
    )
    assert (again.email, platform.accounts.owner(EMAIL)) == ("new@example.com", None)
    assert platform.accounts.owner("new@example.com") == account.user_id


def test_a_reset_evicts_everybody_who_had_signed_in(platform: Platform) -> None:
    account = platform.member()
    tokens = [platform.login().refresh_token, platform.login(origin=ELSEWHERE).refresh_token]
    hidden = platform.identities.sign_in(EMAIL, PASSWORD)  # at the provider itself: in no list of ours
    platform.clock.sleep(5)

    platform.reset("N3w!password")

    assert {"session-1", "session-2"} <= platform.revocations.ended.keys()
    assert {only["session_id"] for _, _, only in platform.events.closed} == {"session-1", "session-2"}
    for token in [*tokens, hidden.refresh_token]:
        with pytest.raises(SignInEnded):
            signing_in.refresh(str(token), platform.desk)
    stored = platform.accounts.accounts[account.user_id]
    assert not stored.takes(sign_in_id="session-3", signed_in_at=platform.identities.now)
    assert [job.news for job in platform.jobs.jobs if isinstance(job, TellOwner)][-1] is OwnerNews.PASSWORD_RESET


def test_changing_the_password_keeps_the_sign_in_that_asks(platform: Platform) -> None:
    account = platform.member()
    mine, other = platform.login(), platform.login(origin=ELSEWHERE)
    command = ChangePassword(old_password=PASSWORD, new_password="N3w!password")
    wrong = command.model_copy(update={"old_password": "Wr0ng!password"})
    with pytest.raises(WrongPassword):
        passwords.change_password(wrong, principal_of(account), mine.access_token, HERE, platform.desk)
    platform.clock.sleep(5)

    passwords.change_password(command, principal_of(account), mine.access_token, HERE, platform.desk)

    assert signing_in.refresh(str(mine.refresh_token), platform.desk)
    with pytest.raises(SignInEnded):
        signing_in.refresh(str(other.refresh_token), platform.desk)


def test_sign_ins_are_listed_and_ended(platform: Platform) -> None:
    account = platform.member()
    platform.login()
    platform.clock.sleep(1)
    platform.login(origin=ELSEWHERE)
    me = principal_of(account)

    assert [one.device for one in ending.list_sign_ins(me, sign_ins=platform.sign_ins)] == ["A laptop", "A phone"]
    ending.end_sign_in("session-2", me, platform.desk)
    with pytest.raises(SignInNotFound):
        ending.end_sign_in("session-2", me, platform.desk)
    platform.login(origin=ELSEWHERE)
    assert ending.end_other_sign_ins(me, platform.desk) == 1
    assert [one.sign_in_id for one in platform.sign_ins.of(me.user_id)] == ["session-1"]


def test_the_owner_is_told_of_a_device_that_is_new_and_of_no_other(platform: Platform) -> None:
    platform.member()
    for origin in (HERE, HERE, ELSEWHERE, ELSEWHERE):
        platform.login(origin=origin)
    told = [job for job in platform.jobs.jobs if isinstance(job, TellOwner)]
    assert [(job.news, job.device) for job in told] == [(OwnerNews.NEW_DEVICE, "A laptop")]


def test_a_locked_person_is_out_until_unlocked(platform: Platform) -> None:
    account = platform.member()
    token = platform.login().refresh_token
    locking.lock(EMAIL, platform.desk)
    with pytest.raises(WrongCredentials):
        platform.login()
    with pytest.raises(SignInEnded):
        signing_in.refresh(str(token), platform.desk)
    assert not platform.accounts.accounts[account.user_id].takes(sign_in_id="x", signed_in_at=5_000_000_000)

    locking.unlock(EMAIL, platform.desk)
    platform.identities.now = 5_000_000_000
    assert platform.login()
    with pytest.raises(AccountNotFound):
        locking.lock("nobody@example.com", platform.desk)


def test_guessing_is_bounded_over_all_addresses_and_locks_no_owner_out(platform: Platform) -> None:
    platform.member()
    platform.login()  # from here: a device that is known
    for number in range(10):
        with pytest.raises(WrongCredentials):
            platform.login("Wr0ng!password", origin=Origin(address=f"203.0.113.{number}"))
    with pytest.raises(RateLimited):
        platform.login(origin=Origin(address="203.0.113.99"))
    assert platform.login()


def test_asking_for_codes_again_gives_no_new_guesses(platform: Platform) -> None:
    platform.member()
    for _ in range(10):
        with pytest.raises(WrongCode):
            platform.reset("N3w!password", code="000000", origin=ELSEWHERE)
    passwords.forgot(Forgot(email=EMAIL), ELSEWHERE, platform.desk)
    with pytest.raises(RateLimited):
        platform.reset("N3w!password", code="000000", origin=ELSEWHERE)


def test_mails_to_one_address_are_bounded(platform: Platform) -> None:
    platform.member()
    for _ in range(30):
        passwords.forgot(Forgot(email=EMAIL), ELSEWHERE, platform.desk)
    assert len(platform.identities.sent) == 10


def test_an_owner_is_told_by_a_notification_and_a_mail(platform: Platform) -> None:
    account = platform.member(language="ko")
    kept: list[Notification] = []
    mailer = MemoryMailer()
    job = TellOwner.of(account.user_id, OwnerNews.PASSWORD_RESET, ELSEWHERE, platform.clock)
    for _ in range(2):
        telling.tell_owner(job, accounts=platform.accounts, keep=kept.append, mailer=mailer)
    assert {one.notification_id for one in kept} == {job.notification_id}
    assert (kept[0].type, kept[0].data["status"]) == (NotificationType.SECURITY, "password_reset")
    assert mailer.sent[0][:2] == (EMAIL, "비밀번호 재설정")
    telling.tell_owner(
        job.model_copy(update={"user_id": "gone"}), accounts=platform.accounts, keep=kept.append, mailer=mailer
    )
    assert len(mailer.sent) == 2


def test_a_sign_in_after_a_reset_counts_where_the_providers_clock_is_behind(platform: Platform) -> None:
    platform.member()
    platform.identities.behind = timedelta(seconds=4)
    platform.identities.now -= 4
    platform.reset("N3w!password")
    assert platform.login("N3w!password")


def test_signing_out_ends_the_learning_sessions_of_the_sign_in(platform: Platform) -> None:
    account = platform.member()
    signed_in = platform.login()
    platform.logout(signed_in.refresh_token or "", principal_of(account))
    ended = [job for job in platform.jobs.jobs if isinstance(job, EndSessions)]
    assert [(job.user_id, job.sign_in) for job in ended] == [(account.user_id, "session-1")]


@pytest.mark.parametrize("password", ["SpeakTracker1!", "1!my-Speak_Tracker"])
def test_a_password_that_names_the_product_is_refused(platform: Platform, password: str) -> None:
    with pytest.raises(CommonPassword):
        platform.register(password=password)
