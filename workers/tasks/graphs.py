"""Tasks of graphs."""

from shared.domains.graphs.contract import BuildGraph, SearchGraph, StoreGraph
from shared.domains.graphs.rules import drawing, searching, storing
from shared.wiring import WorkerContext
from workers.handling import handles


@handles(BuildGraph)
def build_graph(job: BuildGraph, context: WorkerContext) -> None:
    """Draw a graph, in a process of its own."""
    drawing.build_graph(job, workshop=context.workshop)


@handles(StoreGraph)
def store_graph(job: StoreGraph, context: WorkerContext) -> None:
    """Note how a graph ended, and tell its owner."""
    storing.store_graph(job, workshop=context.workshop)


@handles(SearchGraph)
def search_graph(job: SearchGraph, context: WorkerContext) -> None:
    """Find what means most nearly what a text says, for the client that waits."""
    searching.search_graph(job, workshop=context.workshop)
