from dataclasses import dataclass, field
from typing import Any

import pytest

from shared.adapters.memory.feedback import MemoryChannels
from shared.adapters.memory.kernel import MemoryEvents, MemoryJobs
from shared.adapters.memory.notifications import MemoryNotifications, MemoryPager
from shared.domains.notifications import service
from shared.domains.notifications.contract import ListNotifications, NotificationItem, NotificationPushed, PageUser
from shared.domains.notifications.errors import NotificationNotFound
from shared.domains.notifications.models import Notification, NotificationType, Wording
from shared.kernel.topics import user_topic
from tests.builders import a_principal

ANN, BEN = a_principal("ann"), a_principal("ben")
KOREAN = a_principal("ann", language="ko")


def a_notification(number: int = 1, user_id: str = "ann", **fields: Any) -> Notification:
    given: dict[str, Any] = {
        "notification_id": f"n{number}",
        "user_id": user_id,
        "type": NotificationType.TUTOR_MATCH,
        "title": Wording(en="New", ko="새로운"),
        "message": Wording(en="Hello", ko="안녕"),
        "created_at": f"2026-01-02T03:04:{number:02d}.000000Z",
    }
    return Notification(**given | fields)


@dataclass
class World:
    notifications: MemoryNotifications = field(default_factory=MemoryNotifications)
    events: MemoryEvents = field(default_factory=MemoryEvents)
    jobs: MemoryJobs = field(default_factory=MemoryJobs)
    channels: MemoryChannels = field(default_factory=MemoryChannels)
    pager: MemoryPager = field(default_factory=MemoryPager)

    def announce(self, notification: Notification) -> None:
        self.notifications.add(notification)
        service.announce(notification, events=self.events, jobs=self.jobs)

    def page(self, job: PageUser) -> bool:
        return service.page_user(job, channels=self.channels, pager=self.pager)

    def listed(
        self, principal: Any = ANN, position: Any = None, **asked: Any
    ) -> tuple[list[NotificationItem], int, Any]:
        command = ListNotifications.model_validate(asked)
        page, unread = service.list_notifications(
            command, principal, position=position, notifications=self.notifications
        )
        return page.items, unread, page.position


@pytest.fixture
def world() -> World:
    return World()


def test_a_notification_is_pushed_at_once_in_the_readers_own_language(world: World) -> None:
    for number, language in enumerate((None, "ko", "en"), 1):
        world.announce(a_notification(number, language=language))

    pushed = [event for _, event, _ in world.events.published]
    assert [topic for topic, _, _ in world.events.published] == [user_topic("ann")] * 3
    assert [one.title for one in pushed if isinstance(one, NotificationPushed)] == ["New", "새로운", "New"]
    assert pushed[0].wire() == {
        "type": "notification",
        "notificationId": "n1",
        "notificationType": "tutor_match",
        "title": "New",
        "message": "Hello",
        "data": {},
        "read": False,
        "createdAt": "2026-01-02T03:04:01.000000Z",
    }


def test_who_is_away_is_paged_and_who_is_here_is_not(world: World) -> None:
    world.announce(a_notification(1))
    world.announce(a_notification(2, "ben"))
    world.channels.open.add("ben")

    outcomes = [world.page(job) for job in world.jobs.jobs if isinstance(job, PageUser)]

    assert outcomes == [True, False]
    assert [one.user_id for one in world.pager.paged] == ["ann"]


def test_a_page_takes_effect_once_and_shares_fairly() -> None:
    job = PageUser(notification=a_notification())

    assert (job.identity(), job.fair_share_group()) == ("page-n1", "ann")


def test_a_queue_that_is_away_costs_the_page_and_nothing_else(world: World) -> None:
    world.jobs.is_away = True

    world.announce(a_notification())

    assert len(world.events.published) == 1
    assert world.jobs.jobs == []


def test_notifications_are_listed_newest_first_in_the_language_of_whoever_asks(world: World) -> None:
    for number in range(1, 4):
        world.announce(a_notification(number))
    world.announce(a_notification(9, "ben"))

    items, unread, position = world.listed(KOREAN, limit=2)
    rest, _, end = world.listed(KOREAN, position, limit=2)

    assert [one.notification_id for one in (*items, *rest)] == ["n3", "n2", "n1"]
    assert (items[0].title, items[0].message, unread, end) == ("새로운", "안녕", 3, None)


def test_what_was_read_is_unread_no_more(world: World) -> None:
    for number in range(1, 4):
        world.announce(a_notification(number))

    for _ in range(2):
        service.read_notification("n2", ANN, notifications=world.notifications)

    assert [one.notification_id for one in world.listed(unread=True)[0]] == ["n3", "n1"]
    assert [one.read for one in world.listed()[0]] == [False, True, False]
    assert world.listed()[1] == 2
    assert service.read_all_notifications(ANN, notifications=world.notifications) == 2
    assert service.read_all_notifications(ANN, notifications=world.notifications) == 0
    assert world.listed(unread=True)[:2] == ([], 0)


def test_somebody_elses_notification_is_not_there(world: World) -> None:
    world.announce(a_notification())

    for notification_id, reader in (("n1", BEN), ("n9", ANN)):
        with pytest.raises(NotificationNotFound):
            service.read_notification(notification_id, reader, notifications=world.notifications)
