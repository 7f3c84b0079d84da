"""The rules of summaries: what the model is not shown any more is said in short."""

from shared.domains.conversations.contract import SummarizeConversation
from shared.domains.conversations.models import fitting
from shared.domains.conversations.rules.backstage import Backstage
from shared.domains.conversations.rules.paying import filled_form
from shared.domains.conversations.rules.prompting import RECORD_TOKENS, read_summary, summary_question
from shared.domains.conversations.rules.reading import all_turns


def summarize_conversation(job: SummarizeConversation, *, backstage: Backstage) -> None:
    """Store a summary of the turns up to a number, on top of the one that is there; where one reaches as far, nothing.

    Beyond the budget, and where the model gives nothing usable, nothing is stored: a later turn asks anew.
    """
    found = backstage.store.get(job.conversation_id)
    if found is None or found.summarized >= job.up_to:
        return
    turns = [
        one for one in all_turns(job.conversation_id, backstage.store) if found.summarized < one.number <= job.up_to
    ]
    if not turns:
        return
    exchanges = fitting([one.exchange for one in turns], RECORD_TOKENS)
    question = summary_question(found.scene, found.summary, exchanges)
    fields = filled_form(question, found.user_id, f"summary-{job.conversation_id}-{job.up_to}", backstage)
    summary = read_summary(fields or {})
    if summary is not None:
        backstage.store.keep_summary(job.conversation_id, summary, summarized=turns[-1].number)
