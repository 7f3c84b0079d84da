"""Graphs in the table."""

import json

from boto3.dynamodb.conditions import Attr

from shared.adapters.dynamodb.items import METADATA
from shared.adapters.dynamodb.keys import graphs as keys
from shared.adapters.dynamodb.table import NEW, PRESENT, ConditionFailed, Delete, Item, Put, Table, Update
from shared.domains.graphs.models import Graph, GraphStatus
from shared.kernel.pages import Page, Position

_NESTED = ("facts", "refusal")
"""What is kept as JSON text, so that it comes back as it was."""


class DynamoGraphs:
    """The port GraphStore."""

    def __init__(self, table: Table) -> None:
        """Use the table."""
        self._table = table

    def add(self, graph: Graph) -> None:
        """Store a new one; where there is one of that id nothing changes."""
        try:
            self._table.write(Put(_item(graph), NEW))
        except ConditionFailed:
            return

    def get(self, graph_id: str) -> Graph | None:
        """Return one as it stands after every write so far."""
        item = self._table.get(keys.graph(graph_id), METADATA)
        return _graph(item) if item else None

    def list_of(self, user_id: str, *, position: Position | None, limit: int) -> Page[Graph]:
        """Return a user's graphs, newest first."""
        page = self._table.query(keys.graphs_of(user_id), index="GSI1", limit=limit, newest_first=True, start=position)
        return Page([_graph(item) for item in page.items], page.position)

    def end(self, graph: Graph) -> bool:
        """Write how a graph ended, where it is still CREATING; its name stays as it is stored."""
        fields = {name: value for name, value in _fields(graph).items() if name != "name"}
        update = Update(
            keys.graph(graph.graph_id),
            METADATA,
            put=fields,
            condition=PRESENT & Attr("status").eq(GraphStatus.CREATING.value),
        )
        return self._done(update)

    def rename(self, graph_id: str, name: str) -> None:
        """Change its name; where it is gone nothing happens."""
        self._done(Update(keys.graph(graph_id), METADATA, put={"name": name}, condition=PRESENT))

    def remove(self, graph_id: str) -> None:
        """Remove it; again changes nothing."""
        self._table.write(Delete(keys.graph(graph_id), METADATA))

    def _done(self, update: Update) -> bool:
        try:
            self._table.write(update)
        except ConditionFailed:
            return False
        return True


def _fields(graph: Graph) -> Item:
    fields = graph.model_dump(mode="json", by_alias=True, exclude_none=True)
    return fields | {name: json.dumps(fields[name], ensure_ascii=False) for name in _NESTED if name in fields}


def _item(graph: Graph) -> Item:
    return _fields(graph) | {
        "PK": keys.graph(graph.graph_id),
        "SK": METADATA,
        "GSI1PK": keys.graphs_of(graph.user_id),
        "GSI1SK": f"{graph.created_at}#{graph.graph_id}",
    }


def _graph(item: Item) -> Graph:
    nested = {name: json.loads(item[name]) for name in _NESTED if name in item}
    return Graph.model_validate(item | nested, extra="ignore")
