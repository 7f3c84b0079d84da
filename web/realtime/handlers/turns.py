"""Frames of a user's channel to the AI partner."""

from shared.domains.turns.contract import AskPartner, MessageResponse, StopPartner
from shared.domains.turns.errors import retry_after_of
from shared.domains.turns.models import Asked, Ended, Student, Wish
from shared.domains.turns.rules import asking
from shared.domains.turns.rules import stopping as stopping_rules
from shared.kernel.errors import DomainError
from shared.kernel.logs import get_log
from web.realtime.frames import frame_of
from web.realtime.handling import answers
from web.realtime.session import Session
from web.realtime.sockets.port import Frame

log = get_log()


@answers(AskPartner)
def ask_partner(command: AskPartner, session: Session) -> None:
    """Have a turn answered to this connection; while it waits for that request already, it begins again.

    Raises:
        DomainError: whatever went wrong; nothing else leaves, since every request gets its answer.
    """
    watches = session.process.watches
    if watches.again(session, command.request_id, stream=command.stream):
        return
    wish = Wish(command.request_id, command.conversation_id, command.message)
    try:
        asked = asking.ask(wish, _student(session), asking=session.ports.asking)
    except DomainError:
        raise
    except Exception as problem:  # a bug of ours must not leave the student without an answer
        log.error("turn.not_asked", exc_info=problem)
        raise DomainError("Something went wrong on our side.", "서버에 문제가 발생했습니다.") from problem
    watches.watch(session, command.request_id, asked, stream=command.stream)


@answers(StopPartner)
def stop_partner(command: StopPartner, session: Session) -> None:
    """Stop a turn; its answer comes within a second, also to a connection that did not wait for it."""
    watches = session.process.watches
    stopping = stopping_rules.stop(command.request_id, _student(session), asking=session.ports.asking)
    if stopping.is_going:
        watches.watch(session, command.request_id, Asked(stopping.turn_id, None), stream=False)
        watches.end_soon(stopping.turn_id)


def refused_turn(problem: DomainError, language: str, request_id: str) -> Frame:
    """Return the frame that refuses a request to the partner: an answer too, so that each request has one."""
    return frame_of(
        MessageResponse(
            request_id=request_id,
            response="",
            status=Ended.FAILED,
            error=problem.code,
            message=problem.text.localized(language),
            details=problem.details,
            retry_after=problem.retry_after or retry_after_of(problem.code),
        )
    )


def _student(session: Session) -> Student:
    return Student(session.user_id, session.language)
