"""The rules of stopping a turn: what was said until then is its answer."""

from shared.domains.turns.errors import TurnNotFound
from shared.domains.turns.models import Answer, Stopping, Student, turn_id_of
from shared.domains.turns.rules.reading import conversation_id_of
from shared.domains.turns.rules.request import Asking

STOP_SECONDS = 0.7
"""A worker ends a stopped turn with its next words; after so many seconds the gateway that asked ends it."""


def stop(request_id: str, student: Student, *, asking: Asking) -> Stopping:
    """Have a turn stopped; one that has ended stays as it is, and again changes nothing.

    Raises:
        TurnNotFound: there is no such request of this person.
        Unavailable: nobody can be told.
    """
    turn_id = turn_id_of(student.user_id, request_id)
    live = asking.log.ask_to_stop(turn_id)
    if live is None:
        record = asking.records.get(turn_id)
        if record is None:
            raise TurnNotFound
        if not record.is_finished:  # its log was lost while it was answered
            asking.log.open(turn_id)
            live = asking.log.ask_to_stop(turn_id)
    return Stopping(turn_id, live is not None and live.answer is None)


def end_stopped(turn_id: str, *, asking: Asking) -> None:
    """End a turn that was asked to stop and that no worker ended, with what was said so far.

    Raises:
        Unavailable: the log does not answer; watching connections find out otherwise.
    """
    live = asking.log.read(turn_id)
    if live is None or live.answer is not None:
        return
    record = asking.records.get(turn_id)
    conversation_id = conversation_id_of(record) if record else None
    asking.log.end(turn_id, Answer.halted(conversation_id, live.said.strip()))
