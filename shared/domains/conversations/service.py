"""The rules of conversations: asked for at the gateway, opened, reported on and summed up by workers, each once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from shared.domains.budgets.models import BudgetState, Kind
from shared.domains.conversations.contract import (
    AnswerRoom,
    AskRoomPartner,
    ConversationDetails,
    ConversationItem,
    ConversationOpened,
    ListConversations,
    OpenConversation,
    ReportConversation,
    StartConversation,
    SummarizeConversation,
)
from shared.domains.conversations.errors import ConversationEnded, ConversationNotFound
from shared.domains.conversations.models import OPENING, REPORT, ROOM, Conversation, Turn, best_corrections
from shared.domains.conversations.ports import Backstage, ConversationStore, Purse, RoomReader
from shared.domains.messages.contract import MessageItem
from shared.domains.messages.models import PARTNER_ID
from shared.domains.partner.contract import (
    ROOM_CLOSING,
    opening_question,
    plain_opening,
    plain_report,
    read_opening,
    read_report,
    read_summary,
    report_question,
    room_question,
    summary_question,
)
from shared.domains.partner.models import Opening, Report, fitting, plain, question_estimate
from shared.domains.rooms.errors import RoomNotFound
from shared.kernel.errors import Unavailable
from shared.kernel.pages import Page, Position
from shared.kernel.partner import Filled, Finished, Question
from shared.kernel.ports import Clock, JobQueue
from shared.kernel.times import timestamp
from shared.kernel.uuids import named_uuid

RECORD_TOKENS = 6_000
"""Tokens of a conversation that a report or a summary is made from; of a longer one the newest turns."""
OPENING_TRIES = 2
LONGEST_SAID = 4_000

Start = Callable[[str, str], object]  # records a job, by its id and its kind; the same id again changes nothing


def start_conversation(
    command: StartConversation,
    *,
    user_id: str,
    language: str,
    level_of_account: str | None,
    job_id: str,
    start: Start,
    jobs: JobQueue,
) -> None:
    """Have a conversation opened; the same job id again opens the same one.

    Without a level it is the account's, else intermediate.

    Raises:
        Unavailable: it could not be recorded or queued; asking again with the same job id is safe.
    """
    scene = command.scene(language, level_of_account)
    start(job_id, OPENING)
    conversation_id = named_uuid(f"conversation\n{job_id}")
    jobs.enqueue(OpenConversation(job_id=job_id, conversation_id=conversation_id, user_id=user_id, scene=scene))


def list_conversations(
    command: ListConversations, user_id: str, *, position: Position | None, store: ConversationStore
) -> Page[ConversationItem]:
    """Return a user's conversations, newest first."""
    found = store.list_of(user_id, position=position, limit=command.limit)
    return Page([ConversationItem.of(one) for one in found.items], found.position)


def show_conversation(conversation_id: str, user_id: str, *, store: ConversationStore) -> ConversationDetails:
    """Return a conversation to its owner, with all its turns.

    Raises:
        ConversationNotFound: there is none, or it is somebody else's.
    """
    return ConversationDetails.told(_owned(conversation_id, user_id, store), _turns(conversation_id, store))


def _owned(conversation_id: str, user_id: str, store: ConversationStore) -> Conversation:
    found = store.get(conversation_id)
    if found is None or found.user_id != user_id:
        raise ConversationNotFound
    return found


def _turns(conversation_id: str, store: ConversationStore) -> list[Turn]:
    turns: list[Turn] = []
    while more := store.turns_of(conversation_id, after=turns[-1].number if turns else 0):
        turns += more
    return turns


def end_conversation(
    conversation_id: str, user_id: str, *, start: Start, store: ConversationStore, jobs: JobQueue, clock: Clock
) -> str:
    """End a conversation at once, have its report written, and return the id of the job of that.

    The report is queued first, and its worker ends the conversation too: one that has ended always gets its report.
    Asked for by two at once it is one job, since its id is made of the conversation's.

    Raises:
        ConversationNotFound: there is none, or it is somebody else's.
        ConversationEnded: it has ended before.
        Unavailable: it could not be queued, then it goes on; or not be ended yet, then the worker does so.
    """
    found = _owned(conversation_id, user_id, store)
    if found.has_ended:
        raise ConversationEnded
    job_id = named_uuid(f"report\n{conversation_id}")
    start(job_id, REPORT)
    jobs.enqueue(ReportConversation(job_id=job_id, conversation_id=conversation_id, user_id=user_id, scene=found.scene))
    store.end(conversation_id, timestamp(clock.now()))
    return job_id


def ask_room_partner(
    command: AskRoomPartner, *, room_id: str, level: str, user_id: str, job_id: str, start: Start, jobs: JobQueue
) -> None:
    """Have the partner say something in a room; the caller knows that the asker is a member."""
    start(job_id, ROOM)
    jobs.enqueue(AnswerRoom(job_id=job_id, room_id=room_id, user_id=user_id, level=level, prompt=command.prompt))


def open_conversation(job: OpenConversation, *, backstage: Backstage) -> None:
    """Open a conversation: ask for its beginning, store it, have it spoken, tell who waits. Repetition stores once.

    A beginning that is unusable twice, or beyond the user's budget, is replaced by a plain one.

    Raises:
        Unavailable: something did not answer; another run goes on where this one stopped.
        PartnerRefused: the model does not serve us.
    """
    if backstage.tracker.is_cancelled(job.job_id):
        return
    found = backstage.store.get(job.conversation_id) or _opened(job, backstage)
    if found.audio_job_id is not None:
        backstage.narrator.say_whole([found.first_message], user_id=job.user_id, job_id=found.audio_job_id)
        characters = {Kind.SPOKEN_CHARACTERS: len(found.first_message)}
        backstage.purse.settle(job.user_id, found.audio_job_id, characters)
    backstage.tracker.complete(job.job_id, ConversationOpened.of(found).wire())


def _opened(job: OpenConversation, backstage: Backstage) -> Conversation:
    backstage.tracker.progress(job.job_id, "thinking")
    opening = _opening(job, backstage)
    audio_job_id = named_uuid(f"voice\n{job.job_id}")
    characters = {Kind.SPOKEN_CHARACTERS: len(opening.first_message)}
    with _held(job.user_id, audio_job_id, characters, backstage.purse) as may_speak:
        conversation = Conversation(
            conversation_id=job.conversation_id,
            user_id=job.user_id,
            scene=job.scene.model_copy(update={"situation": opening.situation}),
            first_message=opening.first_message,
            audio_job_id=audio_job_id if may_speak else None,
            started_at=timestamp(backstage.clock.now()),
        )
        if backstage.store.add(conversation):
            return conversation
        return _owned(job.conversation_id, job.user_id, backstage.store)


def _opening(job: OpenConversation, backstage: Backstage) -> Opening:
    question = opening_question(job.scene)
    for number in range(OPENING_TRIES):
        fields = _filled(question, job.user_id, f"{job.job_id}-{number}", backstage)
        opening = read_opening(fields) if fields is not None else None
        if fields is None or opening is not None:
            return opening or plain_opening(job.scene)
    return plain_opening(job.scene)


@contextmanager
def _held(user_id: str, purpose: str, amounts: dict[Kind, int], purse: Purse) -> Iterator[bool]:
    """Hold amounts while something is done, and give them back where it fails; tell whether they may be spent."""
    states = purse.hold(user_id, purpose, amounts)
    try:
        yield BudgetState.SPENT not in states.values()
    except Exception:  # whatever it is, nothing came of it
        purse.give_back(user_id, purpose)
        raise


def _filled(question: Question, user_id: str, purpose: str, backstage: Backstage) -> dict[str, Any] | None:
    """Return a form's fields, paid by the user; None where the budget is spent."""
    with _held(user_id, purpose, {Kind.TOKENS: question_estimate(question)}, backstage.purse) as may_ask:
        filled: Filled | None = backstage.partner.fill(question) if may_ask else None
    if filled is None:
        return None
    backstage.purse.settle(user_id, purpose, {Kind.TOKENS: filled.usage.total})
    return filled.fields


def report_conversation(job: ReportConversation, *, backstage: Backstage) -> None:
    """End a conversation where that is not done, store its report and tell who waits. Repetition asks no more.

    Without a turn, beyond the budget, and where the model gives nothing usable, the report is a plain one.

    Raises:
        Unavailable: something did not answer; another run goes on where this one stopped.
        ConversationNotFound, PartnerRefused: no other run helps.
    """
    store = backstage.store
    store.end(job.conversation_id, timestamp(backstage.clock.now()))
    found = _owned(job.conversation_id, job.user_id, store)
    report = found.report
    if report is None:
        report = _report(found, job.job_id, backstage)
        store.keep_report(job.conversation_id, report)
    told = {"conversationId": job.conversation_id, "report": report.wire()}
    backstage.tracker.complete(job.job_id, told)


def _report(found: Conversation, job_id: str, backstage: Backstage) -> Report:
    turns = _turns(found.conversation_id, backstage.store)
    corrections = best_corrections(turns)
    simple = plain_report(found.scene, corrections, len(turns))
    if not turns:
        return simple
    backstage.tracker.progress(job_id, "thinking")
    exchanges = fitting([one.exchange for one in turns], RECORD_TOKENS)
    fields = _filled(report_question(found.scene, exchanges, corrections), found.user_id, job_id, backstage)
    return read_report(fields or {}, corrections, len(turns)) or simple


def summarize_conversation(job: SummarizeConversation, *, backstage: Backstage) -> None:
    """Store a summary of the turns up to a number, on top of the one that is there; where one reaches as far, nothing.

    Beyond the budget, and where the model gives nothing usable, nothing is stored: a later turn asks anew.
    """
    found = backstage.store.get(job.conversation_id)
    if found is None or found.summarized >= job.up_to:
        return
    turns = [one for one in _turns(job.conversation_id, backstage.store) if found.summarized < one.number <= job.up_to]
    if not turns:
        return
    exchanges = fitting([one.exchange for one in turns], RECORD_TOKENS)
    question = summary_question(found.scene, found.summary, exchanges)
    fields = _filled(question, found.user_id, f"summary-{job.conversation_id}-{job.up_to}", backstage)
    summary = read_summary(fields or {})
    if summary is not None:
        backstage.store.keep_summary(job.conversation_id, summary, summarized=turns[-1].number)


def answer_room(job: AnswerRoom, *, recent: list[MessageItem], rooms: RoomReader, backstage: Backstage) -> str | None:
    """Return what the partner says in a room, where `recent` are the newest messages, newest first.

    None where it was cancelled, or where the room is gone: then the job has failed as NOT_FOUND. Beyond the asker's
    budget it is a polite closing sentence. What was said already is not asked again. The caller says it and completes
    the job.

    Raises:
        Unavailable: something did not answer; another run asks anew, and says it under the same message id.
        PartnerRefused: the model does not serve us.
    """
    if backstage.tracker.is_cancelled(job.job_id):
        return None
    try:
        names = _names(job.room_id, rooms)
    except RoomNotFound:
        backstage.tracker.fail(job.job_id, RoomNotFound.code)
        return None
    before = next((one.content for one in recent if one.message_id == job.message_id), None)
    if before is not None:
        return before
    backstage.tracker.progress(job.job_id, "thinking")
    said = [(names.get(one.user_id, "Somebody"), one.content) for one in reversed(recent)]
    question = room_question(job.level, said, job.prompt)
    with _held(job.user_id, job.job_id, {Kind.TOKENS: question_estimate(question)}, backstage.purse) as may_ask:
        return _said(question, job, backstage) if may_ask else ROOM_CLOSING


def _names(room_id: str, rooms: RoomReader) -> dict[str, str]:
    rooms.get(room_id)
    return {PARTNER_ID: "AI partner"} | {one.user_id: one.name for one in rooms.members(room_id)}


def _said(question: Question, job: AnswerRoom, backstage: Backstage) -> str:
    with backstage.partner.speak(question) as pieces:
        heard = list(pieces)
    ends = [one for one in heard if isinstance(one, Finished)]
    text = plain("".join(one for one in heard if isinstance(one, str)), LONGEST_SAID)
    if not text:
        raise Unavailable("The partner said nothing.", "AI 파트너가 아무 말도 하지 않았습니다.")
    backstage.purse.settle(job.user_id, job.job_id, {Kind.TOKENS: sum(one.usage.total for one in ends)})
    return text
