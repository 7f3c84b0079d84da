"""The rules of files in messages: offered to an author, and taken from that author only."""

from collections.abc import Callable

from shared.domains.messages.contract import RequestUpload
from shared.domains.messages.models import Author, MessageType
from shared.kernel.uploads import AUDIO_TYPES, IMAGE_TYPES, INCOMING, UploadOffer, UploadSigner, extension_of

Freeze = Callable[[str], str]
"""Copies an upload to its final name, which it returns."""
UPLOAD_TYPES = {MessageType.IMAGE: IMAGE_TYPES, MessageType.VOICE: AUDIO_TYPES}


def upload_prefix(room_id: str, user_id: str) -> str:
    """Return where a member's uploads for a room lie until a message names them."""
    return f"{INCOMING}{room_id}/{user_id}/"


def offer_upload(command: RequestUpload, author: Author, *, fresh_id: str, uploads: UploadSigner) -> UploadOffer:
    """Offer a presigned POST, bound to its type and size, for an image or a recording of a room.

    Raises:
        UnsupportedMediaType: the type is not taken for that kind of message.
        PayloadTooLarge: more than 10 MiB.
    """
    extension = extension_of(command.content_type, command.size, UPLOAD_TYPES[command.message_type])
    key = f"{upload_prefix(author.room_id, author.user_id)}{fresh_id}.{extension}"
    return uploads.offer(key, command.content_type, command.size)


def is_offered(key: str, message_type: MessageType, author: Author) -> bool:
    """Tell whether `offer_upload` could have named this key to this author, for this kind of message."""
    prefix, _, file = key.rpartition("/")
    name, _, extension = file.rpartition(".")
    is_theirs = f"{prefix}/" == upload_prefix(author.room_id, author.user_id)
    return is_theirs and bool(name) and extension in UPLOAD_TYPES[message_type].values()
