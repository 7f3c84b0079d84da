"""Taking one's things along, and leaving for good: in which order, and what is told."""

from collections.abc import Iterator
from typing import Any

import pytest

from shared.adapters.memory.accounts import MemoryMailer
from shared.adapters.memory.jobs import MemoryJobRecords
from shared.adapters.memory.kernel import MemoryEvents
from shared.domains.accounts.contract import EraseAccount, EraseOwnAccount, ExportAccount, TellOfRecordings
from shared.domains.accounts.errors import SignInEnded, WrongPassword
from shared.domains.accounts.rules import leaving, signing_in, telling
from shared.domains.jobs.models import JobStatus
from shared.domains.jobs.service import RecordTracker
from shared.domains.notifications.models import Notification
from shared.kernel.errors import Unavailable
from shared.kernel.principal import Principal
from tests.shared.domains.test_accounts import HERE, PASSWORD, Platform, principal_of


class Kept:
    """The port PersonalData over a few things, of some of whom nothing can be removed now."""

    def __init__(self, *things: str, stuck: str = "") -> None:
        self.things, self.stuck, self.log = list(things), stuck, list[str]()

    def gather(self, user_id: str) -> Iterator[tuple[str, dict[str, Any]]]:
        yield from ((thing, {"userId": user_id}) for thing in self.things)

    def erase(self, user_id: str) -> dict[str, int]:
        self.log.append(f"erase {user_id}")
        if user_id == self.stuck:
            raise Unavailable("away")
        found = dict.fromkeys(self.things, 1)
        self.things = []
        return found

    def erase_account(self, user_id: str, email: str) -> None:
        self.log.append(f"account {user_id}")

    def erased_lately(self) -> list[str]:
        return ["u1", "u2", "u3"]


class World:
    def __init__(self) -> None:
        self.platform = Platform()
        self.account = self.platform.member()
        self.platform.login()
        self.records, self.mailer = MemoryJobRecords(), MemoryMailer()
        self.tracker = RecordTracker(self.records, MemoryEvents(), self.platform.clock)

    @property
    def me(self) -> Principal:
        return principal_of(self.account)

    def ask_to_leave(self, password: str = PASSWORD) -> None:
        command = EraseOwnAccount(password=password)
        leaving.ask_for_erasure(command, self.me, HERE, job_id="j1", tracker=self.tracker, desk=self.platform.desk)

    def erase(self, kept: Kept) -> None:
        job = EraseAccount(job_id="j1", user_id=self.account.user_id)
        leaving.erase_account(
            job,
            accounts=self.platform.accounts,
            data=kept,
            identities=self.platform.identities,
            mailer=self.mailer,
            tracker=self.tracker,
            clock=self.platform.clock,
        )


def test_leaving_asks_for_the_password_and_ends_all_other_sign_ins() -> None:
    world = World()
    other = world.platform.login()
    with pytest.raises(WrongPassword):
        world.ask_to_leave("Wr0ng!password")
    assert signing_in.refresh(other.refresh_token or "", world.platform.desk)

    world.ask_to_leave()

    assert [job.user_id for job in world.platform.jobs.jobs if isinstance(job, EraseAccount)] == [world.account.user_id]
    assert world.platform.accounts.accounts[world.account.user_id].signed_out_before is not None
    with pytest.raises(SignInEnded):
        signing_in.refresh(other.refresh_token or "", world.platform.desk)


def test_what_was_on_its_way_goes_too_and_the_account_last_with_a_receipt() -> None:
    world, kept = World(), Kept("message", "result")
    world.ask_to_leave()
    world.erase(kept)
    user_id = world.account.user_id
    assert kept.log == [f"erase {user_id}", f"erase {user_id}", f"account {user_id}"]
    record = world.records.records["j1"]
    assert (record.status, record.result and record.result["removed"]) == (
        JobStatus.COMPLETED,
        {"message": 1, "result": 1},
    )
    [(address, subject, text)] = world.mailer.sent
    assert (address, subject) == (world.account.email, "Your account was removed")
    assert "1 message, 1 result" in text
    assert all(reason in text for reason in leaving.KEPT.values())
    assert world.account.email not in world.platform.identities.people


def test_an_export_tells_where_the_archive_is() -> None:
    class Archives:
        def keep(self, user_id: str, name: str, parts: Iterator[tuple[str, dict[str, Any]]]) -> str:
            return f"https://bucket.example/{user_id}/{name}?{len(list(parts))}"

    world = World()
    leaving.ask_for_export(world.me, job_id="j2", tracker=world.tracker, desk=world.platform.desk)
    [job] = [job for job in world.platform.jobs.jobs if isinstance(job, ExportAccount)]
    leaving.export_account(job, data=Kept("message"), archives=Archives(), tracker=world.tracker)
    told = world.records.records["j2"].result
    assert told == {"archiveUrl": f"https://bucket.example/{world.account.user_id}/j2?1"}


def test_of_those_who_left_lately_one_that_cannot_be_removed_stops_no_other() -> None:
    kept = Kept("late", stuck="u1")
    assert leaving.sweep_erasures(data=kept) == 1
    assert kept.log == ["erase u1", "erase u2", "account u2", "erase u3", "account u3"]


def test_at_the_first_recording_a_student_is_told_once_what_becomes_of_it() -> None:
    world = World()
    told: list[Notification] = []
    job = TellOfRecordings(user_id=world.account.user_id, at="2026-01-02T03:04:05.000000Z")
    for _ in range(2):
        telling.tell_of_recordings(job, accounts=world.platform.accounts, keep=told.append)
    [notification] = told
    assert (notification.type.value, notification.notification_id) == ("recordings", job.notification_id())
    assert "30 days" in notification.message.en
    assert world.platform.accounts.accounts[world.account.user_id].told_of_recordings
    nobody = job.model_copy(update={"user_id": "nobody"})
    telling.tell_of_recordings(nobody, accounts=world.platform.accounts, keep=told.append)
    assert len(told) == 1
