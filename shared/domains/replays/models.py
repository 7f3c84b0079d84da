"""What a replay comes to."""

from enum import StrEnum

from shared.kernel.contract import Contract


class ReplayOutcome(StrEnum):
    """What became of one letter: sent again, or why not.

    SETTLED was replayed or discarded before, or is being sent by somebody else. DONE took effect already, and is
    closed. The others cannot be sent as they are.
    """

    SENT = "sent"
    SETTLED = "settled"
    DONE = "done"
    UNREADABLE = "unreadable"
    UNKNOWN_TASK = "unknown_task"
    ARGUMENTS_GONE = "arguments_gone"
    WRONG_ARGUMENTS = "wrong_arguments"


IMPOSSIBLE = frozenset(
    {
        ReplayOutcome.UNREADABLE,
        ReplayOutcome.UNKNOWN_TASK,
        ReplayOutcome.ARGUMENTS_GONE,
        ReplayOutcome.WRONG_ARGUMENTS,
    }
)


class LetterCheck(Contract):
    """What replaying one letter would come to: `outcome` is SENT where it would be sent."""

    id: str
    task: str | None
    outcome: ReplayOutcome
    is_done: bool
    has_arguments: bool
    is_task_known: bool
