"""The rules of hearing a recording while it is made: its words are told as they come, and then the partner is asked."""

from contextlib import suppress
from dataclasses import dataclass

from shared.domains.turns.contract import AnswerTurn, FollowSpeech
from shared.domains.turns.errors import BUDGET_SPENT, SPEECH_DROPPED, SPEECH_TOO_LONG
from shared.domains.turns.models import HeardWords, Recording, Stage, purposes_of
from shared.domains.turns.ports import Listener, Recordings, Takes, TurnLog, TurnStore
from shared.domains.turns.rules.answering import LONGEST_HEARD, LONGEST_RECORDING
from shared.domains.turns.rules.coming import Coming, Outcome
from shared.domains.turns.rules.ending import EndingTurns
from shared.kernel.budgets import BudgetState, Kind
from shared.kernel.errors import DomainError, Invalid, Unavailable
from shared.kernel.logs import get_log
from shared.kernel.ports import Clock, JobQueue, JobTracker, Purse
from shared.kernel.recordings import AudioTooLong, Heard
from shared.kernel.texts import plain
from shared.kernel.times import timestamp

log = get_log()


@dataclass(frozen=True, slots=True)
class Following:
    """The ports that following a recording rests on."""

    takes: Takes
    listener: Listener
    recordings: Recordings
    log: TurnLog
    store: TurnStore
    purse: Purse
    endings: EndingTurns
    tracker: JobTracker
    jobs: JobQueue
    clock: Clock


def follow_speech(job: FollowSpeech, *, on: Following) -> None:
    """Hear a recording until all is said, telling the words that are heard by now, and have its turn answered.

    Where it cannot be heard while it is made it is stored whole, and heard with its turn. Another run begins with the
    first chunk again; once its turn is queued, again changes nothing. What is not ended for 60 s is dropped.

    Raises:
        Unavailable: something did not answer; another run begins anew.
    """
    if on.store.find_turn(job.turn_id) is not None:
        return
    longest = {Kind.TRANSCRIBED_SECONDS: LONGEST_RECORDING}
    if BudgetState.SPENT in on.purse.hold(job.user_id, purposes_of(job.turn_id).heard, longest).values():
        _refuse(BUDGET_SPENT, job, on)
        return
    coming = Coming(job, on.takes, on.log, on.tracker, on.clock)
    try:
        heard = _heard(coming, job, on)
    except AudioTooLong:
        _refuse(SPEECH_TOO_LONG, job, on)
        return
    _settle(coming, heard, job, on)


def _heard(coming: Coming, job: FollowSpeech, on: Following) -> Heard | None:
    """Return what is heard when all is said; None where that did not go, and then all has come too."""

    def tell(words: str) -> None:
        result = {"conversationId": job.conversation_id, "transcript": plain(words, LONGEST_HEARD)}
        try:
            on.tracker.progress(job.turn_id, Stage.HEARD, result)
        except Unavailable:
            log.warning("speech.words_lost", turnId=job.turn_id)

    try:
        heard = on.listener.listen(coming, partial=tell)
    except AudioTooLong:
        raise
    except DomainError as problem:
        log.warning("speech.not_followed", turnId=job.turn_id, problem=type(problem).__name__)
        coming.wait()
        return None
    coming.wait()  # a decoder may have had enough before the end
    return heard


def _settle(coming: Coming, heard: Heard | None, job: FollowSpeech, on: Following) -> None:
    """Do what the end of a recording asks for."""
    match coming.outcome:
        case Outcome.CLOSED:
            return
        case Outcome.PARTED:
            on.jobs.enqueue(job.model_copy(update={"part": job.part + 1}))
        case Outcome.DROPPED:
            _refuse(SPEECH_DROPPED, job, on)
        case Outcome.LOST:
            _refuse(Unavailable.code, job, on)
        case Outcome.REFUSED:
            _refuse(coming.refusal or Invalid.code, job, on)
        case _:
            _hand_over(coming, heard, job, on)


def _hand_over(coming: Coming, heard: Heard | None, job: FollowSpeech, on: Following) -> None:
    """Queue the turn, and only then drop the recording; one that nobody could hear goes along in the bucket."""
    try:
        key = None if heard is not None else _kept(coming, job, on)
    except Invalid as problem:
        log.info("speech.unreadable", turnId=job.turn_id, problem=type(problem).__name__)
        _refuse(Invalid.code, job, on)
        return
    words = HeardWords(text=heard.text, confidence=heard.confidence, seconds=heard.seconds) if heard else None
    shared = job.model_dump(include={"turn_id", "request_id", "user_id", "conversation_id", "language", "again"})
    sent_at = coming.ended_at or timestamp(on.clock.now())
    on.jobs.enqueue(AnswerTurn(audio_key=key, heard=words, sent_at=sent_at, **shared))
    with suppress(Unavailable):  # a run after this one queues the same turn again, which is answered once
        on.takes.close(job.user_id, job.turn_id)


def _kept(coming: Coming, job: FollowSpeech, on: Following) -> str:
    recording = Recording.of(b"".join(coming.chunks))
    key = f"user-audio/{job.user_id}/{job.turn_id}.{recording.extension}"
    on.recordings.put(key, recording.content, recording.content_type)
    return key


def _refuse(code: str, job: FollowSpeech, on: Following) -> None:
    """End the turn with a code; the student is told, and what was held is free."""
    on.endings.refuse(job.turn_id, code, user_id=job.user_id, conversation_id=job.conversation_id)
    with suppress(Unavailable):  # it goes by itself in five minutes
        on.takes.discard(job.user_id, job.turn_id)
