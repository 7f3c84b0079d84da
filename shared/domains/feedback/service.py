"""The rules of feedback: seen first, kept behind, and never lost on who was away."""

from shared.domains.feedback.contract import (
    FeedbackItem,
    FeedbackPushed,
    FeedbackRead,
    FeedbackSent,
    ListFeedback,
    SendFeedback,
    StoreFeedback,
)
from shared.domains.feedback.errors import FeedbackNotFound, NotYourStudent
from shared.domains.feedback.models import Feedback
from shared.domains.feedback.ports import (
    FeedbackReader,
    FeedbackStore,
    LiveChannels,
    OpenChannels,
    RecentFeedback,
    Relations,
)
from shared.domains.tutoring.models import TutorStudent
from shared.kernel.errors import Unavailable
from shared.kernel.pages import Page, Position
from shared.kernel.ports import Clock, EventBus, JobQueue, Log
from shared.kernel.principal import Principal
from shared.kernel.times import timestamp
from shared.kernel.topics import user_topic


def send_feedback(
    command: SendFeedback,
    principal: Principal,
    *,
    feedback_id: str,
    relations: Relations,
    recent: RecentFeedback,
    channels: LiveChannels,
    jobs: JobQueue,
    log: Log,
    clock: Clock,
) -> FeedbackSent:
    """Show feedback to the student at once, have it kept, and say whether a live channel took it.

    Raises:
        NotYourStudent: the caller is no tutor of that student.
        Unavailable: it could not be queued; sending again under the same id is safe.
    """
    relation = relations.relation(principal.email, command.student_email)
    if relation is None or not principal.is_tutor:
        raise NotYourStudent
    # Sent again under the same id (its first job was not queued), it keeps its time, which is part of its key.
    feedback = recent.recall(feedback_id) or _feedback(command, relation, feedback_id, timestamp(clock.now()))
    recent.remember(feedback)
    sent = channels.push(relation.student_id, FeedbackPushed.of(feedback), token=feedback_id)
    feedback = feedback.model_copy(update={"websocket_sent": sent})
    try:
        jobs.enqueue(StoreFeedback(feedback=[feedback]))
    except Unavailable:
        log.info("feedback.sent", feedback_id=feedback_id, websocket_sent=sent, queued=False)
        raise
    log.info("feedback.sent", feedback_id=feedback_id, websocket_sent=sent, queued=True)
    return FeedbackSent(feedback_id=feedback_id, websocket_sent=sent)


def confirm_late(feedback_id: str, *, recent: RecentFeedback, jobs: JobQueue) -> None:
    """Correct what is kept of feedback that a channel took after its sender had been answered; again is harmless."""
    known = recent.recall(feedback_id)
    if known is not None:
        jobs.enqueue(StoreFeedback(feedback=[known.model_copy(update={"websocket_sent": True})]))


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


def read_feedback(
    feedback_id: str,
    principal: Principal,
    *,
    feedback: FeedbackReader,
    recent: RecentFeedback,
    relations: Relations,
    events: EventBus,
    jobs: JobQueue,
    clock: Clock,
) -> None:
    """Note that the student has read feedback, also before it is stored, and tell the tutor once; again is fine.

    A tutor whose relation has ended since is told nothing.

    Raises:
        FeedbackNotFound: there is none, or it is somebody else's.
        Unavailable: it could not be queued; doing it again is safe.
    """
    known = _newest(feedback_id, feedback, recent)
    if known is None or known.student_id != principal.user_id:
        raise FeedbackNotFound
    if known.read_at is not None:
        return
    at = timestamp(clock.now())
    read = known.model_copy(update={"read_at": at, "websocket_sent": True})
    if relations.relation(known.tutor_email, known.student_email) is not None:
        event = FeedbackRead(feedback_id=feedback_id, student_email=known.student_email, read_at=at)
        events.publish(user_topic(known.tutor_id), event)
    jobs.enqueue(StoreFeedback(feedback=[read]))
    recent.remember(read)


def list_feedback(
    command: ListFeedback, principal: Principal, *, position: Position | None, feedback: FeedbackReader
) -> Page[FeedbackItem]:
    """Return what was said between the caller and somebody, newest first."""
    pair = (principal.email, command.with_) if principal.is_tutor else (command.with_, principal.email)
    found = feedback.between(*pair, limit=command.limit, position=position)
    return Page([FeedbackItem.of(one) for one in found.items], found.position)


def _feedback(command: SendFeedback, relation: TutorStudent, feedback_id: str, now: str) -> Feedback:
    return Feedback(
        feedback_id=feedback_id,
        tutor_email=relation.tutor_email,
        tutor_id=relation.tutor_id,
        student_id=relation.student_id,
        timestamp=now,
        **command.model_dump(),
    )


def _newest(feedback_id: str, feedback: FeedbackReader, recent: RecentFeedback) -> Feedback | None:
    return recent.recall(feedback_id) or feedback.find(feedback_id)


def _is_taken_now(one: Feedback, channels: LiveChannels, presence: OpenChannels) -> bool:
    """Push to a student who has come back since; a channel that opens from now on finds it stored."""
    if not presence.is_open(one.student_id):
        return False
    return channels.push(one.student_id, FeedbackPushed.of(one), token=one.feedback_id)
