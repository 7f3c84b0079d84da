"""A second layer for learners: phrases that belong to conversations, as nodes beside them."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from graph_engine.document import Document
from graph_engine.layout import beside
from graph_engine.models import Phrase
from graph_engine.previous import Previous

_MOST = 500
"""The phrases that come most often; a map of more is no map."""


def add_phrases(document: Document, phrases: Sequence[Phrase], previous: Previous, at: str | None) -> None:
    """Add a node for each phrase, and an edge to each conversation of it that is on the map.

    A phrase keeps its id and its place from map to map; one without a conversation on the map is left out.
    """
    conversations = {node["origId"]: node for node in document.nodes}
    following = int(document.graph["nextNode"])
    chosen = sorted(phrases, key=lambda phrase: (-phrase.count, phrase.phrase_id))[:_MOST]
    for rank, phrase in enumerate(sorted(chosen, key=lambda one: one.phrase_id)):
        belongs = [conversations[name] for name in phrase.conversation_ids if name in conversations]
        if not belongs:
            continue
        old = previous.nodes.get(phrase.phrase_id)
        number = following if old is None else old.node_id
        following += old is None
        place = (old.x, old.y) if old else beside([(1.0, (node["x"], node["y"])) for node in belongs], rank)
        node = _node(phrase, number, belongs, place)
        node |= {"addedAt": at if old is None else old.added_at, "isNew": old is None and bool(previous.nodes)}
        document.nodes.append(node)
        document.edges += [_edge(one["id"], number) for one in belongs]
    document.graph["nextNode"] = following
    document.edges.sort(key=lambda edge: (edge["source"], edge["target"]))


def _node(phrase: Phrase, number: int, belongs: list[dict[str, Any]], place: Any) -> dict[str, Any]:
    clusters = Counter(str(node["clusterId"]) for node in belongs)
    return {
        "id": number,
        "origId": phrase.phrase_id,
        "kind": "phrase",
        "title": phrase.better or phrase.said,
        "said": phrase.said,
        "better": phrase.better,
        "why": phrase.why,
        "count": phrase.count,
        "clusterId": min(clusters, key=lambda cluster: (-clusters[cluster], cluster)),
        "subclusterId": None,
        "timestamp": max((node["timestamp"] for node in belongs if node["timestamp"]), default=None),
        "language": "en",
        "x": round(float(place[0]), 4),
        "y": round(float(place[1]), 4),
    }


def _edge(one: int, other: int) -> dict[str, Any]:
    first, second = sorted((one, other))
    return {
        "source": first,
        "target": second,
        "weight": 1.0,
        "type": "phrase",
        "isIntraCluster": True,
        "shared": [],
        "quotes": [],
    }
