"""The map as a file: node-link JSON in which every node and every edge has a line of its own.

So it can be read as a whole by anything that reads JSON, and line by line by whoever filters or converts it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

SCHEMA_VERSION = 1


@dataclass(slots=True)
class Document:
    """A map: what is said of it as a whole, its nodes and its edges, as they are written."""

    graph: dict[str, Any] = field(default_factory=dict)
    nodes: list[dict[str, Any]] = field(default_factory=list)
    edges: list[dict[str, Any]] = field(default_factory=list)


def write_document(document: Document, path: Path) -> None:
    """Write a map; equal maps become equal bytes."""
    with path.open("wb") as file:
        file.writelines(_lines(document))


def _lines(document: Document) -> Iterator[bytes]:
    yield b'{"directed":false,"multigraph":false,\n"graph":' + orjson.dumps(document.graph) + b",\n"
    yield b'"nodes":[\n'
    yield from _separated(document.nodes)
    yield b'],\n"edges":[\n'
    yield from _separated(document.edges)
    yield b"]}\n"


def _separated(items: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    before = None
    for item in items:
        if before is not None:
            yield before + b",\n"
        before = orjson.dumps(item)
    if before is not None:
        yield before + b"\n"
