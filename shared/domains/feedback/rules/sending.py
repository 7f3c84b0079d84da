"""Telling a student something, at once."""

from collections.abc import Callable

from shared.domains.feedback.contract import FeedbackPushed, FeedbackSent, SendFeedback, StoreFeedback
from shared.domains.feedback.errors import NotYourStudent, WrongLink
from shared.domains.feedback.models import Feedback
from shared.domains.feedback.ports import LiveChannels, RecentFeedback
from shared.domains.tutoring.models import TutorStudent
from shared.kernel.errors import Unavailable
from shared.kernel.links import is_public_link
from shared.kernel.ports import Clock, EmailOwners, JobQueue, Log, Relations
from shared.kernel.principal import Principal
from shared.kernel.times import timestamp


def send_feedback(
    command: SendFeedback,
    principal: Principal,
    *,
    feedback_id: str,
    people: EmailOwners,
    relations: Relations[TutorStudent],
    recent: RecentFeedback,
    channels: LiveChannels,
    jobs: JobQueue,
    log: Log,
    clock: Clock,
    is_own_object: Callable[[str], bool],
) -> FeedbackSent:
    """Show feedback to the student at once, have it kept, and say whether a live channel took it.

    Raises:
        WrongLink: the recording is neither at an address of HTTPS on the public internet nor in our bucket.
        NotYourStudent: the caller is no tutor of that student.
        Unavailable: it could not be queued; sending again under the same id is safe.
    """
    if command.audio_url is not None and not (is_public_link(command.audio_url) or is_own_object(command.audio_url)):
        raise WrongLink
    relation = taught(command.student_email, principal, people=people, relations=relations)
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


def taught(
    student_email: str, principal: Principal, *, people: EmailOwners, relations: Relations[TutorStudent]
) -> TutorStudent:
    """Return the relation of the caller to a student of theirs, as it stands.

    Raises:
        NotYourStudent: the caller is no tutor of that student, or not any more.
    """
    student_id = people.owner(student_email) if principal.is_tutor else None
    relation = relations.relation(principal.user_id, student_id) if student_id else None
    if relation is None:
        raise NotYourStudent
    return relation


def _feedback(command: SendFeedback, relation: TutorStudent, feedback_id: str, now: str) -> Feedback:
    return Feedback(
        feedback_id=feedback_id,
        tutor_email=relation.tutor_email,
        tutor_id=relation.tutor_id,
        student_id=relation.student_id,
        timestamp=now,
        **command.model_dump(),
    )
