"""The rules of answering a turn: heard, thought about and spoken, whatever dies meanwhile."""

from functools import partial
from math import ceil
from typing import Any

from shared.domains.conversations.errors import ConversationNotFound
from shared.domains.conversations.models import Conversation, Turn, fitting
from shared.domains.turns.contract import AnswerTurn
from shared.domains.turns.models import Ended, Going, HeardWords, Reply, Stage, Words, purposes_of
from shared.domains.turns.rules.correcting import Correcting
from shared.domains.turns.rules.finishing import finish_turn, store_reply
from shared.domains.turns.rules.prompting import reply_question
from shared.domains.turns.rules.run import Answering, Run, Timeline
from shared.domains.turns.rules.speaking import Delivery, usage_of
from shared.kernel.budgets import BudgetState, Kind
from shared.kernel.errors import DomainError, Invalid, Text, Unavailable
from shared.kernel.isolation import on_fault
from shared.kernel.logs import get_log
from shared.kernel.partner import Question, question_estimate
from shared.kernel.texts import plain

log = get_log()

LONGEST_RECORDING = 60
LONGEST_HEARD = 4000
SPENT = Text(
    "That is all for today: you have practised a lot. Let's talk again tomorrow!",
    "오늘은 여기까지예요. 정말 많이 연습했어요. 내일 다시 이야기해요!",
)
"""The answer to a student without any budget left."""
CHARACTERS_A_TOKEN = 4
"""Characters of English that a token is, by the vendors' rule of thumb: the most that an answer's voice may cost."""


def answer_turn(job: AnswerTurn, *, on: Answering) -> None:
    """Answer a student's turn: once, however often and by however many this is run.

    What the student was told is kept: a turn that was stopped, or that another run answered, is stored as it was told,
    without the model. One that was told as failed is answered for the table and the Job alone. Without the log nothing
    is heard while it is made, and all else is the same.

    Raises:
        Unavailable: something did not answer; another run begins anew, and nothing was spent.
        DomainError: no other run will succeed; the student was told.
    """
    run = Run(job, on, Timeline(job.sent_at, on.clock.now))
    run.times.mark("queued")
    turn = on.store.find_turn(job.turn_id)
    if turn is None:
        with on_fault(_undo, run):  # whatever it is, what was held for this run is free again
            turn = _answered(run)
    if turn is not None:
        finish_turn(turn, run)


def _answered(run: Run) -> Turn | None:
    """Return the turn as it was stored; None where it failed, or where another run answers it."""
    job, on = run.job, run.on
    try:
        run.live = on.log.begin(job.turn_id)
    except Unavailable:
        log.warning("turn.blind", turnId=job.turn_id)
    conversation = on.store.get(job.conversation_id)
    if conversation is None:
        raise ConversationNotFound
    told = _told(run)
    if told is not None:
        said = Words(job.heard.text, heard=True) if job.heard else Words(job.user_message or "")
        return store_reply(told, said, conversation, run)
    words = _listen(run)
    if words is None:
        _refuse(Invalid.code, run)
        return None
    reply = _replied(words, conversation, run)
    return store_reply(reply, words, conversation, run) if reply is not None else None


def _told(run: Run) -> Reply | None:
    """Return what the student was told already, or nothing to one who wants nothing; None where it is to be said."""
    known = run.live.answer if run.live else None
    if known is not None and known.status is Ended.COMPLETED:
        return Reply(known.response, stopped=bool(known.stopped))
    is_unwanted = run.live is not None and run.live.is_stopped
    return Reply("", stopped=True) if is_unwanted or run.on.tracker.is_cancelled(run.job.turn_id) else None


def _listen(run: Run) -> Words | None:
    """Return what the student said, by the recording, else in writing; None where neither is there."""
    job, on = run.job, run.on
    if job.heard is not None:
        return _heard_already(job.heard, run)
    written = Words(job.user_message) if job.user_message else None
    if job.audio_key is None:
        return written
    longest = {Kind.TRANSCRIBED_SECONDS: LONGEST_RECORDING}
    if BudgetState.SPENT in on.purse.hold(job.user_id, purposes_of(job.turn_id).heard, longest).values():
        return written
    try:
        heard = on.transcriber.hear(job.audio_key, partial=lambda words: _hear_partly(words, run))
    except Invalid as problem:
        log.info("turn.not_heard", turnId=job.turn_id, problem=type(problem).__name__)
        return written
    return _as_words(HeardWords(text=heard.text, confidence=heard.confidence, seconds=heard.seconds), run) or written


def _heard_already(heard: HeardWords, run: Run) -> Words | None:
    """Return what was heard while it was said; its seconds are held anew for a run after one that gave them back."""
    seconds = {Kind.TRANSCRIBED_SECONDS: ceil(heard.seconds)}
    run.on.purse.hold(run.job.user_id, purposes_of(run.job.turn_id).heard, seconds)
    return _as_words(heard, run)


def _as_words(heard: HeardWords, run: Run) -> Words | None:
    """Tell the student what was heard, and return it; None where there are no words."""
    run.times.mark("heard")
    run.seconds, text = ceil(heard.seconds), plain(heard.text, LONGEST_HEARD)
    if not text:
        return None
    found = {"conversationId": run.job.conversation_id, "heard": text, "confidence": heard.confidence}
    _tell(Stage.HEARD, run, found)
    return Words(text, heard=True, confidence=heard.confidence)


def _hear_partly(words: str, run: Run) -> None:
    """Tell the student which words are heard by now; they may change until the stage comes without `transcript`."""
    transcript = plain(words, LONGEST_HEARD)
    _tell(Stage.HEARD, run, {"conversationId": run.job.conversation_id, "transcript": transcript})


def _replied(words: Words, conversation: Conversation, run: Run) -> Reply | None:
    """Return what the partner says within the budget; None where another run answers the turn."""
    job, on = run.job, run.on
    run.turns = on.store.turns_of(job.conversation_id, after=conversation.summarized)
    ask = partial(
        reply_question,
        conversation.scene,
        conversation.summary,
        fitting([turn.exchange for turn in run.turns], on.window_tokens),
        words.text,
        first_message=conversation.first_message,
        is_winding_up=conversation.turn_count + 1 >= on.winds_up_after,
    )
    question = ask(most_tokens=on.answer_tokens)
    state = on.purse.hold(job.user_id, job.turn_id, {Kind.TOKENS: question_estimate(question)})[Kind.TOKENS]
    if state is BudgetState.SPENT:
        return Reply(SPENT.localized(job.language))
    if state is BudgetState.SHORTENED:
        question = ask(most_tokens=on.answer_tokens // 2, is_short=True)
    _tell(Stage.THINKING, run)
    run.correcting = Correcting(words.text, conversation.scene, on.partner.fill)
    return _spoken(question, run)


def _spoken(question: Question, run: Run) -> Reply | None:
    """Have the model speak; leaving the block early ends the paying too."""
    delivery = _delivery(run)
    with run.on.partner.speak(question) as pieces:
        going = delivery.deliver(pieces)
    run.times.mark("spoke")
    usage = usage_of(delivery.finished, question_estimate(question) - question.most_tokens, delivery.said)
    reply = Reply(delivery.said, usage, going is Going.STOPPED, tuple(delivery.spoken))
    if going is Going.OVER:
        return _overtaken(reply, run)
    if going is Going.ON and (delivery.finished is None or not delivery.said):
        raise Unavailable("The partner said nothing.", "AI 파트너가 응답하지 않습니다.")
    return reply


def _delivery(run: Run) -> Delivery:
    job, on, live = run.job, run.on, run.live

    def speak(sentence: str, index: int) -> bool:
        most = {Kind.SPOKEN_CHARACTERS: on.answer_tokens * CHARACTERS_A_TOKEN}
        purpose = purposes_of(job.turn_id).spoken
        if index == 0 and BudgetState.SPENT in on.purse.hold(job.user_id, purpose, most).values():
            return False
        on.narrator.say_sentence(sentence, user_id=job.user_id, request_id=job.request_id, index=index)
        return True

    def began() -> None:
        on.metrics.observe("turn_first_delta_seconds", run.times.mark("firstDelta") / 1000)
        _tell(Stage.SPEAKING, run)

    show = partial(on.log.say, job.turn_id, live.run) if live is not None and not run.is_over else None
    return Delivery(show, None if run.is_over else speak, began)


def _tell(stage: Stage, run: Run, result: dict[str, Any] | None = None) -> None:
    """Say how far the turn is; that this cannot be said must not cost what is being done."""
    try:
        run.on.tracker.progress(run.job.turn_id, stage, result)
    except Unavailable:
        log.warning("turn.stage_lost", turnId=run.job.turn_id, stage=stage.value)


def _overtaken(reply: Reply, run: Run) -> Reply | None:
    """Return what the turn was ended with meanwhile; None where another run is at it, which has all that is held.

    Raises:
        Unavailable: it was ended as failed, or is forgotten: another run answers it for the table alone.
    """
    live = run.on.log.read(run.job.turn_id)
    if live is not None and live.answer is None:
        log.info("turn.overtaken", turnId=run.job.turn_id, by=live.run)
        return None
    if live is None or live.answer is None or live.answer.status is Ended.FAILED:
        raise Unavailable("The turn was ended meanwhile.", "대화가 이미 끝났습니다.")
    return reply._replace(text=live.answer.response, stopped=bool(live.answer.stopped))


def _undo(problem: Exception, run: Run) -> None:
    """Free what was held for a run that failed, and tell the student where no other run will succeed."""
    if isinstance(problem, DomainError) and not isinstance(problem, Unavailable):
        _refuse(problem.code, run)
        return
    run.on.endings.give_back(run.job.turn_id, run.job.user_id)


def _refuse(code: str, run: Run) -> None:
    job = run.job
    run.on.endings.refuse(job.turn_id, code, user_id=job.user_id, conversation_id=job.conversation_id)
