"""Keeping feedback, and having it seen by who was away."""

from shared.domains.feedback.contract import FeedbackPushed, StoreFeedback
from shared.domains.feedback.models import Feedback
from shared.domains.feedback.ports import FeedbackStore, LiveChannels
from shared.kernel.ports import JobQueue, OpenChannels


def store_feedback(
    job: StoreFeedback, *, feedback: FeedbackStore, channels: LiveChannels, presence: OpenChannels
) -> None:
    """Keep feedback, and push what no channel took to a student who is back by now; again changes nothing."""
    for one in job.feedback:
        sent = one.websocket_sent or channels.was_taken(one.feedback_id)
        feedback.keep(one.model_copy(update={"websocket_sent": sent}))
        if not sent and _is_taken_now(one, channels, presence):
            feedback.keep(one.model_copy(update={"websocket_sent": True}))


def deliver_waiting(found: list[Feedback], *, channels: LiveChannels, jobs: JobQueue) -> None:
    """Note that a channel took what had waited for its student, so that no other is given it."""
    for one in found:
        channels.note_taken(one.feedback_id)
    if found:
        jobs.enqueue(StoreFeedback(feedback=[one.model_copy(update={"websocket_sent": True}) for one in found]))


def _is_taken_now(one: Feedback, channels: LiveChannels, presence: OpenChannels) -> bool:
    """Push to a student who has come back since; a channel that opens from now on finds it stored."""
    if not presence.is_open(one.student_id):
        return False
    return channels.push(one.student_id, FeedbackPushed.of(one), token=one.feedback_id)
