"""The rules of the partner in rooms: asked for by a member, said once."""

from shared.domains.conversations.contract import AnswerRoom, AskRoomPartner
from shared.domains.conversations.models import ROOM
from shared.domains.conversations.ports import MemberNames
from shared.domains.conversations.rules.backstage import Backstage
from shared.domains.conversations.rules.paying import held
from shared.domains.conversations.rules.prompting import ROOM_CLOSING, room_question
from shared.domains.messages.contract import MessageItem
from shared.domains.messages.models import PARTNER_ID
from shared.domains.rooms.errors import RoomNotFound
from shared.kernel.budgets import Kind
from shared.kernel.errors import Unavailable
from shared.kernel.partner import Finished, Question, question_estimate
from shared.kernel.ports import JobQueue, JobTracker
from shared.kernel.texts import plain

LONGEST_SAID = 4_000


def ask_room_partner(
    command: AskRoomPartner, *, room_id: str, level: str, user_id: str, job_id: str, tracker: JobTracker, jobs: JobQueue
) -> None:
    """Have the partner say something in a room; the caller knows that the asker is a member."""
    tracker.record(job_id, ROOM, user_id)
    jobs.enqueue(AnswerRoom(job_id=job_id, room_id=room_id, user_id=user_id, level=level, prompt=command.prompt))


def answer_room(
    job: AnswerRoom, *, recent: list[MessageItem], names_in: MemberNames, backstage: Backstage
) -> str | None:
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
        names = {PARTNER_ID: "AI partner"} | names_in(job.room_id)
    except RoomNotFound:
        backstage.tracker.fail(job.job_id, RoomNotFound.code)
        return None
    before = next((one.content for one in recent if one.message_id == job.message_id), None)
    if before is not None:
        return before
    backstage.tracker.progress(job.job_id, "thinking")
    said = [(names.get(one.user_id, "Somebody"), one.content) for one in reversed(recent)]
    question = room_question(job.level, said, job.prompt)
    with held(job.user_id, job.job_id, {Kind.TOKENS: question_estimate(question)}, backstage.purse) as may_ask:
        return _said(question, job, backstage) if may_ask else ROOM_CLOSING


def _said(question: Question, job: AnswerRoom, backstage: Backstage) -> str:
    with backstage.partner.speak(question) as pieces:
        heard = list(pieces)
    ends = [one for one in heard if isinstance(one, Finished)]
    text = plain("".join(one for one in heard if isinstance(one, str)), LONGEST_SAID)
    if not text:
        raise Unavailable("The partner said nothing.", "AI 파트너가 아무 말도 하지 않았습니다.")
    backstage.purse.settle(job.user_id, job.job_id, {Kind.TOKENS: sum(one.usage.total for one in ends)})
    return text
