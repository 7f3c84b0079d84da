"""The rules of finishing a turn: stored once, charged once, and everybody told."""

from shared.domains.conversations.contract import SummarizeConversation
from shared.domains.conversations.models import Conversation, Turn, fitting
from shared.domains.notebook.contract import NoteMistake
from shared.domains.notebook.models import Mistake, MistakeKind
from shared.domains.turns.models import Reply, Words, purposes_of
from shared.domains.turns.rules.run import Run
from shared.domains.turns.rules.storing import answer_of, charges_of, result_of, spoken_of, turn_of
from shared.kernel.budgets import Kind
from shared.kernel.errors import DomainError, Unavailable
from shared.kernel.logs import get_log
from shared.kernel.times import timestamp

log = get_log()

CORRECTION_SECONDS = 8.0
"""What a turn's Job waits for a correction after the answer was given."""


def store_reply(reply: Reply, words: Words, conversation: Conversation, run: Run) -> Turn:
    """Charge an answer, so that this is never forgotten, and store it, once; return the turn that is stored."""
    job, on = run.job, run.on
    for purpose, kind, amount in charges_of(job.turn_id, reply, run.seconds):
        if amount:
            on.purse.settle(job.user_id, purpose, {kind: amount})
        else:
            on.purse.give_back(job.user_id, purpose)
    turn = turn_of(job, conversation, words, reply, at=timestamp(on.clock.now()))
    stored = turn if on.store.add_turn(turn) else on.store.find_turn(job.turn_id)
    if stored is None:
        raise Unavailable("The turn cannot be read.", "잠시 후 다시 시도해 주세요.")
    return stored


def finish_turn(turn: Turn, run: Run) -> None:
    """Announce a stored turn, first to clients that wait, then for those that ask later. Again changes nothing."""
    job, on = run.job, run.on
    on.endings.end(job.turn_id, answer_of(turn))
    whole = run.times.mark("whole")
    if "spoke" in run.times.marks and not run.is_over and not turn.stopped:
        on.pace.note(whole)
    turn = _corrected(turn, run)
    _note_mistake(turn, run)
    on.tracker.complete(job.turn_id, result_of(_with_voice(turn, run)))
    _summarize([*run.turns, turn], run)
    on.metrics.observe("turn_seconds", whole / 1000)
    spent = {"modelInput": turn.input_tokens, "modelOutput": turn.output_tokens, "stopped": turn.stopped}
    number = run.live.run if run.live else 0
    ids = {"turnId": turn.turn_id, "conversationId": turn.conversation_id, "sentAt": job.sent_at}
    log.info("turn.done", **ids, run=number, **run.times.marks, **spent)


def _corrected(turn: Turn, run: Run) -> Turn:
    """Wait for the correction, charge and store it; return the turn with it, as it was where anything fails."""
    correction, tokens = run.correcting.wait(CORRECTION_SECONDS) if run.correcting else (None, 0)
    corrected = turn.model_copy(update={"correction": correction or turn.correction})
    try:
        if tokens:
            run.on.purse.settle(turn.user_id, purposes_of(turn.turn_id).correction, {Kind.TOKENS: tokens})
        if correction is not None:
            run.on.store.keep_correction(corrected)
    except Unavailable:
        log.warning("turn.correction_lost", turnId=turn.turn_id)
        return turn
    return corrected


def _note_mistake(turn: Turn, run: Run) -> None:
    """Have a correction noted in the student's notebook, once a turn; one that could not be queued is left out."""
    found = turn.correction
    if found is None:
        return
    mistake = Mistake(
        happening_id=f"turn-{turn.turn_id}",
        user_id=turn.user_id,
        kind=MistakeKind.CORRECTION,
        said=found.original,
        better=found.better,
        why=found.why or None,
        source="partner",
        at=turn.answered_at,
    )
    try:
        run.on.jobs.enqueue(NoteMistake(mistake=mistake))
    except Unavailable:
        log.warning("turn.mistake_not_noted", turnId=turn.turn_id)


def _with_voice(turn: Turn, run: Run) -> Turn:
    """Have the whole answer spoken, where its sentences were; return the turn without its voice where that failed."""
    if turn.audio_job_id is None:
        return turn
    try:
        run.on.narrator.say_whole(spoken_of(turn), user_id=turn.user_id, job_id=turn.audio_job_id)
    except DomainError as problem:
        log.warning("turn.not_spoken", turnId=turn.turn_id, code=problem.code)
        return turn.model_copy(update={"audio_job_id": None})
    return turn


def _summarize(turns: list[Turn], run: Run) -> None:
    """Have old turns summarised where the model could not be shown them all; a later turn asks again."""
    up_to, whose = summarizable(turns, run.on.window_tokens), run.job.conversation_id
    if up_to is None:
        return
    try:
        run.on.jobs.enqueue(SummarizeConversation(conversation_id=whose, user_id=run.job.user_id, up_to=up_to))
    except Unavailable:
        log.warning("turn.not_summarized", conversationId=whose)


def summarizable(turns: list[Turn], window_tokens: int) -> int | None:
    """Return the number of the last turn that is to be summarised; None while the model is shown them all.

    What fits into half of the window is kept, so that a summary is made now and then and not after each turn.
    """
    exchanges = [turn.exchange for turn in turns]
    if len(fitting(exchanges, window_tokens)) == len(exchanges):
        return None
    return turns[-len(fitting(exchanges, window_tokens // 2)) - 1].number
