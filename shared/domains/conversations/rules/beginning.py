"""The rules of beginning a conversation: asked for at the gateway, opened by a worker, once."""

from shared.domains.conversations.contract import ConversationOpened, OpenConversation, StartConversation
from shared.domains.conversations.models import OPENING, Conversation, Opening
from shared.domains.conversations.rules.backstage import Backstage
from shared.domains.conversations.rules.paying import filled_form, held
from shared.domains.conversations.rules.prompting import opening_question, plain_opening, read_opening
from shared.domains.conversations.rules.reading import owned_conversation
from shared.kernel.budgets import Kind
from shared.kernel.ports import JobQueue, JobTracker
from shared.kernel.times import timestamp
from shared.kernel.uuids import named_uuid

OPENING_TRIES = 2


def start_conversation(
    command: StartConversation,
    *,
    user_id: str,
    language: str,
    level_of_account: str | None,
    job_id: str,
    tracker: JobTracker,
    jobs: JobQueue,
) -> None:
    """Have a conversation opened; the same job id again opens the same one.

    Without a level it is the account's, else intermediate.

    Raises:
        Unavailable: it could not be recorded or queued; asking again with the same job id is safe.
    """
    scene = command.scene(language, level_of_account)
    tracker.record(job_id, OPENING, user_id)
    conversation_id = named_uuid(f"conversation\n{job_id}")
    jobs.enqueue(OpenConversation(job_id=job_id, conversation_id=conversation_id, user_id=user_id, scene=scene))


def open_conversation(job: OpenConversation, *, backstage: Backstage) -> None:
    """Open a conversation: ask for its beginning, store it, have it spoken, tell the client. Repetition stores once.

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
    with held(job.user_id, audio_job_id, characters, backstage.purse) as may_speak:
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
        return owned_conversation(job.conversation_id, job.user_id, backstage.store)


def _opening(job: OpenConversation, backstage: Backstage) -> Opening:
    question = opening_question(job.scene)
    for number in range(OPENING_TRIES):
        fields = filled_form(question, job.user_id, f"{job.job_id}-{number}", backstage)
        opening = read_opening(fields) if fields is not None else None
        if fields is None or opening is not None:
            return opening or plain_opening(job.scene)
    return plain_opening(job.scene)
