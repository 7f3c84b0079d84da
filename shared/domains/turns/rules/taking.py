"""The rules of a recording that is sent while it is made: taken piece by piece, resumed after a cut, ended once."""

import base64
import binascii
from typing import NamedTuple

from shared.domains.turns.contract import CHUNK_BYTES, MOST_CHUNKS, EndSpeech, SendSpeech, StartSpeech
from shared.domains.turns.errors import (
    BrokenChunk,
    ChunkMissing,
    ChunkTooLarge,
    SpeechEnded,
    SpeechNotFound,
    TooManyTakes,
)
from shared.domains.turns.models import Asked, Fate, Student, Wish, turn_id_of
from shared.domains.turns.rules.asking import ask
from shared.domains.turns.rules.request import Asking
from shared.kernel.errors import DomainError, Unavailable
from shared.kernel.times import timestamp
from shared.kernel.uploads import AUDIO_TYPES, extension_of


class Awaited(NamedTuple):
    """A recording that is being made: its turn, the next chunk's index, and whether its answer is streamed."""

    asked: Asked
    next_index: int
    is_streamed: bool


def start_speech(command: StartSpeech, student: Student, *, asking: Asking) -> Awaited:
    """Take a recording from now on, and have a worker hear it as it comes; it counts as one request to the partner.

    The same requestId again is the same recording: the index says where it goes on, also after Redis lost what came.

    Raises:
        UnsupportedMediaType: no kind of recording that is taken.
        TooManyTakes, RateLimited: too many at once, or in a minute.
        ConversationNotFound, ConversationEnded: there is none of that id that takes turns.
        Unavailable: nothing was begun, or that is not known; the same request again is safe.
    """
    extension_of(command.content_type, 0, AUDIO_TYPES)
    turn_id = turn_id_of(student.user_id, command.request_id)
    record = asking.records.get(turn_id)
    if record is not None and record.is_finished:  # it failed, perhaps, and is tried anew
        asking.takes.discard(student.user_id, turn_id)
    opened = asking.takes.open(student.user_id, turn_id, is_streamed=command.stream)
    if opened is None:
        raise TooManyTakes
    wish = Wish(command.request_id, command.conversation_id, None, is_spoken=True)
    try:
        asked = ask(wish, student, asking=asking)
    except DomainError:
        if opened.is_new:
            asking.takes.discard(student.user_id, turn_id)
        raise
    if asked.answer is not None:
        asking.takes.discard(student.user_id, turn_id)
    return Awaited(asked, opened.next_index, command.stream)


def send_speech(command: SendSpeech, student: Student, *, asking: Asking) -> Asked:
    """Take a chunk; again changes nothing. What makes a recording too large ends its turn, and is told by that.

    Raises:
        BrokenChunk, ChunkTooLarge: it is no base64, or more than 32 KiB.
        ChunkMissing: one before it did not come; it says from which index on chunks are awaited.
        SpeechEnded: all was said already.
        SpeechNotFound: it was not begun, or was dropped.
        Unavailable: whether it was taken is unknown; again is safe.
    """
    turn_id, chunk = turn_id_of(student.user_id, command.request_id), _content(command.data)
    added = asking.takes.add(student.user_id, turn_id, command.index, chunk)
    if added.fate is Fate.UNKNOWN:
        raise SpeechNotFound
    if added.fate is Fate.EARLY:
        raise ChunkMissing(added.next_index)
    if added.fate is Fate.LATE:
        raise SpeechEnded
    return Asked(turn_id, None)


def end_speech(command: EndSpeech, student: Student, *, asking: Asking) -> Awaited:
    """Note that all was said: whoever hears it asks the partner. Again changes nothing, and finds the answer.

    Raises:
        SpeechNotFound: there is no such recording, and no such turn.
        Unavailable: whether it was noted is unknown; again is safe.
    """
    turn_id = turn_id_of(student.user_id, command.request_id)
    take = asking.takes.end(student.user_id, turn_id, timestamp(asking.clock.now()))
    if take is not None:
        return Awaited(Asked(turn_id, None), 0, take.is_streamed)
    live = asking.log.read(turn_id)
    if live is None and asking.records.get(turn_id) is None:
        raise SpeechNotFound
    return Awaited(Asked(turn_id, None, live.answer if live is not None else None), 0, is_streamed=False)


def is_streamed(turn_id: str, user_id: str, *, asking: Asking) -> bool:
    """Tell whether the student of a recording wants the answer's deltas; no where that is not known."""
    try:
        take = asking.takes.read(user_id, turn_id, MOST_CHUNKS)
    except Unavailable:
        return False
    return take is not None and take.is_streamed


def _content(data: str) -> bytes:
    try:
        content = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError) as problem:
        raise BrokenChunk from problem
    if not content:
        raise BrokenChunk
    if len(content) > CHUNK_BYTES:
        raise ChunkTooLarge
    return content
