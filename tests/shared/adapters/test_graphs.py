import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.adapters.aws.clients import AwsClients
from shared.adapters.aws.graph_objects import PART_BYTES, S3GraphObjects
from shared.adapters.dynamodb.graphs import DynamoGraphs
from shared.adapters.memory.graphs import MemoryGraphObjects, MemoryGraphs
from shared.domains.graphs.errors import ExportTooLarge
from shared.domains.graphs.models import Facts, Graph, GraphStatus, Refusal, Source
from shared.domains.graphs.ports import GraphObjects, GraphStore


def a_graph(**fields: Any) -> Graph:
    given = {"graph_id": "g1", "user_id": "u1", "job_id": "j1", "name": "One", "source": Source.UPLOAD}
    return Graph.model_validate({**given, "created_at": "2026-01-01T00:00:00.000000Z", **fields})


@pytest.fixture(params=["memory", "dynamodb"])
def graphs(request: pytest.FixtureRequest) -> GraphStore:
    if request.param == "memory":
        return MemoryGraphs()
    return DynamoGraphs(request.getfixturevalue("adapter_table"))


def test_a_graph_is_added_once(graphs: GraphStore) -> None:
    graphs.add(a_graph())
    graphs.add(a_graph(name="Two"))

    assert graphs.get("g1") == a_graph()
    assert graphs.get("g2") is None


def test_a_graph_ends_once_and_keeps_its_name(graphs: GraphStore) -> None:
    graphs.add(a_graph())
    graphs.rename("g1", "Mine")
    facts = Facts(nodes=3, edges=2, clusters=1, skipped={"unknown": 2})
    ended = a_graph(status=GraphStatus.READY, facts=facts, ready_at="2026-01-02T00:00:00.000000Z")
    refusal = Refusal(code="broken", en="It is broken.", ko="깨졌습니다.")

    assert graphs.end(ended)
    assert not graphs.end(a_graph(status=GraphStatus.FAILED, refusal=refusal))
    assert not graphs.end(a_graph(graph_id="g2", status=GraphStatus.FAILED))
    assert graphs.get("g1") == ended.model_copy(update={"name": "Mine"})
    graphs.add(a_graph(graph_id="g3"))
    assert graphs.end(a_graph(graph_id="g3", status=GraphStatus.FAILED, refusal=refusal))
    found = graphs.get("g3")
    assert found is not None
    assert found.refusal == refusal


def test_a_graph_that_is_gone_stays_so(graphs: GraphStore) -> None:
    graphs.add(a_graph())
    graphs.remove("g1")
    graphs.remove("g1")
    graphs.rename("g1", "Again")

    assert graphs.get("g1") is None


def test_a_persons_graphs_newest_first_page_by_page(graphs: GraphStore) -> None:
    for number in range(5):
        graphs.add(a_graph(graph_id=f"g{number}", created_at=f"2026-01-0{number + 1}T00:00:00.000000Z"))
    graphs.add(a_graph(graph_id="other", user_id="u2"))
    first = graphs.list_of("u1", position=None, limit=3)
    second = graphs.list_of("u1", position=first.position, limit=3)

    assert [one.graph_id for one in (*first.items, *second.items)] == ["g4", "g3", "g2", "g1", "g0"]
    assert second.position is None


@pytest.fixture(params=["memory", "s3"])
def objects(request: pytest.FixtureRequest) -> GraphObjects:
    if request.param == "memory":
        return MemoryGraphObjects()
    aws: AwsClients = request.getfixturevalue("adapter_aws")
    name = f"graphs-{uuid.uuid4().hex}"
    aws.s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "ap-northeast-2"})
    return S3GraphObjects(aws.s3, name)


def test_an_object_comes_in_pieces_and_goes_in_lines(objects: GraphObjects, tmp_path: Path) -> None:
    objects.upload("graphs/a", iter([b"one\ntw", b"o\nthr", b"ee"]))

    assert list(objects.lines("graphs/a") or ()) == [b"one\n", b"two\n", b"three"]
    assert objects.fetch("graphs/a", tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == b"one\ntwo\nthree"
    objects.put("graphs/b", tmp_path / "a")
    objects.remove(["graphs/a", "graphs/c"])
    assert objects.lines("graphs/a") is None
    assert not objects.fetch("graphs/a", tmp_path / "c")
    assert b"".join(objects.lines("graphs/b") or ()) == b"one\ntwo\nthree"


def test_a_large_object_arrives_whole(objects: GraphObjects, tmp_path: Path) -> None:
    piece = bytes(range(256)) * 400
    count = 2 * PART_BYTES // len(piece) + 3
    objects.upload("graphs/large", (piece for _ in range(count)))

    assert objects.fetch("graphs/large", tmp_path / "large")
    assert (tmp_path / "large").read_bytes() == piece * count


@pytest.mark.parametrize("pieces", [1, 2 * PART_BYTES // 65_536])
def test_what_breaks_off_leaves_nothing(pieces: int, objects: GraphObjects, tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        for _ in range(pieces):
            yield bytes(65_536)
        raise ExportTooLarge

    with pytest.raises(ExportTooLarge):
        objects.upload("graphs/broken", broken())

    assert not objects.fetch("graphs/broken", tmp_path / "x")
