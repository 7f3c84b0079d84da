"""What the two sides of a request are told of it."""

from shared.domains.notifications.models import Notification, NotificationType, Wording
from shared.domains.tutoring.contract import RequestItem
from shared.domains.tutoring.models import Person, RequestStatus, Tutor, TutorRequest
from shared.kernel.ports import Clock, Ids
from shared.kernel.principal import Principal
from shared.kernel.times import timestamp

_WORDS = {
    RequestStatus.PENDING: (
        Wording(ko="새로운 매칭 요청", en="New matching request"),
        Wording(ko="{who}님이 매칭을 요청했습니다.", en="{who} has asked to be matched with you."),
    ),
    RequestStatus.APPROVED: (
        Wording(ko="매칭 완료", en="Matched"),
        Wording(ko="{who}님과 매칭되었습니다.", en="You are now matched with {who}."),
    ),
    RequestStatus.REJECTED: (
        Wording(ko="매칭 거절", en="Request declined"),
        Wording(ko="{who}님이 매칭 요청을 거절했습니다.", en="{who} has declined your request."),
    ),
}


def notice_of_decision(
    request: TutorRequest, student: Person | None, by: Principal, *, ids: Ids, clock: Clock
) -> Notification:
    """Return what tells a student of a tutor's decision."""
    language = student.language if student else None
    return _notice(request, request.student_id, by.name, language, ids=ids, clock=clock)


def notice_of_request(request: TutorRequest, tutor: Tutor, *, ids: Ids, clock: Clock) -> Notification:
    """Return what tells a tutor of a student's request."""
    return _notice(request, tutor.user_id, request.student_email, tutor.language, ids=ids, clock=clock)


def _notice(
    request: TutorRequest,
    user_id: str,
    who: str,
    language: str | None,
    *,
    ids: Ids,
    clock: Clock,
) -> Notification:
    title, message = _WORDS[request.status]
    return Notification(
        notification_id=ids.new(),
        user_id=user_id,
        type=NotificationType.TUTOR_MATCH,
        title=title,
        message=Wording(ko=message.ko.replace("{who}", who), en=message.en.replace("{who}", who)),
        data=RequestItem.of(request).wire(),
        language=language,
        created_at=timestamp(clock.now()),
    )
