"""At most so many outside calls at once, over all processes."""

from contextlib import AbstractContextManager
from typing import Protocol


class Slots(Protocol):
    """Places for calls to one outside service."""

    def taking(self) -> AbstractContextManager[None]:
        """Hold one place while the block runs, waiting for it where all are taken.

        Raises:
            Unavailable: none became free in time.
        """
