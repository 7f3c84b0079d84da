from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from shared.domains.graphs.contract import ListGraphs, RenameGraph, SearchGraph, StoreGraph
from shared.domains.graphs.errors import (
    ExportRefused,
    ExportTooLarge,
    GraphNotFound,
    GraphNotReady,
    MapCancelled,
    NoExport,
    TooManyGraphs,
)
from shared.domains.graphs.models import LARGEST_EXPORT, GraphStatus, Refusal
from shared.domains.graphs.rules import drawing, reading, searching, storing
from shared.domains.jobs.models import JobStatus
from shared.domains.jobs.service import cancel_job
from shared.kernel.errors import Unavailable
from tests.shared.domains.graphs.world import EXPORT, USER, World

REFUSAL = Refusal(code="broken", en="It is broken.", ko="깨졌습니다.")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_an_export_becomes_a_graph_that_is_announced_once(world: World) -> None:
    graph = world.ask(name="Mine")
    assert [type(job).__name__ for job in world.jobs.jobs] == ["BuildGraph"]
    assert EXPORT not in orjson.dumps(world.jobs.jobs[0].wire()), "the message carries no word of the export"
    world.work()

    found = reading.owned_graph("g1", USER, store=world.store, records=world.records)
    assert (found.status, found.name, found.facts.nodes) == (GraphStatus.READY, "Mine", 3)
    (ready,) = world.announced
    assert (ready.graph_id, ready.job_id, ready.nodes, ready.clusters) == ("g1", graph.job_id, 3, 1)
    job = world.job_of(graph)
    assert (job.status, job.result and job.result["graphId"]) == (JobStatus.COMPLETED, "g1")
    assert not list(world.directory.iterdir()), "nothing is left on the worker's disk"


def test_told_twice_it_is_announced_once_and_killed_before_the_note_it_is_announced_all_the_same(world: World) -> None:
    world.ask()
    drawing.build_graph(world.jobs.jobs.pop(), workshop=world.workshop)
    job = world.jobs.jobs.pop()
    graph = world.store.get("g1")
    assert graph is not None
    world.store.end(storing._ended(graph, job))  # a run that was killed behind its first step
    storing.store_graph(job, workshop=world.workshop)

    assert len(world.announced) == 1
    assert world.job_of(graph).status is JobStatus.COMPLETED


def test_drawn_twice_it_is_one_graph(world: World) -> None:
    world.ask()
    job = world.jobs.jobs[0]
    world.work()
    drawing.build_graph(job, workshop=world.workshop)

    assert not world.jobs.jobs
    assert len(world.maker.sheets) == 1


def test_what_cannot_be_drawn_ends_with_its_sentence_and_is_not_tried_again(world: World) -> None:
    world.maker.fault = ExportRefused(REFUSAL)
    graph = world.ask()
    world.work()

    found = reading.owned_graph("g1", USER, store=world.store, records=world.records)
    job = world.job_of(graph)
    assert (found.status, found.refusal) == (GraphStatus.FAILED, REFUSAL)
    assert (job.status, job.error) == (JobStatus.FAILED, "INVALID_REQUEST")
    assert job.result is not None
    assert (job.result["reason"], job.result["en"], job.result["ko"]) == ("broken", REFUSAL.en, REFUSAL.ko)
    with pytest.raises(GraphNotReady, match="It is broken"):
        reading.require_ready(found)


def test_a_drawing_that_was_interrupted_is_tried_again(world: World) -> None:
    world.maker.fault = Unavailable("killed")
    world.ask()
    job = world.jobs.jobs[0]
    with pytest.raises(Unavailable):
        world.work()
    world.maker.fault = None
    world.run(job)
    world.work()

    assert len(world.announced) == 1


def test_a_cancelled_graph_is_not_drawn_and_leaves_nothing(world: World) -> None:
    graph = world.ask()
    cancel_job(graph.job_id, USER, jobs=world.records, events=world.events, clock=world.clock)
    world.work()

    assert not world.objects.objects
    assert not world.maker.sheets
    assert world.store.graphs["g1"].status is GraphStatus.CANCELLED


def test_a_graph_that_is_cancelled_while_it_is_drawn_leaves_nothing(world: World) -> None:
    world.maker.fault = MapCancelled()
    world.ask()
    world.work()

    assert not world.objects.objects
    assert not world.announced


def test_a_graph_that_is_deleted_while_its_end_is_on_the_way_leaves_nothing(world: World) -> None:
    graph = world.ask()
    drawing.build_graph(world.jobs.jobs.pop(), workshop=world.workshop)
    world.store.remove(graph.graph_id)
    world.work()

    assert not world.objects.objects
    assert not world.announced


def test_an_upload_that_expired_is_a_clear_end(world: World) -> None:
    world.ask()
    world.objects.objects.clear()
    world.work()

    assert world.store.graphs["g1"].refusal == drawing._GONE


def test_the_next_graph_goes_on_from_the_last_of_its_source(world: World) -> None:
    world.ask("g1")
    world.work()
    world.clock.sleep(60)
    world.ask("own", pieces=None)
    world.work()
    world.clock.sleep(60)
    world.ask("g2")
    world.work()

    first, own, second = world.maker.sheets
    assert first["previous"] is None
    assert own["previous"] is None
    assert second["previous"] == world.objects.objects[world.store.graphs["g1"].result_key("graph.json")]


def phrase(name: str, said: str, better: str, *conversations: str) -> dict[str, Any]:
    return {"phraseId": name, "said": said, "better": better, "conversationIds": list(conversations)}


def partner_talk(name: str, *said: str) -> dict[str, Any]:
    return {"id": name, "messages": [{"role": "user", "content": text} for text in said]}


def test_ones_own_talk_is_collected_by_the_worker(world: World) -> None:
    room = {"roomId": "r1", "messages": [{"sender": "user", "text": "I go to school."}]}
    known = phrase("p1", "a", "b", "c1")
    world.talk._conversations = [partner_talk("c1"), partner_talk("c2"), room]
    world.talk._phrases = [known]
    world.ask(pieces=None)
    world.work()

    (sheet,) = world.maker.sheets
    told = orjson.loads(sheet["export"])
    assert told == {"conversations": [partner_talk("c1"), partner_talk("c2"), room], "phrases": [known]}
    assert sheet["level"] == "intermediate"


def test_a_phrase_belongs_to_the_talks_in_which_it_was_said_in_either_form(world: World) -> None:
    answer = {"role": "assistant", "content": "Did you see the world?"}
    world.talk._conversations = [
        partner_talk("c1", "Yes.", "I like this WORD!"),
        partner_talk("c2", "Worlds apart"),
        {"id": "c3", "messages": [answer]},
        partner_talk("c4", "the world"),
    ]
    world.talk._phrases = [phrase("p1", "word", "world"), phrase("p2", "", "", "c9"), phrase("p3", "", "!")]
    world.ask(pieces=None)
    world.work()

    (sheet,) = world.maker.sheets
    told = {one["phraseId"]: one["conversationIds"] for one in orjson.loads(sheet["export"])["phrases"]}
    assert told == {"p1": ["c1", "c4"], "p2": ["c9"], "p3": []}


@pytest.mark.parametrize("head", [b"hello", b"<html>", b"\x00\x01", b"GIF89a", b"", b"   "])
def test_what_cannot_be_an_export_is_refused_before_it_is_stored(head: bytes, world: World) -> None:
    with pytest.raises(NoExport):
        world.ask(pieces=[head])

    assert not world.objects.objects
    assert not world.store.graphs
    assert not world.jobs.jobs


@pytest.mark.parametrize("head", [b"[", b"  \n{", b"\xef\xbb\xbf[", b"PK\x03\x04"])
def test_what_may_be_an_export_is_stored(head: bytes, world: World) -> None:
    world.ask(pieces=[head[:1], head[1:], b"rest"])

    assert world.objects.objects[world.store.graphs["g1"].payload_key] == head + b"rest"


def test_more_than_an_export_may_have_is_refused_while_it_comes(world: World) -> None:
    piece = b"[" * (1 << 20)

    def endless() -> Iterator[bytes]:
        for number in range(10_000):
            assert number <= LARGEST_EXPORT >> 20, "it is refused at the bound"
            yield piece

    class Discarding:
        def upload(self, _key: str, pieces: Iterator[bytes]) -> None:
            for _ in pieces:
                pass

    world.objects = Discarding()  # type: ignore[assignment]
    with pytest.raises(ExportTooLarge, match="512 MB"):
        world.ask(pieces=endless())


def test_two_graphs_at_once_and_no_third(world: World) -> None:
    world.ask("g1")
    second = world.ask("g2")
    with pytest.raises(TooManyGraphs):
        world.ask("g3")
    world.ask("g2")  # the same again
    cancel_job(second.job_id, USER, jobs=world.records, events=world.events, clock=world.clock)
    world.ask("g3")
    world.clock.sleep(90_000)

    world.ask("g4")


def test_a_graph_whose_job_died_has_failed(world: World) -> None:
    graph = world.ask()
    world.tracker.fail(graph.job_id, "INTERNAL_SERVER_ERROR")
    (found,) = reading.list_graphs(ListGraphs(), USER, position=None, store=world.store, records=world.records).items

    assert found.status is GraphStatus.FAILED
    assert found.refusal is not None


def test_a_graph_is_its_owners_alone(world: World) -> None:
    world.ask()
    with pytest.raises(GraphNotFound):
        reading.owned_graph("g1", "u2", store=world.store, records=world.records)
    with pytest.raises(GraphNotFound):
        reading.owned_graph("g2", USER, store=world.store, records=world.records)


def test_renamed_and_removed(world: World) -> None:
    world.ask()
    world.work()
    graph = world.store.graphs["g1"]
    assert reading.rename_graph(RenameGraph(name="Other"), graph, store=world.store).name == "Other"
    reading.remove_graph(graph, store=world.store, objects=world.objects)
    reading.remove_graph(graph, store=world.store, objects=world.objects)

    assert not world.objects.objects
    assert not world.store.graphs


def test_a_search_tells_the_nodes_of_the_nearest_rows(world: World) -> None:
    world.ask()
    world.work()
    graph = world.store.graphs["g1"]
    world.tracker.record("s1", "graph-search", USER)
    searching.search_graph(
        SearchGraph(job_id="s1", graph_id="g1", user_id=USER, near="x", limit=5), workshop=world.workshop
    )
    job = world.records.get("s1")

    assert job is not None
    assert job.result is not None
    assert [(node["id"], node["similarity"]) for node in job.result["nodes"]] == [(0, 1.0), (1, 0.9)]
    reading.remove_graph(graph, store=world.store, objects=world.objects)
    world.tracker.record("s2", "graph-search", USER)
    searching.search_graph(
        SearchGraph(job_id="s2", graph_id="g1", user_id=USER, near="x", limit=5), workshop=world.workshop
    )
    gone = world.records.get("s2")
    assert gone is not None
    assert gone.error == "NOT_FOUND"


def test_the_end_of_a_graph_is_stored_under_one_id() -> None:
    given: dict[str, Any] = {"graph_id": "g1", "job_id": "j1", "user_id": USER}

    assert StoreGraph(**given, at="1").identity() == StoreGraph(**given, at="2").identity()
