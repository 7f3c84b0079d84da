"""What one person may have going on at once of what is dear to all."""

from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakValueDictionary

from gevent.lock import BoundedSemaphore


class Turns:
    """One thing at a time for each person, the next when it is done: a hundred at once delay nobody else."""

    def __init__(self) -> None:
        """Begin with nobody waiting."""
        self._of_person: WeakValueDictionary[str, BoundedSemaphore] = WeakValueDictionary()

    @contextmanager
    def of(self, user_id: str) -> Iterator[None]:
        """Wait for this person's turn."""
        turn = self._of_person.get(user_id)
        if turn is None:
            turn = self._of_person[user_id] = BoundedSemaphore(1)
        with turn:
            yield
