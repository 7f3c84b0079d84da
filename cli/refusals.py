"""What a command refuses, in sentences that name what was typed."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from pydantic import ValidationError

from shared.kernel.errors import DomainError


@contextmanager
def refusals() -> Iterator[None]:
    """Say in a sentence what was refused.

    Raises:
        ClickException: something inside was refused.
    """
    try:
        yield
    except DomainError as refused:
        details = "".join(f"\n  {_typed(one['field'])}: {one['message']}" for one in refused.details or [])
        raise click.ClickException(f"{refused}{details}") from refused
    except ValidationError as wrong:
        errors = wrong.errors(include_url=False, include_context=False)
        raise click.ClickException("\n".join(map(_sentence, errors))) from wrong
    except json.JSONDecodeError as wrong:
        raise click.ClickException(f"The arguments are not JSON: {wrong}") from wrong


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
