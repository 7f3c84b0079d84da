"""What clients ask of graphs and are told, and the jobs behind it."""

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, StringConstraints, WithJsonSchema

from shared.domains.graphs.models import Facts, Graph, Refusal
from shared.kernel.contract import AwaitedJob, Command, Contract, Event
from shared.kernel.queues import Queue, RetryPolicy
from shared.kernel.uuids import named_uuid
from shared.kernel.written_times import Instant

GraphName = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
Wanted = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]
ExportFile = Annotated[bytes, WithJsonSchema({"type": "string", "format": "binary"})]
Format = Literal["json", "graphml", "gexf", "csv"]


class DrawOwnTalk(Command):
    """Draw a graph of one's own rooms and conversations."""

    source: Literal["me"]
    name: GraphName | None = None


class DrawnExport(Command):
    """An export of conversations to draw a graph of: ChatGPT's, Claude's, or a plain list of messages."""

    file: ExportFile
    name: GraphName | None = None


class RenameGraph(Command):
    """Call a graph otherwise."""

    name: GraphName


class ListGraphs(Command):
    """List one's graphs, newest first."""

    cursor: str | None = None
    limit: int = Field(20, ge=1, le=100)


class Filters(Command):
    """Which part of a graph: nodes that have joined it since, from a time, in a language, of a cluster."""

    since: Instant | None = None
    begin: Instant | None = Field(None, alias="from")
    end: Instant | None = Field(None, alias="to")
    language: Literal["en", "ko"] | None = None
    cluster: Annotated[str, StringConstraints(max_length=40)] | None = None


class ReadGraph(Filters):
    """A graph, or part of it, in a format; or, by `near`, the nodes that mean most nearly what a text says."""

    format: Format = "json"
    near: Wanted | None = None
    limit: int = Field(20, ge=1, le=100)


class GraphItem(Contract):
    """A graph as it is listed."""

    graph_id: str
    job_id: str
    name: str
    source: str
    status: str
    nodes: int
    edges: int
    clusters: int
    new_nodes: int
    skipped: dict[str, int]
    reason: str | None = None
    created_at: str
    ready_at: str | None = None

    @classmethod
    def of(cls, graph: Graph) -> Self:
        """Return what its owner sees."""
        told = graph.model_dump(include={"graph_id", "job_id", "name", "source", "status", "created_at", "ready_at"})
        facts = graph.facts.model_dump(exclude={"mode"})
        return cls(**told, **facts, reason=graph.refusal.code if graph.refusal else None)


class GraphScheduled(Contract):
    """A graph that will be drawn."""

    job_id: str
    graph_id: str


class GraphRemoved(Contract):
    """A graph that is gone."""

    graph_id: str


class GraphMap(Contract):
    """A map as node-link JSON, whole or the part that was asked for; `docs/schemas/graph.json` says what lies in it."""

    graph_id: str
    name: str
    created_at: str
    directed: bool
    multigraph: bool
    graph: dict[str, Any]
    nodes: list[dict[str, Any]]
    edges: list[dict[str, Any]]


class NearestNode(Contract):
    """A node of a graph, and how near it is to what was asked for: `similarity` is a cosine."""

    id: str
    orig_id: str | int | None = None
    title: str | None = None
    cluster_id: str | None = None
    timestamp: str | None = None
    language: str | None = None
    x: float | None = None
    y: float | None = None
    similarity: float


class NearestNodes(Contract):
    """The nodes that mean most nearly what a text says, nearest first."""

    graph_id: str
    near: str
    nodes: list[NearestNode]


class GraphReady(Event):
    """A graph can be looked at."""

    type: Literal["graph_ready"] = "graph_ready"
    graph_id: str
    job_id: str
    name: str
    nodes: int
    clusters: int


class BuildGraph(AwaitedJob):
    """Draw a map, from an export in the bucket or from the person's own talk; carries no word of either."""

    name: ClassVar[str] = "graphs.build_graph"
    queue: ClassVar[Queue] = Queue.GRAPH_REQUESTS
    retry: ClassVar[RetryPolicy] = RetryPolicy(first_delay=5.0, longest_delay=60.0)

    graph_id: str


class StoreGraph(AwaitedJob):
    """Note how a map ended, and tell its owner; done once."""

    name: ClassVar[str] = "graphs.store_graph"
    queue: ClassVar[Queue] = Queue.GRAPH_RESULTS
    retry: ClassVar[RetryPolicy] = RetryPolicy(first_delay=1.0, longest_delay=30.0)

    graph_id: str
    facts: Facts | None = None
    refusal: Refusal | None = None
    at: str

    def identity(self) -> str | None:
        """Return a name of the graph's end: however often it is told, it is stored once."""
        return named_uuid(f"graph stored\n{self.graph_id}")


class SearchGraph(AwaitedJob):
    """Find the nodes that mean most nearly what a text says."""

    name: ClassVar[str] = "graphs.search_graph"
    queue: ClassVar[Queue] = Queue.GRAPH_RESULTS
    retry: ClassVar[RetryPolicy] = RetryPolicy(first_delay=0.5, longest_delay=3.0)
    idempotent: ClassVar[bool] = True

    graph_id: str
    near: str
    limit: int
