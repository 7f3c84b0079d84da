"""The rules of ending a conversation: it takes no more turns, and has one report."""

from shared.domains.conversations.contract import ReportConversation
from shared.domains.conversations.errors import ConversationEnded
from shared.domains.conversations.models import REPORT, Conversation, Report, best_corrections, fitting
from shared.domains.conversations.ports import ConversationStore
from shared.domains.conversations.rules.backstage import Backstage
from shared.domains.conversations.rules.paying import filled_form
from shared.domains.conversations.rules.prompting import RECORD_TOKENS, plain_report, read_report, report_question
from shared.domains.conversations.rules.reading import all_turns, owned_conversation
from shared.kernel.ports import Clock, JobQueue, JobTracker
from shared.kernel.times import timestamp
from shared.kernel.uuids import named_uuid


def end_conversation(
    conversation_id: str, user_id: str, *, store: ConversationStore, tracker: JobTracker, jobs: JobQueue, clock: Clock
) -> str:
    """End a conversation at once, have its report written, and return the id of the job of that.

    The report is queued first, and its worker ends the conversation too: one that has ended always gets its report.
    Asked for by two at once it is one job, since its id is made of the conversation's.

    Raises:
        ConversationNotFound: there is none, or it is somebody else's.
        ConversationEnded: it has ended before.
        Unavailable: it could not be queued, then it goes on; or not be ended yet, then the worker does so.
    """
    found = owned_conversation(conversation_id, user_id, store)
    if found.has_ended:
        raise ConversationEnded
    job_id = named_uuid(f"report\n{conversation_id}")
    tracker.record(job_id, REPORT, user_id)
    jobs.enqueue(ReportConversation(job_id=job_id, conversation_id=conversation_id, user_id=user_id, scene=found.scene))
    store.end(conversation_id, timestamp(clock.now()))
    return job_id


def report_conversation(job: ReportConversation, *, backstage: Backstage) -> None:
    """End a conversation where that is not done, store its report and tell the client. Repetition asks no more.

    Without a turn, beyond the budget, and where the model gives nothing usable, the report is a plain one.

    Raises:
        Unavailable: something did not answer; another run goes on where this one stopped.
        ConversationNotFound, PartnerRefused: no other run helps.
    """
    store = backstage.store
    store.end(job.conversation_id, timestamp(backstage.clock.now()))
    found = owned_conversation(job.conversation_id, job.user_id, store)
    report = found.report
    if report is None:
        report = _report(found, job.job_id, backstage)
        store.keep_report(job.conversation_id, report)
    told = {"conversationId": job.conversation_id, "report": report.wire()}
    backstage.tracker.complete(job.job_id, told)


def _report(found: Conversation, job_id: str, backstage: Backstage) -> Report:
    turns = all_turns(found.conversation_id, backstage.store)
    corrections = best_corrections(turns)
    simple = plain_report(found.scene, corrections, len(turns))
    if not turns:
        return simple
    backstage.tracker.progress(job_id, "thinking")
    exchanges = fitting([one.exchange for one in turns], RECORD_TOKENS)
    fields = filled_form(report_question(found.scene, exchanges, corrections), found.user_id, job_id, backstage)
    return read_report(fields or {}, corrections, len(turns)) or simple
