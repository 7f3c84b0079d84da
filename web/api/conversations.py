"""Conversations with the AI partner over HTTP, and the partner in rooms."""

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag

from shared.domains.conversations.contract import (
    AskRoomPartner,
    ConversationDetails,
    ConversationItem,
    ConversationOpened,
    ConversationReported,
    ListConversations,
    StartConversation,
)
from shared.domains.conversations.rules import beginning, reading, reporting, speaking_in_rooms
from shared.domains.jobs.contract import JobAccepted
from shared.domains.rooms.service import require_member
from shared.kernel.contract import Contract
from shared.kernel.errors import Text
from web.answers import answer, data_answer, listed
from web.api.rooms import RoomPath
from web.auth import current_principal
from web.context import gateway
from web.documents.telling import tells, tells_page, tells_when_ready
from web.throttling import count_partner_request
from web.waiting import ACCEPTED, Patience, awaited, finished

blueprint = APIBlueprint("conversations", __name__, abp_tags=[Tag(name="AI partner")])

SHOWN = Text("Conversations", "대화 목록")


class ConversationPath(Contract):
    """Which conversation."""

    conversation_id: str


@blueprint.post("/api/ai/chat/start")
@tells_when_ready(ConversationOpened)
def start_conversation(body: StartConversation, query: Patience) -> Response:
    """Begin a conversation; the partner sets the scene and speaks first."""
    context, principal = gateway(), current_principal()
    job_id = count_partner_request()
    account = context.accounts.get(principal.user_id)
    beginning.start_conversation(
        body,
        user_id=principal.user_id,
        language=principal.language,
        level_of_account=account.level if account else None,
        job_id=job_id,
        tracker=context.job_tracker,
        jobs=context.jobs,
    )
    return awaited(job_id, query, Text("Conversation started", "대화를 시작했습니다"))


@blueprint.get("/api/ai/conversations")
@tells_page("conversations", ConversationItem)
def list_conversations(query: ListConversations) -> Response:
    """List one's conversations, newest first."""
    context, user_id = gateway(), current_principal().user_id
    scope = ["conversations", user_id]
    page = reading.list_conversations(
        query, user_id, position=context.cursors.decode(query.cursor, scope), store=context.conversations
    )
    return answer(SHOWN, listed("conversations", page, scope))


@blueprint.get("/api/ai/conversations/<conversation_id>")
@tells(ConversationDetails)
def show_conversation(path: ConversationPath) -> Response:
    """Show a conversation with its turns, and its report once it has ended."""
    details = reading.show_conversation(
        path.conversation_id, current_principal().user_id, store=gateway().conversations
    )
    return answer(Text("Conversation", "대화"), details)


@blueprint.post("/api/ai/conversations/<conversation_id>/end")
@tells_when_ready(ConversationReported)
def end_conversation(path: ConversationPath, query: Patience) -> Response:
    """End a conversation and report on the student's English in it."""
    context = gateway()
    job_id = reporting.end_conversation(
        path.conversation_id,
        current_principal().user_id,
        tracker=context.job_tracker,
        store=context.conversations,
        jobs=context.jobs,
        clock=context.clock,
    )
    job = finished(job_id, query)
    if job is None:
        return answer(ACCEPTED, JobAccepted(job_id=job_id), status=202)
    result = job.result or {}
    report = ConversationReported.model_validate({"conversationId": path.conversation_id, **result.get("report", {})})
    return answer(Text("Conversation ended", "대화를 마쳤습니다"), report)


@blueprint.post("/rooms/<room_id>/ai")
@tells(JobAccepted, status=202)
def ask_room_partner(path: RoomPath, body: AskRoomPartner) -> Response:
    """Have the partner say something in a room."""
    context, user_id = gateway(), current_principal().user_id
    room = context.rooms.get(path.room_id)
    require_member(room, user_id)
    job_id = count_partner_request()
    speaking_in_rooms.ask_room_partner(
        body,
        room_id=room.room_id,
        level=room.level,
        user_id=user_id,
        job_id=job_id,
        tracker=context.job_tracker,
        jobs=context.jobs,
    )
    return data_answer(
        Text("The partner is answering", "AI 파트너가 답하고 있습니다"), JobAccepted(job_id=job_id), status=202
    )
