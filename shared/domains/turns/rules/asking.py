"""The rules of asking the AI partner: a request is one turn however often it is sent, and it has one answer."""

from contextlib import suppress
from typing import Any

from shared.domains.jobs.contract import JobChanged
from shared.domains.jobs.models import JobRecord, JobStatus
from shared.domains.turns.contract import AnswerTurn, FollowSpeech, SendTurn, TurnAccepted
from shared.domains.turns.errors import NothingToSay
from shared.domains.turns.models import Asked, Live, Recording, Stage, Student, Wish, turn_id_of
from shared.domains.turns.ports import Recordings, TurnLog
from shared.domains.turns.rules.choosing import conversation_for
from shared.domains.turns.rules.reading import answer_on, conversation_id_of
from shared.domains.turns.rules.request import Asking
from shared.kernel.errors import Unavailable
from shared.kernel.times import timestamp
from shared.kernel.topics import user_topic

_FAILED_ONLY = frozenset({JobStatus.FAILED})


def ask(wish: Wish, student: Student, *, asking: Asking) -> Asked:
    """Have a turn answered, once: the same requestId again is the same turn, and the words of the first time count.

    What has ended is answered from what is known of it; only a failure that may pass is tried anew. A new request
    counts against the student's rate, a repeated one does not (two that are sent at the same moment both do). Turns
    of one conversation are queued in the order of the calls. Without Redis the table tells what is known.

    Raises:
        RateLimited: too many new requests in a minute.
        ConversationNotFound, ConversationEnded: there is none of that id that takes turns.
        Unavailable: nothing was queued, or that is not known; the same request again is safe.
    """
    turn_id = turn_id_of(student.user_id, wish.request_id)
    live = _read(turn_id, asking.log)
    if live is not None and _is_settled(live):
        return Asked(turn_id, wish.conversation_id, live.answer)
    record = asking.records.get(turn_id)
    if record is None:
        return _begin(wish, student, asking)
    answer = answer_on(record, asking) or (live.answer if live is not None else None)
    if answer is None or (record.status is JobStatus.FAILED and answer.may_pass):
        return _go_on(record, wish, student, asking)
    return Asked(turn_id, answer.conversation_id, answer)


def send_turn(command: SendTurn, request_id: str, student: Student, *, asking: Asking) -> TurnAccepted:
    """Have a turn answered that came over HTTP, in words or as a recording; see `ask`.

    Raises:
        NothingToSay: there are neither words nor a recording.
        UnreadableAudio: the recording is no base64, or no file of a kind that is taken.
        RecordingTooLarge: more than 10 MiB.
    """
    if command.user_message is None and command.audio_data is None:
        raise NothingToSay
    recording = Recording.read(command.audio_data) if command.audio_data is not None else None
    wish = Wish(request_id, command.conversation_id, command.user_message, recording)
    asked = ask(wish, student, asking=asking)
    return TurnAccepted(request_id=request_id, job_id=asked.turn_id, estimated_time=asking.pace.estimate())


def _read(turn_id: str, log: TurnLog) -> Live | None:
    try:
        return log.read(turn_id)
    except Unavailable:
        return None  # the table decides


def _is_settled(live: Live) -> bool:
    """Tell whether the log says all: a run speaks, or the turn has ended for good."""
    return live.run > 0 if live.answer is None else not live.answer.may_pass


def _begin(wish: Wish, student: Student, asking: Asking) -> Asked:
    """Record and queue a turn that nobody knows; the record comes first, so that what is queued can be found."""
    asking.rate.check(student.user_id)
    conversation = conversation_for(wish, student, asking)
    record = wish.record(student, conversation.conversation_id, timestamp(asking.clock.now()))
    asking.records.add(record)
    _push(record, asking)
    return _hand_over(wish, student, conversation.conversation_id, asking)


def _go_on(record: JobRecord, wish: Wish, student: Student, asking: Asking) -> Asked:
    """Watch a turn that goes on; one that no worker began is queued again, and one that failed is put back first."""
    if record.status is JobStatus.FAILED:
        record = _restarted(record, asking)
    if record.status is not JobStatus.PENDING:
        return Asked(record.job_id, conversation_id_of(record) or wish.conversation_id)
    # Restarted since it was created, so the first AnswerTurn is dead; `again` gives this one its own id.
    again = record.updated_at if record.updated_at != record.created_at else ""
    known = conversation_id_of(record) or conversation_for(wish, student, asking).conversation_id
    return _hand_over(wish, student, known, asking, again)


def _restarted(record: JobRecord, asking: Asking) -> JobRecord:
    """Put a failed record back to PENDING and return it as it is then; of two at once one does."""
    fresh = {"status": JobStatus.PENDING, "stage": None, "error": None, "updated_at": timestamp(asking.clock.now())}
    changed = record.model_copy(update=fresh)
    if not asking.records.change(changed, only_from=_FAILED_ONLY):
        return asking.records.get(record.job_id) or record
    with suppress(Unavailable):
        asking.log.forget(record.job_id)
    _push(changed, asking)
    return changed


def _hand_over(wish: Wish, student: Student, conversation_id: str, asking: Asking, again: str = "") -> Asked:
    """Log and queue a turn; the same again is the same job."""
    turn_id = turn_id_of(student.user_id, wish.request_id)
    named = {
        "turn_id": turn_id,
        "request_id": wish.request_id,
        "user_id": student.user_id,
        "conversation_id": conversation_id,
        "language": student.language,
        "again": again,
    }
    job = FollowSpeech(**named) if wish.is_spoken else _answering(wish, named, asking)
    with suppress(Unavailable):  # then there are no deltas, and the table has the answer
        asking.log.open(turn_id)
    asking.jobs.enqueue(job)
    return Asked(turn_id, conversation_id)


def _answering(wish: Wish, named: dict[str, Any], asking: Asking) -> AnswerTurn:
    return AnswerTurn(
        user_message=wish.message,
        audio_key=_kept(wish.recording, named["turn_id"], named["user_id"], asking.recordings),
        sent_at=timestamp(asking.clock.now()),
        **named,
    )


def _push(record: JobRecord, asking: Asking) -> None:
    """Tell the student that the turn waits, before any worker can say more; its record is PENDING and has no stage."""
    told = record.model_copy(update={"stage": Stage.QUEUED})
    with suppress(Unavailable):
        asking.events.publish(user_topic(record.user_id), JobChanged.of(told))


def _kept(recording: Recording | None, turn_id: str, user_id: str, recordings: Recordings) -> str | None:
    """Store a recording, over one of the same turn, and return its key."""
    if recording is None:
        return None
    key = f"user-audio/{user_id}/{turn_id}.{recording.extension}"
    recordings.put(key, recording.content, recording.content_type)
    return key
