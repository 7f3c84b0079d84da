"""Frames of a user's channel to the AI partner."""

from collections.abc import Iterator
from contextlib import contextmanager

from shared.domains.turns.contract import (
    AskPartner,
    EndSpeech,
    MessageResponse,
    SendSpeech,
    SpeechAck,
    StartSpeech,
    StopPartner,
)
from shared.domains.turns.errors import retry_after_of
from shared.domains.turns.models import Asked, Ended, Student, Wish
from shared.domains.turns.rules import asking, taking
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
    with _answered_whatever_goes_wrong():
        asked = asking.ask(wish, _student(session), asking=session.ports.asking)
    watches.watch(session, command.request_id, asked, stream=command.stream)


@answers(StartSpeech)
def start_speech(command: StartSpeech, session: Session) -> None:
    """Say from which chunk on a recording is awaited, and have its turn answered to this connection.

    Raises:
        DomainError: whatever went wrong; nothing else leaves, since every request gets its answer.
    """
    with _answered_whatever_goes_wrong():
        awaited = taking.start_speech(command, _student(session), asking=session.ports.asking)
    if awaited.asked.answer is None:
        session.answer(SpeechAck(request_id=command.request_id, next_index=awaited.next_index))
    watches = session.process.watches
    if not watches.again(session, command.request_id, stream=command.stream):
        watches.watch(session, command.request_id, awaited.asked, stream=command.stream)


@answers(SendSpeech)
def send_speech(command: SendSpeech, session: Session) -> None:
    """Take a chunk, also on a connection that did not begin the recording: it waits for the answer from now on."""
    ports, watches = session.ports, session.process.watches
    asked = taking.send_speech(command, _student(session), asking=ports.asking)
    if not watches.has(session, command.request_id):
        is_streamed = taking.is_streamed(asked.turn_id, session.user_id, asking=ports.asking)
        watches.watch(session, command.request_id, asked, stream=is_streamed)


@answers(EndSpeech)
def end_speech(command: EndSpeech, session: Session) -> None:
    """Have the partner asked; the answer comes to this connection.

    Raises:
        DomainError: whatever went wrong; nothing else leaves, since every request gets its answer.
    """
    with _answered_whatever_goes_wrong():
        awaited = taking.end_speech(command, _student(session), asking=session.ports.asking)
    watches = session.process.watches
    if not watches.has(session, command.request_id):
        watches.watch(session, command.request_id, awaited.asked, stream=awaited.is_streamed)


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


@contextmanager
def _answered_whatever_goes_wrong() -> Iterator[None]:
    """Turn a bug of ours into a refusal: it must not leave the student without an answer."""
    try:
        yield
    except DomainError:
        raise
    except Exception as problem:  # whatever it is, it is told and logged
        log.error("turn.not_asked", exc_info=problem)
        raise DomainError("Something went wrong on our side.", "서버에 문제가 발생했습니다.") from problem


def _student(session: Session) -> Student:
    return Student(session.user_id, session.language)
