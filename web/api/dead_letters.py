"""What the person on duty sees and steers, over HTTP: dead letters."""

from flask import Response
from flask_openapi.blueprint import APIBlueprint
from flask_openapi.models.tag import Tag

from shared.catalogue import job_type_of
from shared.domains.dead_letters.contract import (
    DeadLetterDetails,
    DeadLetterItem,
    DiscardDeadLetter,
    DryRun,
    EditDeadLetter,
    LetterGroups,
    LetterReplayed,
    ListDeadLetters,
    ReplayMatching,
)
from shared.domains.dead_letters.models import ReplayOutcome
from shared.domains.dead_letters.rules import mending, replaying, replaying_many, reviewing
from shared.domains.jobs.contract import JobAccepted
from shared.domains.jobs.service import record_job
from shared.kernel.contract import Contract
from shared.kernel.errors import Conflict, Text, Unavailable
from web.answers import answer, listed
from web.auth import current_principal, operators_only
from web.context import gateway
from web.documents.telling import refuses, tells, tells_page

blueprint = APIBlueprint(
    "dead_letters", __name__, url_prefix="/api/operations/dead-letters", abp_tags=[Tag(name="operations")]
)
SHOWN = Text("Dead letters", "배달 불능 작업")


class LetterPath(Contract):
    """Which letter."""

    letter_id: str


class ShowDeadLetter(Contract):
    """Whether people's words are shown too, which is noted."""

    reveal: bool = False


@blueprint.get("")
@operators_only
@tells_page("deadLetters", DeadLetterItem)
def list_dead_letters(query: ListDeadLetters) -> Response:
    """List letters, newest first."""
    context = gateway()
    scope = ["dead-letters", *query.wanted()]
    page = reviewing.list_dead_letters(
        query, position=context.cursors.decode(query.cursor, scope), letters=context.letters
    )
    return answer(SHOWN, listed("deadLetters", page, scope))


@blueprint.get("/groups")
@operators_only
@tells(LetterGroups)
def group_dead_letters() -> Response:
    """Count unsettled letters by their cause."""
    groups, is_whole = reviewing.group_dead_letters(letters=gateway().letters)
    return answer(SHOWN, LetterGroups(groups=groups, is_whole=is_whole))


@blueprint.get("/<letter_id>")
@operators_only
@tells(DeadLetterDetails)
def show_dead_letter(path: LetterPath, query: ShowDeadLetter) -> Response:
    """Show a letter; `?reveal=true` shows people's words, and is noted."""
    context = gateway()
    letter = reviewing.show_dead_letter(
        path.letter_id,
        current_principal().user_id,
        reveal=query.reveal,
        letters=context.letters,
        payloads=context.payloads,
        jobs=context.job_records,
        job_types=job_type_of,
        clock=context.clock,
    )
    return answer(SHOWN, letter)


@blueprint.patch("/<letter_id>")
@operators_only
@tells(DeadLetterItem)
@refuses(Conflict)
def edit_dead_letter(path: LetterPath, body: EditDeadLetter) -> Response:
    """Write a letter's arguments anew."""
    context = gateway()
    letter = mending.edit_dead_letter(
        path.letter_id,
        body,
        current_principal().user_id,
        letters=context.letters,
        payloads=context.payloads,
        job_types=job_type_of,
        clock=context.clock,
    )
    return answer(Text("Edited", "수정되었습니다"), DeadLetterItem.of(letter))


@blueprint.post("/<letter_id>/replay")
@operators_only
@tells(LetterReplayed)
def replay_dead_letter(path: LetterPath) -> Response:
    """Send a letter's job again; a second time does nothing."""
    outcome = replaying.replay_dead_letter(path.letter_id, current_principal().user_id, desk=gateway().replay_desk)
    is_sent = outcome is ReplayOutcome.SENT
    text = Text("Replayed", "재처리를 시작했습니다") if is_sent else Text("Nothing to replay", "재처리할 것이 없습니다")
    return answer(text, LetterReplayed(id=path.letter_id, replayed=is_sent, outcome=outcome))


@blueprint.post("/replay")
@operators_only
@tells(DryRun)
@tells(JobAccepted, status=202)
def replay_dead_letters(body: ReplayMatching) -> Response:
    """Send all open letters again that match, as a job; or say what that would come to."""
    context, by = gateway(), current_principal().user_id
    if body.dry_run:
        return answer(SHOWN, replaying_many.check_matching(body, desk=context.replay_desk))
    job_id = context.ids.new()
    record_job(job_id, replaying_many.KIND, by, jobs=context.job_records, clock=context.clock)
    try:
        context.jobs.enqueue(replaying_many.replay_job(body, job_id, by, context.clock.now()))
    except Unavailable:
        context.job_tracker.fail(job_id, Unavailable.code)
        raise
    return answer(Text("The replay begins", "재처리를 시작합니다"), JobAccepted(job_id=job_id), status=202)


@blueprint.post("/<letter_id>/discard")
@operators_only
@tells(DeadLetterItem)
def discard_dead_letter(path: LetterPath, body: DiscardDeadLetter) -> Response:
    """Be done with a letter, for a reason."""
    context = gateway()
    letter = mending.discard_dead_letter(
        path.letter_id, body, current_principal().user_id, letters=context.letters, clock=context.clock
    )
    return answer(Text("Discarded", "폐기되었습니다"), DeadLetterItem.of(letter))
