"""What is stored of graphs."""

from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from pydantic import Field

from shared.kernel.contract import Contract

GRAPH, GRAPH_SEARCH = "graph", "graph-search"
"""The kinds of the jobs behind them."""
LARGEST_EXPORT = 512 << 20
"""Bytes of an upload; a ChatGPT export of 10,000 conversations has some 200 MB."""
MOST_UNFINISHED = 2
"""Graphs of one person that are made at once."""
PAYLOAD_PREFIX, RESULT_PREFIX = "graph-payloads/", "graphs/"
GRAPH_FILE, VECTORS_FILE, MEANING_FILE = "graph.json", "vectors.npz", "meaning.npz"


class Source(StrEnum):
    """What a graph is drawn from: an export that was uploaded, or the person's own rooms and conversations."""

    UPLOAD = "upload"
    ME = "me"


class GraphStatus(StrEnum):
    """CREATING until its map is stored, and one of three ends."""

    CREATING = "CREATING"
    READY = "READY"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


class Refusal(Contract):
    """Why no map could be made: a code that never changes, and a sentence."""

    code: str
    en: str
    ko: str


class Facts(Contract):
    """What is known of a map without reading it."""

    nodes: int = 0
    edges: int = 0
    clusters: int = 0
    new_nodes: int = 0
    skipped: dict[str, int] = Field(default_factory=dict)
    mode: str = "full"


class Graph(Contract):
    """One map of a person's conversations."""

    graph_id: str
    user_id: str
    job_id: str
    name: str
    source: Source
    status: GraphStatus = GraphStatus.CREATING
    facts: Facts = Field(default_factory=Facts)
    refusal: Refusal | None = None
    created_at: str
    ready_at: str | None = None

    @property
    def payload_key(self) -> str:
        """Return where the export lies, for a day at most."""
        return f"{PAYLOAD_PREFIX}{self.user_id}/{self.graph_id}"

    def result_key(self, file: str) -> str:
        """Return where a file of the result lies until the graph is deleted."""
        return f"{RESULT_PREFIX}{self.user_id}/{self.graph_id}/{file}"

    @property
    def keys(self) -> list[str]:
        """Return every object that belongs to the graph."""
        return [self.payload_key, *map(self.result_key, (GRAPH_FILE, VECTORS_FILE, MEANING_FILE))]


class Sheet(NamedTuple):
    """The files of one map: what it is drawn from, the map before, and where the new one is written."""

    export: Path
    previous: Path | None
    previous_vectors: Path | None
    graph: Path
    vectors: Path
    meaning: Path
    at: str
    level: str | None
    """The learner's level, where the talk is their own."""
