import csv
import io
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from xml.etree import ElementTree

import orjson
import pytest

from shared.domains.graphs.contract import Filters
from shared.domains.graphs.rules.converting import as_csv, as_gexf, as_graphml, as_json

HOSTILE = '=cmd|" /C calc"!A1 <script>&\x00\x0b "quoted"'
NODES = [
    {"id": 1, "origId": "a", "title": HOSTILE, "kind": "conversation", "clusterId": "cluster_1", "language": "en",
     "timestamp": "2026-01-01T00:00:00.000Z", "addedAt": "2026-02-01T00:00:00.000000Z", "x": 0.5, "y": -1.0},
    {"id": 2, "origId": "b", "title": "둘", "kind": "conversation", "clusterId": "cluster_2", "language": "ko",
     "timestamp": "2026-01-03T00:00:00.000Z", "addedAt": "2026-02-03T00:00:00.000000Z", "x": 0.0, "y": 0.0},
    {"id": 3, "origId": "c", "title": None, "kind": "conversation", "clusterId": "cluster_2", "language": "ko",
     "timestamp": None, "addedAt": None, "x": 0.0, "y": 0.0},
]  # fmt: skip
EDGES = [
    {"source": 1, "target": 2, "weight": 0.5, "type": "insight", "isIntraCluster": False, "shared": ["ball", "공"]},
    {"source": 2, "target": 3, "weight": 0.7, "type": "hard", "isIntraCluster": True, "shared": []},
]
EVERYTHING = Filters()


def lines() -> Iterator[bytes]:
    yield b'{"directed":false,"multigraph":false,\n'
    yield b'"graph":{"clusters":[]},\n'
    yield b'"nodes":[\n'
    yield from (orjson.dumps(node) + (b",\n" if node is not NODES[-1] else b"\n") for node in NODES)
    yield b'],\n"edges":[\n'
    yield from (orjson.dumps(edge) + (b",\n" if edge is not EDGES[-1] else b"\n") for edge in EDGES)
    yield b"]}\n"


def read(filters: Filters) -> dict[str, Any]:
    return dict(orjson.loads(b"".join(as_json(lines(), filters, {"success": True}))))


def test_the_whole_map_is_passed_on_as_it_is() -> None:
    found = read(EVERYTHING)

    assert (found["success"], found["directed"], found["nodes"], found["edges"]) == (True, False, NODES, EDGES)


@pytest.mark.parametrize(
    ("fields", "nodes", "edges"),
    [
        ({"language": "ko"}, [2, 3], 1),
        ({"cluster": "cluster_1"}, [1], 0),
        ({"since": "2026-02-02T00:00:00Z"}, [2], 0),
        ({"since": "2026-02-01T09:00:00+09:00"}, [1, 2], 1),
        ({"from": "2026-01-02T00:00:00Z"}, [2], 0),
        ({"to": "2026-01-02T00:00:00Z"}, [1], 0),
        ({"since": "2030-01-01T00:00:00Z"}, [], 0),
    ],
)
def test_part_of_a_map_with_the_edges_between(fields: dict[str, str], nodes: list[int], edges: int) -> None:
    found = read(Filters.model_validate(fields))

    assert [node["id"] for node in found["nodes"]] == nodes
    assert len(found["edges"]) == edges


Converter = Callable[[Iterable[bytes], Filters], Iterator[bytes]]


@pytest.mark.parametrize("convert", [as_graphml, as_gexf])
@pytest.mark.parametrize("filters", [EVERYTHING, Filters(cluster="cluster_1"), Filters(cluster="none")])
def test_xml_is_well_formed_whatever_people_wrote(convert: Converter, filters: Filters) -> None:
    root = ElementTree.fromstring(b"".join(convert(lines(), filters)))
    nodes = [one for one in root.iter() if one.tag.endswith("}node")]
    edges = [one for one in root.iter() if one.tag.endswith("}edge")]

    expected = {None: (3, 2), "cluster_1": (1, 0), "none": (0, 0)}[filters.cluster]
    assert (len(nodes), len(edges)) == expected


def test_a_spreadsheet_takes_no_cell_for_a_formula() -> None:
    text = b"".join(as_csv(lines(), EVERYTHING)).decode()
    rows = list(csv.DictReader(io.StringIO(text)))

    assert [row["row"] for row in rows] == ["node", "node", "node", "edge", "edge"]
    assert rows[0]["title"].startswith("'=")
    assert (rows[3]["source"], rows[3]["target"], rows[3]["shared"]) == ("1", "2", "ball 공")
