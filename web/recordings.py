"""Recordings that come with a form: looked at, and streamed to the bucket."""

import os
from contextlib import suppress

from flask_openapi.models.file import FileStorage

from shared.domains.accounts.contract import TellOfRecordings
from shared.kernel.errors import PayloadTooLarge, Unavailable, UnsupportedMediaType
from shared.kernel.recordings import FEWEST_BYTES, MOST_BYTES, AudioTooLarge, UnreadableAudio, container_of
from shared.kernel.times import timestamp
from web.auth import authenticator
from web.context import gateway

NO_RECORDING = (
    "A recording is webm, ogg, m4a, mp3, wav or flac.",
    "녹음은 webm, ogg, m4a, mp3, wav, flac 형식이어야 합니다.",
)
HEAD_BYTES = 64
"""What is looked at to tell the kind of a file."""


def tell_at_the_first(user_id: str) -> None:
    """Have a student told what becomes of recordings, at the first of theirs; no recording waits or fails for it."""
    account = authenticator().known(user_id)
    if account is None or account.told_of_recordings:
        return
    with suppress(Unavailable):
        context = gateway()
        context.jobs.enqueue(TellOfRecordings(user_id=user_id, at=timestamp(context.clock.now())))


def stored_recording(file: FileStorage, user_id: str, name: str) -> str:
    """Stream a recording to the bucket and return its key; the same name again overwrites it with the same.

    Werkzeug keeps what is longer than half a megabyte on the disk, so that a gateway never holds a recording in memory.

    Raises:
        PayloadTooLarge: more than ten mebibytes.
        UnsupportedMediaType: it is no kind of recording that is taken, by its first bytes, whatever it is called.
        UnreadableAudio: it is empty.
        Unavailable: the bucket does not answer.
    """
    size = file.stream.seek(0, os.SEEK_END)
    file.stream.seek(0)
    if size > MOST_BYTES:
        raise PayloadTooLarge(*AudioTooLarge().text)
    if size < FEWEST_BYTES:
        raise UnreadableAudio
    container = container_of(file.stream.read(HEAD_BYTES))
    file.stream.seek(0)
    if container is None:
        raise UnsupportedMediaType(*NO_RECORDING)
    key = f"user-audio/{user_id}/{name}.{container.name}"
    gateway().audio.put(key, file.stream, container.content_type)
    return key
