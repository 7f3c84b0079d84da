"""Tasks of conversations."""

from functools import partial

from shared.domains.conversations.contract import (
    AnswerRoom,
    OpenConversation,
    ReportConversation,
    SummarizeConversation,
)
from shared.domains.conversations.rules import beginning, reporting, speaking_in_rooms, summarizing
from shared.domains.messages.contract import ListMessages
from shared.domains.messages.rules import posting, reading
from shared.domains.rooms.service import member_names
from shared.wiring import WorkerContext
from workers.handling import handles


@handles(OpenConversation)
def open_conversation(job: OpenConversation, context: WorkerContext) -> None:
    """Open a conversation and tell the client that waits."""
    beginning.open_conversation(job, backstage=context.backstage)


@handles(ReportConversation)
def report_conversation(job: ReportConversation, context: WorkerContext) -> None:
    """Report on a conversation that has ended."""
    reporting.report_conversation(job, backstage=context.backstage)


@handles(SummarizeConversation)
def summarize_conversation(job: SummarizeConversation, context: WorkerContext) -> None:
    """Sum up what the model is not shown any more."""
    summarizing.summarize_conversation(job, backstage=context.backstage)


@handles(AnswerRoom)
def answer_room(job: AnswerRoom, context: WorkerContext) -> None:
    """Have the partner say something in a room, once, and tell the asker."""
    recent = reading.list_messages(
        ListMessages(), job.room_id, position=None, log=context.room_log, messages=context.messages, sign=str
    )
    names_in = partial(member_names, rooms=context.rooms)
    text = speaking_in_rooms.answer_room(job, recent=recent.items, names_in=names_in, backstage=context.backstage)
    if text is not None:
        said = posting.say_as_partner(
            job.room_id,
            text,
            message_id=job.message_id,
            log=context.room_log,
            messages=context.messages,
            jobs=context.jobs,
            clock=context.clock,
        )
        context.job_tracker.complete(job.job_id, {"roomId": job.room_id, "messageId": said.message.message_id})
