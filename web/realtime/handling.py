"""Which function answers which command: marked where it stands, and found by walking the handlers' package."""

from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any, TypeVar

from shared.kernel.contract import Command
from web.realtime.session import Handler

Function = TypeVar("Function", bound=Callable[..., Any])


def answers(command: type[Command]) -> Callable[[Function], Function]:
    """Mark a function as the one that answers commands of a type."""

    def mark(function: Function) -> Function:
        function.answers = command  # type: ignore[attr-defined]
        return function

    return mark


def handlers_in(modules: Iterable[ModuleType]) -> dict[type[Command], Handler]:
    """Return the marked functions of modules by their command."""
    return {
        function.answers: function
        for module in modules
        for function in vars(module).values()
        if hasattr(function, "answers") and getattr(function, "__module__", None) == module.__name__
    }
