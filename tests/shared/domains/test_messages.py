from dataclasses import dataclass, field

import pytest
from pydantic import ValidationError

from shared.adapters.memory.kernel import MemoryJobs, MemoryMetrics, SetClock
from shared.adapters.memory.messages import MemoryMessages, MemoryRoomLog
from shared.domains.messages.contract import (
    ListMessages,
    RequestUpload,
    Resumed,
    ResumeRoom,
    Resync,
    StoreMessages,
    SweepUnqueued,
)
from shared.domains.messages.errors import ForeignKey, OtherRoom, StillSettling
from shared.domains.messages.models import Author, Draft, Head, Highest, Message, Posted, Recent, Unsettled
from shared.domains.messages.rules import posting, reading, storing, uploading
from shared.kernel.errors import PayloadTooLarge, Unavailable, UnsupportedMediaType
from shared.kernel.pages import Position
from shared.kernel.uploads import UploadOffer
from tests.builders import a_message, a_post

AUTHOR = Author("u1", "r1")


class Activity:
    def __init__(self) -> None:
        self.said: dict[str, str] = {}

    def spoken(self, room_id: str, at: str) -> None:
        self.said[room_id] = at


class Uploads:
    def offer(self, key: str, content_type: str, max_bytes: int) -> UploadOffer:
        return UploadOffer(url="post-here", fields={"type": content_type}, key=key, expires_at="later")

    def freeze(self, key: str) -> str:
        return key.replace("incoming/", "uploads/")

    def remove(self, key: str) -> None:
        raise AssertionError(key)

    def signed_url(self, key: str) -> str:
        return f"signed:{key}"


@dataclass
class World:
    clock: SetClock = field(default_factory=SetClock)
    messages: MemoryMessages = field(default_factory=MemoryMessages)
    jobs: MemoryJobs = field(default_factory=MemoryJobs)
    rooms: Activity = field(default_factory=Activity)
    metrics: MemoryMetrics = field(default_factory=MemoryMetrics)
    fresh: int = 0

    def __post_init__(self) -> None:
        self.log = MemoryRoomLog(self.clock)
        self.log.begin("r1")

    def post(self, content: str = "Hello", **fields: object) -> Posted:
        self.fresh += 1
        return posting.post_message(
            a_post(content, **fields),
            AUTHOR,
            fresh_id=f"fresh-{self.fresh}",
            log=self.log,
            messages=self.messages,
            sign=Uploads().signed_url,
            freeze=Uploads().freeze,
            clock=self.clock,
        )

    def store(self, *messages: Message) -> None:
        job = StoreMessages(messages=list(messages))
        storing.store_messages(
            job, messages=self.messages, log=self.log, rooms=self.rooms, clock=self.clock, metrics=self.metrics
        )

    def page(self, limit: int = 20, position: Position | None = None) -> tuple[list[str], Position | None]:
        page = reading.list_messages(
            ListMessages(limit=limit),
            "r1",
            position=position,
            log=self.log,
            messages=self.messages,
            sign=Uploads().signed_url,
        )
        return [item.content for item in page.items], page.position

    def resume(self, last_seq: int, epoch: str | None = None) -> tuple[list[int], Resumed | Resync]:
        command = ResumeRoom(action="resume", request_id="q", last_seq=last_seq, epoch=epoch)
        missed, answer = reading.resume(command, "r1", log=self.log, messages=self.messages)
        return [one.seq for one in missed], answer


@pytest.fixture
def world() -> World:
    return World()


def test_seq_rises_by_one_and_creation_time_with_it(world: World) -> None:
    posted = [world.post(str(number)).message for number in range(3)]

    assert [one.seq for one in posted] == [1, 2, 3]
    assert posted[0].created_at < posted[1].created_at < posted[2].created_at


def test_the_same_request_is_one_message_with_one_place(world: World) -> None:
    first = world.post(requestId="a")
    world.log.mark_queued([first.message])

    again = world.post("Other words", requestId="a")

    assert again == Posted(first.message, is_queued=True)
    assert world.post(requestId="b").message.message_id != first.message.message_id


def test_what_was_shown_but_not_queued_is_queued_again(world: World) -> None:
    first = world.post(requestId="a")

    assert world.post(requestId="a") == Posted(first.message, is_queued=False)


def test_without_a_request_id_each_is_its_own_message(world: World) -> None:
    assert world.post().message.message_id == "fresh-1"
    assert world.post().message.message_id == "fresh-2"


@pytest.mark.parametrize(
    "fields",
    [
        {"content": ""},
        {"content": "  \n"},
        {"content": "x" * 4001},
        {"messageType": "AI_RESPONSE"},
        {"messageType": "IMAGE"},
        {"key": "incoming/r1/u1/a.png"},
        {"requestId": ""},
        {"requestId": "x" * 129},
        {"surprise": 1},
    ],
)
def test_a_wrong_message_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        a_post(**{"content": "x"} | fields)  # type: ignore[arg-type]


def test_a_message_goes_to_the_room_of_its_connection(world: World) -> None:
    with pytest.raises(OtherRoom):
        world.post(roomId="r2")


def test_an_upload_is_named_only_by_who_it_was_offered_to(world: World) -> None:
    mine = world.post("Look", messageType="IMAGE", key="incoming/r1/u1/a.png")
    assert mine.message.key == "uploads/r1/u1/a.png"

    with pytest.raises(ForeignKey):
        world.post("Look", messageType="IMAGE", key="incoming/r1/u2/a.png")


def test_an_upload_is_offered_by_type_and_size(world: World) -> None:
    def offered(kind: str, content_type: str, size: int = 10) -> UploadOffer:
        command = RequestUpload.model_validate({"messageType": kind, "contentType": content_type, "size": size})
        return uploading.offer_upload(command, AUTHOR, fresh_id="f", uploads=Uploads())

    assert offered("VOICE", "audio/webm;codecs=opus").key == "incoming/r1/u1/f.webm"
    with pytest.raises(UnsupportedMediaType):
        offered("IMAGE", "audio/webm")
    with pytest.raises(PayloadTooLarge):
        offered("IMAGE", "image/png", 10 * 1024 * 1024 + 1)


def test_a_room_that_lost_its_memory_goes_on_above_what_is_stored(world: World) -> None:
    before = [world.post(str(number)).message for number in range(3)]
    world.store(*before)
    world.log.lose_memory()

    after = world.post("after").message

    assert after.seq == 4
    assert after.epoch != before[0].epoch
    assert world.log.resynced == ["r1"]


def test_a_request_sent_again_after_lost_memory_keeps_its_stored_place(world: World) -> None:
    stored = world.post(requestId="a").message
    world.store(stored)
    world.log.lose_memory()

    assert world.post(requestId="a") == Posted(stored, is_queued=True)
    assert len(world.messages.stored) == 1


def test_after_lost_memory_a_message_still_on_its_way_to_the_table_is_waited_for(world: World) -> None:
    under_way = world.post(requestId="a").message
    world.log.lose_memory()
    world.clock.meanwhile = lambda: world.messages.add_once(under_way)

    assert world.post(requestId="a").message == under_way


def test_after_lost_memory_a_new_request_is_new(world: World) -> None:
    world.log.lose_memory()

    assert world.post(requestId="new").message.seq == 1


def test_a_memory_lost_again_and_again_is_said_to_be_settling(world: World) -> None:
    class Forgetful(MemoryRoomLog):
        def post(self, draft: Draft, *, is_verified: bool) -> Posted | Unsettled:
            return Unsettled.NO_EPOCH

    world.log = Forgetful(world.clock)
    with pytest.raises(StillSettling):
        world.post()


def test_messages_are_stored_once_however_often_the_job_comes(world: World) -> None:
    posted = [world.post(str(number)).message for number in range(3)]

    for _ in range(3):
        world.store(*posted)

    assert sorted(one.seq for one in world.messages.stored.values()) == [1, 2, 3]
    assert world.rooms.said == {"r1": posted[-1].created_at}
    assert world.log.marks == {}


def test_one_message_with_two_places_is_stored_with_the_first(world: World) -> None:
    world.log.lose_memory()
    world.log.restore("r1", above=Highest(5, None))
    epoch = world.log.ends["r1"].epoch
    first = a_message(1, message_id="same", epoch="before")
    second = a_message(6, message_id="same", epoch=epoch)

    world.store(first)
    world.store(second)

    assert list(world.messages.stored.values()) == [first]


def test_storing_goes_on_while_the_log_tells_nothing(world: World) -> None:
    class Away(MemoryRoomLog):
        def heads(self, room_ids: list[str]) -> dict[str, Head]:
            raise Unavailable("away")

    posted = world.post().message
    world.log = Away(world.clock)
    world.store(posted)

    assert list(world.messages.stored.values()) == [posted]


def test_history_is_one_list_over_log_and_table(world: World) -> None:
    posted = [world.post(str(number)).message for number in range(7)]
    world.store(*posted)
    world.log.recent["r1"] = world.log.recent["r1"][4:]

    first, position = world.page(4)
    second, end = world.page(4, position)

    assert first + second == ["6", "5", "4", "3", "2", "1", "0"]
    assert end is None


def test_history_comes_from_the_log_alone_where_it_reaches(world: World) -> None:
    for number in range(4):
        world.post(str(number))

    assert world.page(2)[0] == ["3", "2"]


def test_history_comes_from_the_table_while_the_log_is_away(world: World) -> None:
    class Away(MemoryRoomLog):
        def newest(self, room_id: str, *, before: str | None, limit: int) -> Recent:
            raise Unavailable("away")

    world.store(world.post("stored").message)
    world.log = Away(world.clock)

    assert world.page() == (["stored"], None)


def test_history_signs_uploads_anew(world: World) -> None:
    world.post("Look", messageType="IMAGE", key="incoming/r1/u1/a.png")

    page = reading.list_messages(
        ListMessages(), "r1", position=None, log=world.log, messages=world.messages, sign=Uploads().signed_url
    )
    assert page.items[0].url == "signed:uploads/r1/u1/a.png"


def test_resuming_gives_what_was_missed_in_order(world: World) -> None:
    for number in range(5):
        world.post(str(number))

    assert world.resume(2) == ([3, 4, 5], Resumed(request_id="q", last_seq=5, epoch="e1"))
    assert world.resume(5, "e1") == ([], Resumed(request_id="q", last_seq=5, epoch="e1"))


@pytest.mark.parametrize(("last_seq", "epoch"), [(9, None), (1, "other"), (0, None)])
def test_a_gap_that_cannot_be_filled_is_said(world: World, last_seq: int, epoch: str | None) -> None:
    for number in range(3):
        world.post(str(number))
    del world.log.recent["r1"][0]

    assert world.resume(last_seq, epoch) == ([], Resync(request_id="q", last_seq=3, epoch="e1"))


def test_resuming_a_room_without_memory_begins_an_epoch(world: World) -> None:
    world.store(world.post().message)
    world.log.lose_memory()

    missed, answer = world.resume(1, "e1")

    assert missed == []
    assert isinstance(answer, Resync)
    assert answer.last_seq == 1


def test_what_was_shown_and_never_queued_is_swept(world: World) -> None:
    posted = [world.post(str(number)).message for number in range(5)]
    world.log.mark_queued(posted[:1])
    sweep = {"log": world.log, "jobs": world.jobs, "older_than_seconds": 5.0, "per_job": 3}

    assert storing.sweep_unqueued(SweepUnqueued(), **sweep) == 0  # type: ignore[arg-type]
    world.clock.sleep(6)
    assert storing.sweep_unqueued(SweepUnqueued(), **sweep) == 4  # type: ignore[arg-type]

    jobs = [job for job in world.jobs.jobs if isinstance(job, StoreMessages)]
    assert [[one.seq for one in job.messages] for job in jobs] == [[2, 3, 4], [5]]
    assert storing.sweep_unqueued(SweepUnqueued(), **sweep) == 0  # type: ignore[arg-type]
