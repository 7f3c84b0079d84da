"""What a command refuses, said in sentences that name what was typed; what services outside refuse, likewise."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from pydantic import ValidationError

from cli.foreign_text import printable
from shared.kernel.errors import DomainError, Unavailable

_OUTSIDE = (
    ("AWS", "botocore.exceptions", ("BotoCoreError", "ClientError")),
    ("Redis", "redis.exceptions", ("RedisError",)),
    ("The queue", "kombu.exceptions", ("OperationalError",)),
    ("The platform", "httpx", ("HTTPError",)),
    ("The platform", "websockets.exceptions", ("WebSocketException",)),
    ("The platform", "speaktracker_client.errors", ("SpeakTrackerError",)),
)
"""The services outside, each with a module and its errors; a module that was never loaded has raised none."""


class Refusing(click.Command):
    """A command whose refusals are sentences: whatever it raises on purpose, and whatever services outside answer."""

    def invoke(self, ctx: click.Context) -> Any:
        """Carry the command out.

        Raises:
            ClickException: it was refused; the message is a sentence, for exit code 1.
        """
        with refusals():
            return super().invoke(ctx)


@contextmanager
def refusals() -> Iterator[None]:
    """Say in a sentence what was refused.

    Raises:
        ClickException: something inside was refused.
    """
    try:
        yield
    except DomainError as refused:
        raise _refusal(_told(refused)) from refused
    except ValidationError as wrong:
        errors = wrong.errors(include_url=False, include_context=False)
        raise _refusal("\n".join(map(_sentence, errors))) from wrong
    except tuple(_outside_errors()) as problem:
        raise _refusal(f"{_who_raised(problem)}: {problem or type(problem).__name__}") from problem


def _refusal(sentence: str) -> click.ClickException:
    return click.ClickException(printable(sentence, keeps_lines=True))


def _told(refused: DomainError) -> str:
    cause = f" ({refused.__cause__})" if isinstance(refused, Unavailable) and refused.__cause__ else ""
    details = "".join(f"\n  {_typed(one['field'])}: {one['message']}" for one in refused.details or [])
    return f"{refused}{cause}{details}"


def _sentence(error: Any) -> str:
    """Return what was wrong: with an option, what was given and what it takes; otherwise the rule's own words."""
    place = error["loc"]
    option = _option(str(place[0])) if place else None
    if option is None:
        return f"{'.'.join(map(str, place))} {error['msg'].removeprefix('Value error, ')}".strip()
    return f"{option.opts[0]}: {error['input']} is not taken. {option.help}"


def _typed(field: str) -> str:
    option = _option(field)
    return option.opts[0] if option else field


def _option(field: str) -> click.Option | None:
    """Return the option of the running command that a field came from, by its name here or on the wire."""
    command = click.get_current_context().command
    options = [one for one in command.params if isinstance(one, click.Option)]
    names = {field, field.replace("_", "-")}
    return next((one for one in options if one.name == field or names & {name.lstrip("-") for name in one.opts}), None)


def _outside_errors() -> dict[type[Exception], str]:
    """Return the errors of services outside, with the service that each speaks for."""
    loaded = [(who, sys.modules[module], names) for who, module, names in _OUTSIDE if module in sys.modules]
    return {getattr(module, name): who for who, module, names in loaded for name in names}


def _who_raised(problem: Exception) -> str:
    return next(who for kind, who in _outside_errors().items() if isinstance(problem, kind))
