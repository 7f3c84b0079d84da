"""Graphs, their objects and the drawing of them, in dictionaries."""

from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from shared.domains.graphs.models import Facts, Graph, GraphStatus, Sheet
from shared.domains.graphs.ports import Told
from shared.kernel.pages import Page, Position


class MemoryGraphs:
    """The port GraphStore for one thread."""

    def __init__(self) -> None:
        """Begin with none."""
        self.graphs: dict[str, Graph] = {}

    def add(self, graph: Graph) -> None:
        """Store a new one."""
        self.graphs.setdefault(graph.graph_id, graph)

    def get(self, graph_id: str) -> Graph | None:
        """Return one."""
        return self.graphs.get(graph_id)

    def list_of(self, user_id: str, *, position: Position | None, limit: int) -> Page[Graph]:
        """Return a user's graphs, newest first."""
        own = [one for one in self.graphs.values() if one.user_id == user_id]
        own.sort(key=lambda one: (one.created_at, one.graph_id), reverse=True)
        start = position["start"] if position else 0
        more = len(own) > start + limit
        return Page(own[start : start + limit], {"start": start + limit} if more else None)

    def end(self, graph: Graph) -> bool:
        """Write how a graph ended, where it is still CREATING."""
        stored = self.graphs.get(graph.graph_id)
        if stored is None or stored.status is not GraphStatus.CREATING:
            return False
        self.graphs[graph.graph_id] = graph.model_copy(update={"name": stored.name})
        return True

    def rename(self, graph_id: str, name: str) -> None:
        """Change its name."""
        if graph_id in self.graphs:
            self.graphs[graph_id] = self.graphs[graph_id].model_copy(update={"name": name})

    def remove(self, graph_id: str) -> None:
        """Remove it."""
        self.graphs.pop(graph_id, None)


class MemoryGraphObjects:
    """The port GraphObjects for one thread."""

    def __init__(self) -> None:
        """Begin with none."""
        self.objects: dict[str, bytes] = {}

    def upload(self, key: str, pieces: Iterable[bytes]) -> None:
        """Store an object from pieces; where they break off, nothing."""
        self.objects[key] = b"".join(pieces)

    def put(self, key: str, path: Path) -> None:
        """Store a file."""
        self.objects[key] = path.read_bytes()

    def fetch(self, key: str, path: Path) -> bool:
        """Write an object to a file."""
        if key not in self.objects:
            return False
        path.write_bytes(self.objects[key])
        return True

    def lines(self, key: str) -> Iterator[bytes] | None:
        """Return the lines of an object."""
        return iter(self.objects[key].splitlines(keepends=True)) if key in self.objects else None

    def remove(self, keys: Collection[str]) -> None:
        """Remove objects."""
        for key in keys:
            self.objects.pop(key, None)


class MemoryMapMaker:
    """The port MapMaker: a map of one node for each line of the export, drawn at once."""

    def __init__(self, *, fault: Exception | None = None) -> None:
        """Draw, or raise the fault."""
        self.fault = fault
        self.sheets: list[dict[str, Any]] = []

    def draw(self, sheet: Sheet, *, told: Told, is_cancelled: Callable[[], bool]) -> Facts:
        """Write a map."""
        lines = sheet.export.read_bytes().splitlines()
        previous = sheet.previous.read_bytes() if sheet.previous else None
        self.sheets.append({"export": sheet.export.read_bytes(), "previous": previous, "level": sheet.level})
        told("read", 0, 0)
        if self.fault is not None:
            raise self.fault
        node = b'{"id":%d,"origId":"%d","kind":"conversation","title":null,"clusterId":"c1","x":0.0,"y":0.0}'
        nodes = b",\n".join(node % (number, number) for number in range(len(lines)))
        totals = b'"clusters":[],"subclusters":[],"totalNodes":%d,"totalEdges":0' % len(lines)
        head = b'{"directed":false,"multigraph":false,\n"graph":{"schemaVersion":1,' + totals + b"},"
        sheet.graph.write_bytes(head + b'\n"nodes":[\n' + nodes + b'\n],\n"edges":[\n]}\n')
        sheet.vectors.write_bytes(b"vectors")
        sheet.meaning.write_bytes(b"meaning")
        told("drawn", 0, 0)
        return Facts(nodes=len(lines), clusters=1)


class MemoryMeaningSearch:
    """The port MeaningSearch: the first rows, all alike."""

    def nearest(self, meaning: Path, text: str, limit: int) -> list[tuple[int, float]]:
        """Return the first two rows."""
        return [(row, 1.0 - row / 10) for row in range(2)][:limit]


class MemoryTalk:
    """The ports OwnTalk, PhraseSource and Learner, by what is given."""

    def __init__(self, conversations: Iterable[dict[str, Any]] = (), phrases: Iterable[dict[str, Any]] = ()) -> None:
        """Keep what is given."""
        self._conversations, self._phrases = list(conversations), list(phrases)

    def conversations(self, user_id: str) -> Iterator[dict[str, Any]]:
        """Give each conversation."""
        return iter(self._conversations)

    def phrases(self, user_id: str) -> Iterator[dict[str, Any]]:
        """Give each phrase."""
        return iter(self._phrases)

    def level_of(self, user_id: str) -> str | None:
        """Return no level."""
        return None
