"""The rules of asking the AI partner: a request is one turn however often it is sent, and it has one answer."""

from contextlib import suppress
from dataclasses import dataclass

from shared.domains.conversations.contract import StartConversation
from shared.domains.conversations.errors import ConversationEnded, ConversationNotFound
from shared.domains.conversations.models import Conversation
from shared.domains.jobs.contract import JobChanged
from shared.domains.jobs.models import JobRecord, JobStatus
from shared.domains.turns.contract import AnswerTurn, SendTurn, TurnAccepted, TurnStatus
from shared.domains.turns.errors import NothingToSay, TurnNotFound
from shared.domains.turns.models import Answer, Asked, Live, Recording, Stage, Stopping, Student, Wish, turn_id_of
from shared.domains.turns.ports import Pace, Recordings, Students, TurnConversations, TurnJobs, TurnLog, TurnRate
from shared.kernel.errors import Unavailable
from shared.kernel.ports import Clock, EventBus, JobQueue
from shared.kernel.times import timestamp
from shared.kernel.topics import user_topic
from shared.kernel.uuids import named_uuid

STOP_SECONDS = 0.7
"""A worker ends a turn that is to be stopped with its next words; after so long whoever asked does, within a second."""
LONGEST_ID = 128
_TRIES = 3
_FAILED_ONLY = frozenset({JobStatus.FAILED})


@dataclass(frozen=True, slots=True)
class Asking:
    """The ports that asking rests on."""

    log: TurnLog
    conversations: TurnConversations
    records: TurnJobs
    students: Students
    recordings: Recordings
    rate: TurnRate
    pace: Pace
    jobs: JobQueue
    events: EventBus
    clock: Clock


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
    answer = _answer_on(record, asking) or (live.answer if live is not None else None)
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


def stop(request_id: str, student: Student, *, asking: Asking) -> Stopping:
    """Have a turn stopped; one that has ended stays as it is, and again changes nothing.

    Raises:
        TurnNotFound: there is no such request of this person.
        Unavailable: nobody can be told.
    """
    turn_id = turn_id_of(student.user_id, request_id)
    live = asking.log.ask_to_stop(turn_id)
    if live is None:
        record = asking.records.get(turn_id)
        if record is None:
            raise TurnNotFound
        if not record.is_finished:  # its log was lost while it was answered
            asking.log.open(turn_id)
            live = asking.log.ask_to_stop(turn_id)
    return Stopping(turn_id, live is not None and live.answer is None)


def end_stopped(turn_id: str, *, asking: Asking) -> None:
    """End a turn that was asked to stop and that no worker ended, with what was said so far.

    Raises:
        Unavailable: the log does not answer; who watches finds out otherwise.
    """
    live = asking.log.read(turn_id)
    if live is None or live.answer is not None:
        return
    record = asking.records.get(turn_id)
    conversation_id = _conversation_of(record) if record else None
    asking.log.end(turn_id, Answer.halted(conversation_id, live.said.strip()))


def answer_of(turn_id: str, *, asking: Asking) -> Answer | None:
    """Return how a turn ended as the table knows it, for whoever watched in vain; None while it goes on."""
    record = asking.records.get(turn_id)
    return _answer_on(record, asking) if record is not None else None


def turn_status(request_id: str, user_id: str, *, asking: Asking) -> TurnStatus:
    """Return how far a turn is.

    Raises:
        TurnNotFound: there is no such request of this person.
    """
    turn_id = turn_id_of(user_id, request_id)
    record = asking.records.get(turn_id)
    if record is None:
        raise TurnNotFound
    status = TurnStatus(request_id=request_id, job_id=turn_id, status=record.status, stage=record.stage)
    turn = asking.conversations.find_turn(turn_id)
    if turn is None:
        return status.model_copy(update={"error": record.error})
    told = {"ai_message": turn.ai_message, "audio_job_id": turn.audio_job_id, "turn_count": turn.number}
    return status.model_copy(update=told | {"error": record.error})


def _read(turn_id: str, log: TurnLog) -> Live | None:
    try:
        return log.read(turn_id)
    except Unavailable:
        return None  # the table decides


def _is_settled(live: Live) -> bool:
    """Tell whether the log says all: a run speaks, or the turn has ended for good."""
    return live.run > 0 if live.answer is None else not live.answer.may_pass


def _answer_on(record: JobRecord, asking: Asking) -> Answer | None:
    """Return how a turn ended by its record; a turn that is stored has its answer, whatever became of its Job."""
    turn = asking.conversations.find_turn(record.job_id)
    if turn is not None:
        return Answer.in_turn(turn)
    result, conversation_id = record.result or {}, _conversation_of(record)
    match record.status:
        case JobStatus.COMPLETED:
            said = str(result.get("aiMessage") or "")
            halted = Answer.halted(conversation_id, said)
            return halted if result.get("stopped") else halted.model_copy(update={"stopped": None})
        case JobStatus.CANCELLED:
            return Answer.halted(conversation_id, "")
        case JobStatus.FAILED:
            return Answer.failure(record.error or "", conversation_id)
    return None


def _conversation_of(record: JobRecord) -> str | None:
    found = (record.result or {}).get("conversationId")
    return found if isinstance(found, str) else None


def _begin(wish: Wish, student: Student, asking: Asking) -> Asked:
    """Record and queue a turn that nobody knows; the record comes first, so that what is queued can be found."""
    asking.rate.check(student.user_id)
    conversation = _conversation(wish, student, asking)
    record = wish.record(student, conversation.conversation_id, timestamp(asking.clock.now()))
    asking.records.add(record)
    _push(record, asking)
    return _hand_over(wish, student, conversation.conversation_id, asking)


def _go_on(record: JobRecord, wish: Wish, student: Student, asking: Asking) -> Asked:
    """Watch a turn that goes on; one that no worker began is queued again, and one that failed is put back first."""
    if record.status is JobStatus.FAILED:
        record = _restarted(record, asking)
    if record.status is not JobStatus.PENDING:
        return Asked(record.job_id, _conversation_of(record) or wish.conversation_id)
    # It was put back since it was made: its first AnswerTurn is dead, and this is another.
    again = record.updated_at if record.updated_at != record.created_at else ""
    known = _conversation_of(record) or _conversation(wish, student, asking).conversation_id
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
    job = AnswerTurn(
        turn_id=turn_id,
        request_id=wish.request_id,
        user_id=student.user_id,
        conversation_id=conversation_id,
        user_message=wish.message,
        audio_key=_kept(wish.recording, turn_id, student.user_id, asking.recordings),
        language=student.language,
        again=again,
        sent_at=timestamp(asking.clock.now()),
    )
    with suppress(Unavailable):  # then there are no deltas, and the table has the answer
        asking.log.open(turn_id)
    asking.jobs.enqueue(job)
    return Asked(turn_id, conversation_id)


def _push(record: JobRecord, asking: Asking) -> None:
    """Tell the student that the turn waits, before any worker can say more; its record is PENDING and has no stage."""
    told = record.model_copy(update={"stage": Stage.QUEUED})
    with suppress(Unavailable):
        asking.events.publish(user_topic(record.user_id), JobChanged.of(told))


def _conversation(wish: Wish, student: Student, asking: Asking) -> Conversation:
    if wish.conversation_id is None:
        return _default_conversation(student, asking)
    is_plausible = 0 < len(wish.conversation_id) <= LONGEST_ID
    found = asking.conversations.get(wish.conversation_id) if is_plausible else None
    if found is None or found.user_id != student.user_id:
        raise ConversationNotFound
    if found.has_ended:
        raise ConversationEnded
    return found


def _default_conversation(student: Student, asking: Asking) -> Conversation:
    """Return the student's default conversation, made where there is none that goes on; made by two it is one."""
    store = asking.conversations
    for _ in range(_TRIES):
        current = store.default_of(student.user_id)
        found = store.get(current) if current is not None else None
        if found is not None and not found.has_ended:
            return found
        following = _following(current, student, asking)
        store.add(following)
        store.set_default(student.user_id, following.conversation_id, instead_of=current)
    raise Unavailable("The conversation is not there yet.", "잠시 후 다시 시도해 주세요.", retry_after=1)


def _following(current: str | None, student: Student, asking: Asking) -> Conversation:
    account = asking.students.get(student.user_id)
    scene = StartConversation().scene(student.language, account.level if account else None)
    return Conversation(
        conversation_id=named_uuid(f"default conversation\n{student.user_id}\n{current or ''}"),
        user_id=student.user_id,
        scene=scene,
        is_default=True,
        started_at=timestamp(asking.clock.now()),
    )


def _kept(recording: Recording | None, turn_id: str, user_id: str, recordings: Recordings) -> str | None:
    """Store a recording, over one of the same turn, and return its key."""
    if recording is None:
        return None
    key = f"user-audio/{user_id}/{turn_id}.{recording.extension}"
    recordings.put(key, recording.content, recording.content_type)
    return key
