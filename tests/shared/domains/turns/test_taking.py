"""A recording that is sent while it is made: taken once, resumed by index, refused by name."""

import base64

import pytest

from shared.domains.conversations.errors import ConversationNotFound
from shared.domains.turns.contract import CHUNK_BYTES, EndSpeech, FollowSpeech, SendSpeech, StartSpeech
from shared.domains.turns.errors import (
    BrokenChunk,
    ChunkMissing,
    ChunkTooLarge,
    SpeechEnded,
    SpeechNotFound,
    TooManyTakes,
)
from shared.domains.turns.models import Answer, Student
from shared.domains.turns.rules import taking
from shared.kernel.errors import PayloadTooLarge, RateLimited, Unavailable, UnsupportedMediaType
from shared.kernel.recordings import MOST_BYTES
from tests.shared.domains.turns.asked import MIN, TURN, Platform, completed


@pytest.fixture
def platform() -> Platform:
    made = Platform()
    made.begin_conversation()
    return made


def start(
    platform: Platform,
    request_id: str = "r1",
    *,
    content_type: str = "audio/webm;codecs=opus",
    conversation_id: str | None = "c1",
    stream: bool = False,
    student: Student = MIN,
) -> taking.Awaited:
    command = StartSpeech(
        action="audioStart",
        request_id=request_id,
        conversation_id=conversation_id,
        content_type=content_type,
        stream=stream,
    )
    return taking.start_speech(command, student, asking=platform.asking)


def send(platform: Platform, index: int, chunk: bytes = b"sound", request_id: str = "r1") -> None:
    data = base64.b64encode(chunk).decode()
    command = SendSpeech(action="audioChunk", request_id=request_id, index=index, data=data)
    taking.send_speech(command, MIN, asking=platform.asking)


def end(platform: Platform, request_id: str = "r1") -> taking.Awaited:
    return taking.end_speech(EndSpeech(action="audioEnd", request_id=request_id), MIN, asking=platform.asking)


def chunks(platform: Platform, request_id: str = TURN) -> list[bytes]:
    take = platform.takes.read("min", request_id, 0)
    assert take is not None
    return take.chunks


def follows(platform: Platform) -> list[FollowSpeech]:
    return [job for job in platform.jobs.jobs if isinstance(job, FollowSpeech)]


def test_a_recording_is_followed_from_its_beginning_and_counts_as_one_request(platform: Platform) -> None:
    awaited = start(platform, stream=True)
    for index, chunk in enumerate((b"one", b"two")):
        send(platform, index, chunk)
    ended = end(platform)

    assert (awaited.next_index, awaited.asked.answer, awaited.asked.conversation_id) == (0, None, "c1")
    [job] = follows(platform)
    assert (job.turn_id, job.user_id, job.conversation_id, job.language, job.part) == (TURN, "min", "c1", "ko", 0)
    assert job.awaited_as() == TURN
    assert job.fair_share_group() != "c1"
    assert platform.queued == []
    assert chunks(platform) == [b"one", b"two"]
    assert (ended.asked.turn_id, ended.is_streamed) == (TURN, True)
    assert platform.rate.counted == {"min": 1}


def test_after_a_cut_it_goes_on_where_it_was(platform: Platform) -> None:
    start(platform)
    send(platform, 0, b"one")
    send(platform, 1, b"two")
    again = start(platform)
    send(platform, 1, b"another two")
    send(platform, 2, b"three")

    assert again.next_index == 2
    assert chunks(platform) == [b"one", b"two", b"three"]
    assert {job.identity() for job in follows(platform)} == {follows(platform)[0].identity()}
    assert platform.rate.counted == {"min": 1}


def test_a_chunk_that_comes_too_early_says_which_is_awaited(platform: Platform) -> None:
    start(platform)
    send(platform, 0)
    with pytest.raises(ChunkMissing) as refused:
        send(platform, 2)
    assert refused.value.details == [{"field": "index", "expected": 1}]
    assert chunks(platform) == [b"sound"]


def test_what_was_not_begun_is_not_taken(platform: Platform) -> None:
    with pytest.raises(SpeechNotFound):
        send(platform, 0)
    with pytest.raises(SpeechNotFound):
        end(platform)
    start(platform)
    with pytest.raises(SpeechNotFound):
        send(platform, 0, request_id="r2")


def test_after_its_end_nothing_is_taken_and_what_is_there_is_no_fault(platform: Platform) -> None:
    start(platform)
    send(platform, 0)
    first = end(platform)
    send(platform, 0)
    with pytest.raises(SpeechEnded):
        send(platform, 1)
    assert end(platform) == first


def test_its_end_again_finds_the_answer(platform: Platform) -> None:
    start(platform)
    end(platform)
    platform.log.end(TURN, completed("Hi!"))
    platform.takes.discard("min", TURN)

    assert end(platform).asked.answer == completed("Hi!")
    assert start(platform).asked.answer == completed("Hi!")
    assert platform.takes.kept == {}


def test_one_that_failed_and_may_pass_is_begun_anew(platform: Platform) -> None:
    start(platform)
    send(platform, 0, b"old")
    platform.fail()
    again = start(platform)
    send(platform, 0, b"new")

    assert (again.next_index, again.asked.answer) == (0, None)
    assert chunks(platform) == [b"new"]
    assert len({job.identity() for job in follows(platform)}) == 2


def test_one_that_failed_for_good_stays_so(platform: Platform) -> None:
    start(platform)
    platform.fail("SPEECH_DROPPED")
    assert start(platform).asked.answer == Answer.failure("SPEECH_DROPPED", "c1")


def test_ten_mebibytes_are_the_most_and_what_is_more_is_dropped(platform: Platform) -> None:
    start(platform)
    for index in range(MOST_BYTES // CHUNK_BYTES):
        send(platform, index, bytes(CHUNK_BYTES))
    send(platform, MOST_BYTES // CHUNK_BYTES)

    take = platform.takes.read("min", TURN, 0)
    assert take is not None
    assert (take.chunks, take.refusal) == ([], PayloadTooLarge.code)
    send(platform, 7)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ("not base64!", BrokenChunk),
        ("====", BrokenChunk),
        (base64.b64encode(bytes(CHUNK_BYTES + 1)).decode(), ChunkTooLarge),
    ],
)
def test_what_is_no_chunk_is_refused(platform: Platform, data: str, problem: type[Exception]) -> None:
    start(platform)
    command = SendSpeech(action="audioChunk", request_id="r1", index=0, data=data)
    with pytest.raises(problem):
        taking.send_speech(command, MIN, asking=platform.asking)
    assert chunks(platform) == []


def test_two_at_once_are_the_most_of_one_person(platform: Platform) -> None:
    start(platform, "r1")
    start(platform, "r2")
    with pytest.raises(TooManyTakes):
        start(platform, "r3")
    start(platform, "r2")
    start(platform, "r1", student=Student("ann", "en"), conversation_id=None)
    platform.takes.close("min", TURN)
    assert start(platform, "r3").next_index == 0


@pytest.mark.parametrize("content_type", ["audio/midi", "video/mp4", "text/plain", "webm"])
def test_other_kinds_are_refused(platform: Platform, content_type: str) -> None:
    with pytest.raises(UnsupportedMediaType):
        start(platform, content_type=content_type)
    assert platform.takes.kept == {}


def test_a_start_that_was_refused_leaves_nothing(platform: Platform) -> None:
    with pytest.raises(ConversationNotFound):
        start(platform, conversation_id="nowhere")
    platform.rate.allowed = 0
    with pytest.raises(RateLimited):
        start(platform)
    assert platform.takes.kept == {}


def test_a_start_whose_queue_is_away_keeps_what_came_before(platform: Platform) -> None:
    start(platform)
    send(platform, 0)
    platform.jobs.is_away = True
    with pytest.raises(Unavailable):
        start(platform)
    assert chunks(platform) == [b"sound"]
