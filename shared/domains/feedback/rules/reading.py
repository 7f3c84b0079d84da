"""Reading feedback, and the history of it."""

from shared.domains.feedback.contract import FeedbackItem, FeedbackRead, ListFeedback, StoreFeedback
from shared.domains.feedback.errors import FeedbackNotFound
from shared.domains.feedback.models import Feedback
from shared.domains.feedback.ports import FeedbackReader, RecentFeedback
from shared.domains.feedback.rules.sending import taught
from shared.domains.tutoring.models import TutorStudent
from shared.kernel.pages import Page, Position
from shared.kernel.ports import Clock, EmailOwners, EventBus, JobQueue, Relations
from shared.kernel.principal import Principal
from shared.kernel.times import timestamp
from shared.kernel.topics import user_topic


def read_feedback(
    feedback_id: str,
    principal: Principal,
    *,
    feedback: FeedbackReader,
    recent: RecentFeedback,
    relations: Relations[TutorStudent],
    events: EventBus,
    jobs: JobQueue,
    clock: Clock,
) -> None:
    """Note that the student has read feedback, also before it is stored, and tell the tutor once; again is fine.

    A tutor who no longer teaches the student is told nothing.

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
    if relations.relation(known.tutor_id, known.student_id) is not None:
        event = FeedbackRead(feedback_id=feedback_id, student_email=known.student_email, read_at=at)
        events.publish(user_topic(known.tutor_id), event)
    jobs.enqueue(StoreFeedback(feedback=[read]))
    recent.remember(read)


def list_feedback(
    command: ListFeedback,
    principal: Principal,
    *,
    position: Position | None,
    people: EmailOwners,
    relations: Relations[TutorStudent],
    feedback: FeedbackReader,
) -> Page[FeedbackItem]:
    """Return what was said between the caller and somebody, newest first.

    A student keeps what they were told, also after the relation has ended; an e-mail that nobody has told them nothing.

    Raises:
        NotYourStudent: the caller is no tutor of that student, or not any more.
    """
    if principal.is_tutor:
        relation = taught(command.with_, principal, people=people, relations=relations)
        pair = (relation.tutor_id, relation.student_id)
    else:
        pair = (people.owner(command.with_) or "", principal.user_id)
    found = feedback.between(*pair, limit=command.limit, position=position) if all(pair) else Page([], None)
    return Page([FeedbackItem.of(one) for one in found.items], found.position)


def _newest(feedback_id: str, feedback: FeedbackReader, recent: RecentFeedback) -> Feedback | None:
    return recent.recall(feedback_id) or feedback.find(feedback_id)
