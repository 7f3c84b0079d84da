"""A map on its way out: whole, or part of it, in the formats that others read; a line at a time.

A map is a file whose nodes and edges have a line each (schemas/graph.json): nothing here holds more than the line at
hand and the numbers of the nodes that were kept.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import orjson

from shared.domains.graphs.contract import Filters
from shared.kernel.times import instant

Fields = dict[str, Any]
_GRAPH, _NODE, _EDGE = b'"graph":', b'{"id":', b'{"source":'
_NODE_FIELDS = ("title", "kind", "clusterId", "subclusterId", "timestamp", "language", "messages", "outlier", "x", "y")
_EDGE_FIELDS = ("weight", "type", "isIntraCluster")


@dataclass(slots=True)
class Part:
    """Which nodes of a map are wanted, and which were found; edges follow their ends."""

    filters: Filters
    kept: set[int] = field(default_factory=set)

    def takes_node(self, node: Fields) -> bool:
        """Tell whether a node is wanted, and remember it."""
        wanted = self.filters
        at = node.get("timestamp")
        is_taken = (
            _is_after(node.get("addedAt"), wanted.since)
            and _is_after(at, wanted.begin)
            and (wanted.end is None or (at is not None and instant(at) < wanted.end))
            and wanted.language in (None, node.get("language"))
            and wanted.cluster in (None, node.get("clusterId"))
        )
        if is_taken:
            self.kept.add(node["id"])
        return is_taken

    def takes_edge(self, edge: Fields) -> bool:
        """Tell whether both ends of an edge were kept."""
        return edge["source"] in self.kept and edge["target"] in self.kept


def _is_after(at: str | None, begin: datetime | None) -> bool:
    return begin is None or (at is not None and instant(at) >= begin)


def is_whole(filters: Filters) -> bool:
    """Tell whether nothing is left out."""
    return not filters.model_dump(exclude_none=True, include=set(Filters.model_fields))


def as_json(lines: Iterable[bytes], filters: Filters, envelope: Fields) -> Iterator[bytes]:
    """Give node-link JSON with the fields of the envelope before it."""
    part = None if is_whole(filters) else Part(filters)
    yield orjson.dumps(envelope)[:-1] + b","
    is_first = True
    for line in lines:
        if line.startswith(b'{"directed"'):
            yield line[1:]
        elif not line.startswith((_NODE, _EDGE)) or part is None:
            yield line
            is_first = True
        elif _takes(part, line):
            yield (b"" if is_first else b",") + line.rstrip(b",\n") + b"\n"
            is_first = False


def _takes(part: Part, line: bytes) -> bool:
    fields = orjson.loads(line.rstrip(b",\n"))
    return part.takes_node(fields) if line.startswith(_NODE) else part.takes_edge(fields)


def _parts(lines: Iterable[bytes], filters: Filters) -> Iterator[tuple[str, Fields]]:
    """Give what is wanted of a map: `graph` first, then each `node`, then each `edge`."""
    part = Part(filters)
    for line in lines:
        if line.startswith(_GRAPH):
            yield "graph", orjson.loads(line[len(_GRAPH) :].rstrip(b",\n"))
        elif line.startswith((_NODE, _EDGE)):
            fields = orjson.loads(line.rstrip(b",\n"))
            if line.startswith(_NODE) and part.takes_node(fields):
                yield "node", fields
            elif line.startswith(_EDGE) and part.takes_edge(fields):
                yield "edge", fields


def as_graphml(lines: Iterable[bytes], filters: Filters) -> Iterator[bytes]:
    """Give GraphML."""
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    for owner, names in (("node", ("origId", *_NODE_FIELDS)), ("edge", (*_EDGE_FIELDS, "shared"))):
        for name in names:
            kind = "double" if name in ("x", "y", "weight") else "string"
            yield f'<key id="{owner}.{name}" for="{owner}" attr.name="{name}" attr.type="{kind}"/>\n'.encode()
    yield b'<graph edgedefault="undirected">\n'
    for kind, item in _parts(lines, filters):
        if kind == "node":
            data = _data("node", item, ("origId", *_NODE_FIELDS))
            yield f'<node id="{item["id"]}">{data}</node>\n'.encode()
        elif kind == "edge":
            data = _data("edge", item, (*_EDGE_FIELDS, "shared"))
            yield f'<edge source="{item["source"]}" target="{item["target"]}">{data}</edge>\n'.encode()
    yield b"</graph>\n</graphml>\n"


def _data(owner: str, item: Fields, names: Iterable[str]) -> str:
    found = ((name, item.get(name)) for name in names)
    return "".join(f'<data key="{owner}.{name}">{_text(value)}</data>' for name, value in found if value is not None)


def as_gexf(lines: Iterable[bytes], filters: Filters) -> Iterator[bytes]:
    """Give GEXF 1.3, with places."""
    names = ("kind", "clusterId", "subclusterId", "timestamp", "language", "origId")
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://gexf.net/1.3" '
    yield b'xmlns:viz="http://gexf.net/1.3/viz" version="1.3">\n<graph defaultedgetype="undirected">\n'
    yield b'<attributes class="node">\n'
    for name in names:
        yield f'<attribute id="{name}" title="{name}" type="string"/>\n'.encode()
    yield b"</attributes>\n<nodes>\n"
    is_in_nodes = True
    for kind, item in _parts(lines, filters):
        if kind == "node":
            yield _gexf_node(item, names)
        elif kind == "edge":
            if is_in_nodes:
                yield b"</nodes>\n<edges>\n"
                is_in_nodes = False
            ends = f"{item['source']}-{item['target']}", item["source"], item["target"], item["weight"]
            yield '<edge id="{}" source="{}" target="{}" weight="{}"/>\n'.format(*ends).encode()
    yield b"</nodes>\n</graph>\n</gexf>\n" if is_in_nodes else b"</edges>\n</graph>\n</gexf>\n"


def _gexf_node(node: Fields, names: Iterable[str]) -> bytes:
    values = "".join(
        f'<attvalue for="{name}" value={_attribute(node[name])}/>' for name in names if node.get(name) is not None
    )
    place = f'<viz:position x="{node["x"]}" y="{node["y"]}" z="0"/>'
    label = _attribute(node.get("title") or "")
    return f'<node id="{node["id"]}" label={label}><attvalues>{values}</attvalues>{place}</node>\n'.encode()


def as_csv(lines: Iterable[bytes], filters: Filters) -> Iterator[bytes]:
    """Give one table of nodes and edges; the first column tells which a row is."""
    write = _row_writer()
    yield write(["row", "id", "origId", *_NODE_FIELDS, "source", "target", *_EDGE_FIELDS, "shared"])
    for kind, item in _parts(lines, filters):
        if kind == "node":
            own = [item["id"], item["origId"], *(item.get(name) for name in _NODE_FIELDS)]
            yield write(["node", *own, *[""] * (len(_EDGE_FIELDS) + 3)])
        elif kind == "edge":
            own = [item["source"], item["target"], *(item.get(name) for name in _EDGE_FIELDS)]
            yield write(["edge", *[""] * (len(_NODE_FIELDS) + 2), *own, " ".join(item.get("shared") or [])])


def _row_writer() -> Callable[[Iterable[Any]], bytes]:
    """Return what makes a line of CSV; a cell that a spreadsheet would take for a formula is quoted as text."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)

    def write(cells: Iterable[Any]) -> bytes:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow([_cell(cell) for cell in cells])
        return buffer.getvalue().encode()

    return write


def _cell(value: Any) -> Any:
    return "'" + value if isinstance(value, str) and value[:1] in "=+-@\t\r" and value else value


def _text(value: Any) -> str:
    return escape(_plain(value))


def _attribute(value: Any) -> str:
    return quoteattr(_plain(value))


def _plain(value: Any) -> str:
    """Return a value as XML can hold it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    return "".join(one for one in text if one in "\t\n\r" or (one >= " " and one not in "\ufffe\uffff"))
