"""Where people read what happens: a terminal in colour, or anything else without."""

from contextlib import suppress

from rich.console import Console
from rich.text import Text


class Screen:
    """Shows lines; neither the platform nor its stopping ends because the terminal is gone."""

    def __init__(self) -> None:
        """Write to standard output."""
        self._console = _Patient(highlight=False, markup=False, emoji=False)

    def show(self, line: Text | str) -> None:
        """Show a line as it is; a long one is wrapped by the terminal, so that it can be copied whole."""
        with suppress(OSError, UnicodeError):  # the terminal was closed, its disk is full, or it has no such character
            self._console.print(line, soft_wrap=True)


class _Patient(Console):
    """Falls silent where rich would end the process: at the end of a pipe."""

    def on_broken_pipe(self) -> None:
        self.quiet = True
