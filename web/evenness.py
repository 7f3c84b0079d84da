"""Answers that take the same time whether somebody is known or not."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from shared.kernel.errors import DomainError
from web.context import gateway


@contextmanager
def evenly(*, refused_only: bool = False) -> Iterator[None]:
    """Let what stands inside take a multiple of EVEN_ANSWER_MS, or, with `refused_only`, only where it refuses.

    Looking somebody up, checking a password and sending a mail take their time; nobody is to measure which was done.
    """
    begun = gateway().clock.now()
    try:
        yield
    except DomainError:
        _wait(begun)
        raise
    if not refused_only:
        _wait(begun)


def _wait(begun: datetime) -> None:
    step = gateway().settings.even_answer_ms / 1000
    if step > 0:
        clock = gateway().clock
        taken = (clock.now() - begun).total_seconds()
        clock.sleep(step - taken % step)
