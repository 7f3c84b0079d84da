"""Voices over HTTP: of any text, of a room's messages, and of what the notebook says is better."""

import math
from typing import Annotated

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag
from pydantic import Field

from shared.domains.budgets.errors import BudgetSpent
from shared.domains.jobs.service import show_job
from shared.domains.messages.rules.reading import find_message
from shared.domains.notebook.contract import SayEntry
from shared.domains.notebook.rules.showing import better_words
from shared.domains.rooms.service import require_member
from shared.domains.voice.contract import RequestMessageVoice, RequestSpeech, SpeechQueued, SpeechReady, SpeechStatus
from shared.domains.voice.models import MessageVoice, Wish
from shared.domains.voice.rules import asking
from shared.kernel.budgets import BudgetState, Kind
from shared.kernel.contract import Contract
from shared.kernel.errors import Text
from web.answers import answer, data_answer
from web.api.rooms import RoomPath
from web.auth import current_principal
from web.context import gateway
from web.documents.telling import tells
from web.idempotency import request_scoped_id

blueprint = APIBlueprint("voice", __name__, abp_tags=[Tag(name="voice")])

UNIT = 100
"""Characters that are counted as one: each hit of a moving window costs Redis an entry."""
READY = Text("Voice ready", "음성이 준비되었습니다")
QUEUED = Text("The voice is being made", "음성을 만들고 있습니다")


class SpeechPath(Contract):
    """Which job."""

    job_id: str


class EntryPath(Contract):
    """Which entry of the notebook."""

    entry_id: Annotated[str, Field(max_length=128)]


class MessagePath(RoomPath):
    """Which message of which room."""

    message_id: str


@blueprint.post("/api/tts")
@tells(SpeechReady)
@tells(SpeechQueued, status=202)
def request_speech(body: RequestSpeech) -> Response:
    """Have a text spoken: the audio where it is there already, else a job."""
    settings = gateway().settings
    manner = asking.manner_of(body.voice, default=settings.polly_voice_id, engine=settings.polly_engine)
    fields, status = _ask(Wish(body.text, manner, current_principal().user_id))
    return answer(READY if status == 200 else QUEUED, fields, status)


@blueprint.get("/api/tts/status/<job_id>")
@tells(SpeechStatus)
def show_speech(path: SpeechPath) -> Response:
    """Show how far a voice is that one has asked for."""
    context = gateway()
    record = show_job(path.job_id, current_principal().user_id, jobs=context.job_records)
    return answer(READY if record.is_finished else QUEUED, asking.show_speech(record, audio=context.audio))


@blueprint.post("/rooms/<room_id>/messages/<message_id>/voice")
@tells(SpeechReady)
@tells(SpeechQueued, status=202)
def request_message_voice(path: MessagePath, body: RequestMessageVoice) -> Response:
    """Have a message of a room spoken."""
    context, user_id = gateway(), current_principal().user_id
    require_member(context.rooms.get(path.room_id), user_id)
    message = find_message(path.message_id, path.room_id, log=context.room_log, messages=context.messages)
    manner = asking.manner_of(body.voice, default="", engine=context.settings.polly_engine)
    voice_of = MessageVoice(room_id=path.room_id, message_id=path.message_id, role=body.voice)
    fields, status = _ask(Wish(message.content, manner, user_id, voice_of))
    return data_answer(READY if status == 200 else QUEUED, fields, status)


@blueprint.post("/api/notebook/<entry_id>/voice")
@tells(SpeechReady)
@tells(SpeechQueued, status=202)
def say_entry(path: EntryPath, body: SayEntry) -> Response:
    """Hear the better words of an entry of the notebook: the audio where it is there already, else a job."""
    context, user_id = gateway(), current_principal().user_id
    settings = context.settings
    manner = asking.manner_of(body.voice, default=settings.polly_voice_id, engine=settings.polly_engine)
    fields, status = _ask(Wish(better_words(path.entry_id, user_id, store=context.notebook), manner, user_id))
    return answer(READY if status == 200 else QUEUED, fields, status)


def _admit(wish: Wish, job_id: str) -> None:
    """Count what is to be spoken against its person's rates and budget.

    Raises:
        RateLimited: too many texts or characters in a minute, of this person or of all, or too many characters today.
    """
    context, user_id = gateway(), wish.user_id
    settings, cost = context.settings, math.ceil(len(wish.text) / UNIT)
    context.limits.check("tts", user_id, allowed=settings.spoken_texts_per_minute, seconds=60)
    own, all_together = settings.spoken_characters_per_minute, settings.spoken_characters_per_minute_of_all
    context.limits.check("tts-characters", user_id, allowed=own // UNIT, seconds=60, cost=cost)
    context.limits.check("tts-of-all", "all", allowed=all_together // UNIT, seconds=60, cost=cost)
    states = context.purse.hold(user_id, job_id, {Kind.SPOKEN_CHARACTERS: len(wish.text)})
    if states[Kind.SPOKEN_CHARACTERS] is BudgetState.SPENT:
        raise BudgetSpent


def _ask(wish: Wish) -> tuple[SpeechReady | SpeechQueued, int]:
    """Return the fields and the status of the answer to a wish."""
    context = gateway()
    job_id = request_scoped_id() or context.ids.new()
    ready = asking.request_speech(
        wish,
        job_id=job_id,
        admit=_admit,
        tracker=context.job_tracker,
        shelf=context.shelf,
        jobs=context.jobs,
        metrics=context.metrics,
    )
    return (ready, 200) if ready else (SpeechQueued(job_id=job_id), 202)
