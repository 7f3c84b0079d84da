"""One request is one turn with one answer, in whatever state it is sent again."""

from collections.abc import Callable, Collection

import pytest

from shared.adapters.memory.conversations import MemoryConversations
from shared.adapters.memory.jobs import MemoryJobRecords
from shared.domains.accounts.models import Account, Role
from shared.domains.conversations.errors import ConversationEnded, ConversationNotFound
from shared.domains.jobs.models import JobRecord, JobStatus
from shared.domains.turns.models import Answer, Ended, Student
from shared.kernel.errors import RateLimited, Unavailable
from shared.kernel.levels import LEVELS
from tests.shared.domains.turns.asked import MIN, TURN, Platform, completed, statuses


class RacingRecords(MemoryJobRecords):
    """Records between whose reading and changing another gateway comes, once."""

    meanwhile: Callable[[], object] | None = None

    def change(self, job: JobRecord, *, only_from: Collection[JobStatus]) -> bool:
        if (others := self.meanwhile) is not None:
            self.meanwhile = None
            others()
        return super().change(job, only_from=only_from)


class RacingConversations(MemoryConversations):
    """Conversations between whose making and naming another gateway comes, once."""

    meanwhile: Callable[[], object] | None = None

    def set_default(self, user_id: str, conversation_id: str, *, instead_of: str | None) -> str:
        if (others := self.meanwhile) is not None:
            self.meanwhile = None
            others()
        return super().set_default(user_id, conversation_id, instead_of=instead_of)


@pytest.fixture
def platform() -> Platform:
    made = Platform()
    made.begin_conversation()
    return made


def test_a_new_turn_is_recorded_logged_queued_and_told(platform: Platform) -> None:
    asked = platform.ask(conversation_id="c1")

    assert (asked.turn_id, asked.conversation_id, asked.answer) == (TURN, "c1", None)
    [job] = platform.queued
    assert (job.turn_id, job.request_id, job.user_id, job.conversation_id) == (TURN, "r1", "min", "c1")
    assert (job.user_message, job.audio_key, job.language, job.again) == ("Hello", None, "ko", "")
    assert (job.identity(), job.fair_share_group()) == (TURN, "c1")
    assert (platform.record.status, platform.record.kind) == (JobStatus.PENDING, "ai_chat")
    assert platform.log.read(TURN) is not None
    assert statuses(platform) == [("PENDING", "queued")]
    assert platform.rate.counted == {"min": 1}


def test_two_users_same_request_id_are_two_turns(platform: Platform) -> None:
    other = platform.ask(student=Student("ann", "en"))

    assert platform.ask().turn_id != other.turn_id
    assert len({job.conversation_id for job in platform.queued}) == 2


@pytest.mark.parametrize("is_logged", [True, False])
def test_sent_again_before_a_run_it_is_queued_again_as_the_same_job_and_not_counted(
    platform: Platform, is_logged: bool
) -> None:
    platform.ask(conversation_id="c1")
    if not is_logged:
        platform.forget_log()
    again = platform.ask("Other words", conversation_id="c1")

    assert (again.answer, again.conversation_id) == (None, "c1")
    assert platform.identities == {TURN}
    assert platform.rate.counted == {"min": 1}
    assert platform.log.read(TURN) is not None


def test_sent_again_while_a_run_speaks_it_is_watched(platform: Platform) -> None:
    platform.ask(conversation_id="c1")
    platform.log.begin(TURN)
    platform.tracker.progress(TURN, "thinking")

    assert platform.ask(conversation_id="c1").answer is None
    platform.forget_log()
    assert platform.ask(conversation_id="c1").answer is None
    assert len(platform.queued) == 1


def test_sent_again_after_its_end_it_has_the_answer_of_the_log(platform: Platform) -> None:
    platform.ask(conversation_id="c1")
    platform.log.end(TURN, completed("Hi!"))

    assert platform.ask(conversation_id="c1").answer == completed("Hi!")
    assert len(platform.queued) == 1


def test_without_the_log_a_stored_turn_is_the_answer_whatever_its_job_says(platform: Platform) -> None:
    platform.ask(conversation_id="c1")
    platform.store_turn("Hi!")
    platform.forget_log()

    for step in (lambda: None, lambda: platform.tracker.progress(TURN, "speaking"), lambda: platform.fail()):
        step()
        platform.forget_log()
        assert platform.ask(conversation_id="c1").answer == completed("Hi!")
    assert len(platform.queued) == 1


def test_without_the_log_a_completed_job_has_the_answer(platform: Platform) -> None:
    platform.ask(conversation_id="c1")
    platform.tracker.complete(TURN, {"conversationId": "c1", "aiMessage": "Hi!", "stopped": True})
    platform.forget_log()

    assert platform.ask(conversation_id="c1").answer == Answer.halted("c1", "Hi!")


def test_a_cancelled_turn_was_stopped(platform: Platform) -> None:
    platform.ask(conversation_id="c1")
    platform.tracker.change(TURN, status=JobStatus.CANCELLED)
    platform.forget_log()

    assert platform.ask(conversation_id="c1").answer == Answer.halted("c1", "")


@pytest.mark.parametrize("is_logged", [True, False])
def test_a_failure_that_will_not_pass_is_kept(platform: Platform, is_logged: bool) -> None:
    platform.ask(conversation_id="c1")
    platform.fail("PARTNER_REFUSED", is_logged=is_logged)
    if not is_logged:
        platform.forget_log()
    answer = platform.ask(conversation_id="c1").answer

    assert answer is not None
    assert (answer.status, answer.error, answer.retry_after) == (Ended.FAILED, "PARTNER_REFUSED", None)
    assert len(platform.queued) == 1


@pytest.mark.parametrize("is_logged", [True, False])
@pytest.mark.parametrize("code", ["UNAVAILABLE", "INTERNAL_SERVER_ERROR"])
def test_a_failure_that_may_pass_is_tried_anew_and_not_counted(platform: Platform, code: str, is_logged: bool) -> None:
    platform.ask(conversation_id="c1")
    platform.fail(code, is_logged=is_logged)
    again = platform.ask(conversation_id="c1")

    assert again.answer is None
    assert (platform.record.status, platform.record.error) == (JobStatus.PENDING, None)
    assert len(platform.identities) == 2
    assert platform.queued[-1].turn_id == TURN
    live = platform.log.read(TURN)
    assert live is not None
    assert live.answer is None
    assert statuses(platform)[-1] == ("PENDING", "queued")
    assert platform.rate.counted == {"min": 1}


def test_two_gateways_that_try_it_anew_at_once_make_the_same_job() -> None:
    records = RacingRecords()
    platform = Platform(records=records)
    platform.begin_conversation()
    platform.ask(conversation_id="c1")
    platform.fail()
    records.meanwhile = lambda: platform.ask(conversation_id="c1")
    platform.ask(conversation_id="c1")

    assert len(platform.queued) == 3
    assert len(platform.identities) == 2


def test_tried_anew_and_sent_once_more_before_a_run_it_is_the_same_new_job(platform: Platform) -> None:
    platform.ask(conversation_id="c1")
    platform.fail()
    platform.ask(conversation_id="c1")
    platform.forget_log()
    platform.ask(conversation_id="c1")

    assert len(platform.queued) == 3
    assert len(platform.identities) == 2


def test_it_may_fail_and_be_tried_anew_again_and_again(platform: Platform) -> None:
    platform.ask(conversation_id="c1")
    for _ in range(3):
        platform.fail()
        platform.ask(conversation_id="c1")

    assert len(platform.identities) == 4


def test_while_a_failure_is_not_recorded_yet_it_is_the_answer(platform: Platform) -> None:
    platform.ask(conversation_id="c1")
    platform.tracker.progress(TURN, "thinking")
    platform.log.end(TURN, Answer.failure("UNAVAILABLE", "c1"))

    answer = platform.ask(conversation_id="c1").answer
    assert answer is not None
    assert answer.may_pass
    assert len(platform.queued) == 1


def test_a_queue_that_does_not_take_it_may_be_asked_again(platform: Platform) -> None:
    platform.jobs.is_away = True
    with pytest.raises(Unavailable):
        platform.ask(conversation_id="c1")
    platform.jobs.is_away = False

    assert platform.ask(conversation_id="c1").answer is None
    assert platform.identities == {TURN}
    assert platform.rate.counted == {"min": 1}


def test_without_redis_turns_are_asked_and_repeated(platform: Platform) -> None:
    platform.log.is_away = True
    assert platform.ask(conversation_id="c1").answer is None
    assert platform.ask(conversation_id="c1").answer is None
    assert platform.identities == {TURN}
    platform.store_turn("Hi!")
    assert platform.ask(conversation_id="c1").answer == completed("Hi!")
    platform.conversations.turns.clear()
    platform.fail(is_logged=False)
    assert platform.ask(conversation_id="c1").answer is None
    assert len(platform.identities) == 2


@pytest.mark.parametrize("conversation_id", ["unknown", "", "x" * 3000, "foreign"])
def test_what_is_not_ones_own_is_not_there(platform: Platform, conversation_id: str) -> None:
    platform.begin_conversation("foreign", "ann")
    with pytest.raises(ConversationNotFound):
        platform.ask(conversation_id=conversation_id)
    assert platform.records.records == {}


def test_an_ended_conversation_takes_no_turns(platform: Platform) -> None:
    platform.conversations.end("c1", "now")
    with pytest.raises(ConversationEnded):
        platform.ask(conversation_id="c1")
    assert platform.jobs.jobs == []


def test_the_eleventh_new_request_of_a_minute_is_refused_and_repeats_are_not(platform: Platform) -> None:
    for number in range(10):
        platform.ask(request_id=f"r{number}")
    with pytest.raises(RateLimited):
        platform.ask(request_id="r10")
    assert platform.ask(request_id="r3").answer is None
    assert platform.ask(request_id="r10", student=Student("ann", "en")).answer is None


def test_the_default_conversation_is_made_once_and_followed_when_it_ends(platform: Platform) -> None:
    first = platform.ask(request_id="r1").conversation_id
    assert first is not None
    assert platform.ask(request_id="r2").conversation_id == first
    made = platform.conversations.conversations[first]
    assert (made.is_default, made.user_id, made.scene.level, made.scene.language) == (True, "min", LEVELS[1], "ko")

    platform.conversations.end(first, "now")
    second = platform.ask(request_id="r3").conversation_id
    assert second not in (None, first)
    assert platform.ask(request_id="r4").conversation_id == second
    assert platform.conversations.default_of("min") == second


def test_a_default_that_ended_before_it_was_named_is_followed_too(platform: Platform) -> None:
    first = platform.ask(request_id="r1").conversation_id
    assert first is not None
    platform.conversations.end(first, "now")
    platform.conversations.defaults.clear()

    second = platform.ask(request_id="r2").conversation_id
    assert second not in (None, first)
    assert platform.conversations.default_of("min") == second


def test_two_gateways_agree_on_the_default() -> None:
    conversations, others = RacingConversations(), []
    platform = Platform(conversations)
    conversations.meanwhile = lambda: others.append(platform.ask(request_id="r2").conversation_id)
    mine = platform.ask(request_id="r1").conversation_id

    assert [mine] == others
    assert len(conversations.conversations) == 1


def test_the_default_has_the_accounts_level(platform: Platform) -> None:
    account = Account(
        user_id=MIN.user_id, email="m@example.com", name="m", role=Role.STUDENT, level="advanced", created_at="now"
    )
    platform.accounts.accounts[MIN.user_id] = account
    made = platform.ask().conversation_id or ""

    assert platform.conversations.conversations[made].scene.level == "advanced"
