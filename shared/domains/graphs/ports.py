"""What graphs need from outside; every method raises Unavailable where nobody answers in time."""

from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol

from shared.domains.graphs.models import Facts, Graph, Sheet
from shared.domains.jobs.models import JobRecord
from shared.kernel.pages import Page, Position
from shared.kernel.stores import Keyed

JobReader = Keyed[JobRecord]
"""The records of jobs."""

Told = Callable[[str, int, int], None]
"""A stage that was reached, and how far it is, of how much; 0 of 0 where it has no parts."""


class GraphStore(Protocol):
    """Graphs, each changed in one conditional step."""

    def add(self, graph: Graph) -> None:
        """Store a new one; where there is one of that id nothing changes."""

    def get(self, graph_id: str) -> Graph | None:
        """Return one as it stands after every write so far."""

    def list_of(self, user_id: str, *, position: Position | None, limit: int) -> Page[Graph]:
        """Return a user's graphs, newest first; one that was just added may be missing for a moment."""

    def end(self, graph: Graph) -> bool:
        """Write how a graph ended, where it is still CREATING; tell whether it was."""

    def rename(self, graph_id: str, name: str) -> None:
        """Change its name; where it is gone nothing happens."""

    def remove(self, graph_id: str) -> None:
        """Remove it; again changes nothing."""


class GraphObjects(Protocol):
    """The objects of graphs in the bucket."""

    def upload(self, key: str, pieces: Iterable[bytes]) -> None:
        """Store an object from pieces as they come, and hold a part of it at a time; where they break off, nothing."""

    def put(self, key: str, path: Path) -> None:
        """Store a file, over an object of the same key."""

    def fetch(self, key: str, path: Path) -> bool:
        """Write an object to a file, a part at a time; False where it is not there."""

    def lines(self, key: str) -> Iterator[bytes] | None:
        """Return the lines of an object as they are read; None where it is not there."""

    def remove(self, keys: Collection[str]) -> None:
        """Remove objects; those that are not there are passed over."""


class MapMaker(Protocol):
    """Draws maps, each in a process of its own with bounds on memory and time."""

    def draw(self, sheet: Sheet, *, told: Told, is_cancelled: Callable[[], bool]) -> Facts:
        """Write the map of a sheet, and tell what it is.

        Raises:
            ExportRefused: nothing can be made of it within the bounds; another try ends the same.
            MapCancelled: nobody wants it any more.
            Unavailable: it was killed from outside; another try may help.
        """


class MeaningSearch(Protocol):
    """Finds rows by meaning."""

    def nearest(self, meaning: Path, text: str, limit: int) -> list[tuple[int, float]]:
        """Return the rows nearest to a text, with their similarity, the best first."""


class OwnTalk(Protocol):
    """A person's own rooms and conversations."""

    def conversations(self, user_id: str) -> Iterator[dict[str, Any]]:
        """Give each as the engine reads it, newest first, within bounds."""


class PhraseSource(Protocol):
    """Phrases that a person misuses or is to practise, from one part of the product."""

    def phrases(self, user_id: str) -> Iterator[dict[str, Any]]:
        """Give each as the engine reads it: phraseId, said, better, why, count, conversationIds (empty: not known)."""


class Learner(Protocol):
    """What is known of a learner."""

    def level_of(self, user_id: str) -> str | None:
        """Return the level of their account."""
