"""A room's messages over HTTP: history, and where to put uploads."""

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag

from shared.domains.messages.contract import ListMessages, MessageItem, RequestUpload
from shared.domains.messages.models import Author
from shared.domains.messages.rules import reading, uploading
from shared.domains.rooms.service import require_member
from shared.kernel.errors import PayloadTooLarge, Text, UnsupportedMediaType
from shared.kernel.uploads import UploadOffer
from web.answers import data_answer, listed
from web.api.rooms import RoomPath
from web.auth import current_principal
from web.context import gateway
from web.documents.telling import refuses, tells, tells_page
from web.throttling import count_upload

blueprint = APIBlueprint("messages", __name__, url_prefix="/rooms", abp_tags=[Tag(name="messages")])


@blueprint.get("/<room_id>/messages")
@tells_page("messages", MessageItem)
def list_messages(path: RoomPath, query: ListMessages) -> Response:
    """List a room's messages, newest first."""
    context = gateway()
    require_member(context.rooms.get(path.room_id), current_principal().user_id)
    scope = ["messages", path.room_id]
    page = reading.list_messages(
        query,
        path.room_id,
        position=context.cursors.decode(query.cursor, scope),
        log=context.room_log,
        messages=context.messages,
        sign=context.uploads.signed_url,
    )
    return data_answer(Text("Messages retrieved", "메시지를 조회했습니다"), listed("messages", page, scope))


@blueprint.post("/<room_id>/uploads")
@tells(UploadOffer)
@refuses(PayloadTooLarge, UnsupportedMediaType)
def request_upload(path: RoomPath, body: RequestUpload) -> Response:
    """Offer a place for an image or a recording."""
    context, principal = gateway(), current_principal()
    require_member(context.rooms.get(path.room_id), principal.user_id)
    offer = uploading.offer_upload(
        body, Author(principal.user_id, path.room_id), fresh_id=context.ids.new(), uploads=context.uploads
    )
    count_upload(principal.user_id, body.size)
    return data_answer(Text("Upload offered", "업로드 주소를 발급했습니다"), offer)
