import random
from collections import defaultdict
from pathlib import Path
from typing import Any

import orjson
import pytest

from graph_engine.document import Document, write_document
from tests.graph_engine.exports import TOPICS, talk, talks


def topics_by_cluster(document: Document) -> dict[str, set[str]]:
    found = defaultdict(set)
    for node in document.nodes:
        found[node["clusterId"]].add(node["origId"].removeprefix("ko-").partition("-")[0])
    return found


def clusters(document: Document) -> dict[str, dict[str, Any]]:
    return {cluster["id"]: cluster for cluster in document.graph["clusters"]}


def nodes(document: Document) -> dict[str, dict[str, Any]]:
    return {node["origId"]: node for node in document.nodes}


def test_conversations_lie_with_those_of_their_topic_whatever_the_language(draw: Any) -> None:
    document = draw(talks(10, korean=2))

    assert all(len(topics) == 1 for topics in topics_by_cluster(document).values())
    found = nodes(document)
    assert (found["ko-garden-1"]["language"], found["garden-1"]["language"]) == ("ko", "en")


def test_a_cluster_is_named_by_its_own_words(draw: Any) -> None:
    document = draw(talks(10))
    members = topics_by_cluster(document)

    for name, cluster in clusters(document).items():
        (topic,) = members[name]
        words = " ".join(TOPICS[topic]).lower()
        assert all(word in words for word in cluster["name"].replace(",", "").split())
        assert cluster["size"] == sum(node["clusterId"] == name for node in document.nodes)
        assert len(cluster["typical"]) == 3


def test_an_edge_says_why(draw: Any) -> None:
    document = draw(talks(10))

    assert all(
        node["id"] in {end for e in document.edges for end in (e["source"], e["target"])} for node in document.nodes
    )
    for edge in document.edges:
        assert edge["source"] < edge["target"]
        assert 0 <= edge["weight"] <= 1
        for quote in edge["quotes"]:
            assert any(word in quote.lower() for word in edge["shared"])
    assert any(edge["quotes"] for edge in document.edges)


def test_the_same_conversations_in_any_order_are_the_same_bytes(draw: Any, tmp_path: Path) -> None:
    found = talks(8, korean=3)
    shuffled = random.Random(1).sample(found, len(found))
    written = []
    for number, given in enumerate((found, shuffled)):
        write_document(draw(given), tmp_path / f"{number}.json")
        written.append((tmp_path / f"{number}.json").read_bytes())

    assert written[0] == written[1]
    assert len(orjson.loads(written[0])["nodes"]) == len(found)


def test_a_map_from_cached_vectors_is_the_same_map(draw: Any, tmp_path: Path) -> None:
    cache = tmp_path / "vectors.npz"
    fresh = draw(talks(8, korean=3), cache=cache)

    assert draw(talks(8, korean=3), cache=cache) == fresh
    cache.write_bytes(cache.read_bytes()[:1000])
    assert draw(talks(8, korean=3), cache=cache) == fresh


def test_the_next_map_keeps_ids_names_colours_and_places(draw: Any) -> None:
    first = draw(talks(10))
    second = draw([*talks(10), talk("new-1", *TOPICS["music"]), talk("new-2", *TOPICS["garden"])], first)
    before, after = nodes(first), nodes(second)

    for name, node in before.items():
        kept = ("id", "clusterId", "x", "y", "addedAt")
        assert [after[name][field] for field in kept] == [node[field] for field in kept]
    for name, cluster in clusters(first).items():
        assert (clusters(second)[name]["name"], clusters(second)[name]["color"]) == (cluster["name"], cluster["color"])
    assert [name for name, node in after.items() if node["isNew"]] == ["new-1", "new-2"]
    assert after["new-1"]["clusterId"] == before["music-1"]["clusterId"]
    assert second.graph["newNodes"] == 2
    assert {after["new-1"]["id"], after["new-2"]["id"]}.isdisjoint(node["id"] for node in before.values())


def test_what_was_deleted_leaves_nothing(draw: Any) -> None:
    secret = [
        talk(f"secret-{number}", f"My zyxquokka is ill {number}", "Take the zyxquokka to a doctor")
        for number in range(6)
    ]
    first = draw([*talks(8), *secret])
    second = draw(talks(8), first)

    assert "zyxquokka" in orjson.dumps(first.graph).decode()
    assert "zyxquokka" not in str(second)
    assert second.graph["removedNodes"] == 6
    gone = {node["clusterId"] for node in first.nodes} - {node["clusterId"] for node in second.nodes}
    assert gone
    third = draw([*talks(8), *secret], second)
    assert not gone & set(clusters(third)), "an id is never used again"


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5])
def test_small_maps(count: int, draw: Any) -> None:
    document = draw(talks(2)[:count])

    assert len(document.nodes) == count
    assert sum(cluster["size"] for cluster in document.graph["clusters"]) == count


def test_identical_conversations_are_marked(draw: Any) -> None:
    document = draw([talk(f"same-{number:02}", *TOPICS["music"]) for number in range(40)])

    assert [node["duplicateOf"] for node in document.nodes] == [None, *["same-00"] * 39]


def test_conversations_without_words_are_on_the_map_too(draw: Any) -> None:
    document = draw([*talks(8), talk("nothing"), talk("signs", "!?! 123 😀"), talk("other", "Привет, как дела?")])

    assert {"nothing", "signs", "other"} <= set(nodes(document))


def test_the_light_map_needs_one_model(draw: Any) -> None:
    document = draw(talks(10), is_light=True)

    assert document.graph["mode"] == "light"
    assert all(len(topics) == 1 for topics in topics_by_cluster(document).values())


def test_a_map_that_has_grown_by_half_is_drawn_afresh_with_its_old_ids(draw: Any) -> None:
    first = draw(talks(8))
    second = draw(
        [
            *talks(8),
            *(
                talk(f"more-{number}", "The rocket flies to the moon", "Planets and stars in space")
                for number in range(20)
            ),
        ],
        first,
    )

    old = {node["origId"]: node["clusterId"] for node in first.nodes}
    kept = sum(node["clusterId"] == old.get(node["origId"]) for node in second.nodes)
    assert kept >= 0.9 * len(old)
    assert any(node["x"] != nodes(first)[node["origId"]]["x"] for node in second.nodes if node["origId"] in old)


PHRASE = {"phraseId": "p1", "said": "goed", "better": "went", "why": "irregular", "count": 2}


def test_phrases_are_nodes_that_belong_to_conversations(draw: Any) -> None:
    own = {"conversations": talks(4), "phrases": [{**PHRASE, "conversationIds": ["music-0", "gone"]}, {"said": "half"}]}
    lost = {**PHRASE, "phraseId": "p2", "conversationIds": ["gone"]}
    own["phrases"].append(lost)
    first = draw(own)
    second = draw({**own, "conversations": [*talks(4), talk("new", *TOPICS["music"])]}, first)

    phrase, conversation = nodes(first)["p1"], nodes(first)["music-0"]
    assert (phrase["kind"], phrase["said"], phrase["better"]) == ("phrase", "goed", "went")
    assert phrase["clusterId"] == conversation["clusterId"]
    assert "p2" not in nodes(first)
    (edge,) = [edge for edge in first.edges if edge["type"] == "phrase"]
    assert {edge["source"], edge["target"]} == {phrase["id"], conversation["id"]}
    assert first.graph["skipped"] == {"unknown": 1}
    kept = ("id", "x", "y")
    assert [nodes(second)["p1"][field] for field in kept] == [phrase[field] for field in kept]
    assert second.graph["newNodes"] == 1


def test_a_report_on_words(draw: Any) -> None:
    said = "The nice teacher was nice and the nice lesson was very nice and nice"
    heard = "We discussed the schedule, and the schedule of the schedule; was it convenient?"
    report = draw([talk("a", said, heard)], level="intermediate").graph["vocabulary"]

    assert [word["word"] for word in report["overused"]] == ["nice"]
    assert report["neverTried"][0] == {"word": "schedule", "count": 3, "level": "B1"} or "schedule" in {
        word["word"] for word in report["neverTried"]
    }
    assert not {"nice", "lesson"} & {word["word"] for word in report["neverTried"]}
