"""How a run can end, but for well."""

from shared.kernel.errors import DomainError, Unavailable


class Later(Exception):
    """The job's message is to come back after so many seconds; nothing is lost, and nothing was acknowledged."""

    def __init__(self, seconds: float, reason: str, outcome: str = "waited") -> None:
        """Keep when, why for the log, and in one word how this run ended."""
        super().__init__(reason)
        self.seconds, self.reason, self.outcome = seconds, reason, outcome


class GivenUp(Exception):
    """The job is dead and its letter is safe: now the message may be acknowledged."""


class Unreadable(Exception):
    """What came is not the job that its name promises; no later run could read it either."""


def may_help(problem: Exception) -> bool:
    """Tell whether another run may end otherwise: where something did not answer, and where nobody knows the error."""
    return isinstance(problem, Unavailable) or not isinstance(problem, DomainError | Unreadable)


def kinds(problem: BaseException) -> str:
    """Return an error's class and those of what caused it: never a message, which may hold somebody's words."""
    found = [type(problem).__name__]
    while (cause := problem.__cause__) is not None and len(found) < 5:
        problem = cause
        found.append(type(problem).__name__)
    return " < ".join(found)


def place(problem: BaseException) -> str:
    """Return where an error was raised, as file and line."""
    trace = problem.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
