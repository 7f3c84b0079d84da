"""A grouping, drawn: where each node lies, what each cluster is called, why two nodes are linked."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import numpy as np

from graph_engine.grouping import Grouping
from graph_engine.layout import Points, beside, lay_out
from graph_engine.models import Conversation
from graph_engine.naming import distinct, is_still_said, keywords, name_of, own_keywords
from graph_engine.neighbours import Links, Neighbours
from graph_engine.previous import Previous, color_of
from graph_engine.reasons import Reasons
from graph_engine.words import Wording, sentences

_TITLE_CHARACTERS = 60
_HARD = 0.6
"""From this similarity on two conversations are about the same."""
_NEAREST_OLD = 4
_PART_KEYWORDS = 5
_TYPICAL = 3
Items = list[dict[str, Any]]


class Subject(NamedTuple):
    """The conversations that are drawn, and their words, in the order of their ids."""

    conversations: Sequence[Conversation]
    wordings: Sequence[Wording]

    @property
    def names(self) -> list[str]:
        """Return their ids."""
        return [one.conversation_id for one in self.conversations]

    @property
    def tokens(self) -> list[list[str]]:
        """Return their words."""
        return [one.tokens for one in self.wordings]


def node_ids(names: Sequence[str], previous: Previous) -> tuple[list[int], int]:
    """Return each conversation's number, which it keeps for ever, and the next one that is free."""
    following = previous.next_node
    ids = []
    for name in names:
        old = previous.nodes.get(name)
        ids.append(following if old is None else old.node_id)
        following += old is None
    return ids, following


def place_nodes(names: Sequence[str], grouping: Grouping, near: Neighbours, links: Links, previous: Previous) -> Points:
    """Return where each node lies: old ones exactly where they were, new ones beside their neighbours."""
    if not previous.is_continued_by(names):
        return lay_out(grouping.labels, links)
    places: list[Sequence[float] | None] = [
        (previous.nodes[name].x, previous.nodes[name].y) if name in previous.nodes else None for name in names
    ]
    for rank, newcomer in enumerate(place for place, known in enumerate(places) if known is None):
        ends = zip(near.indices[newcomer].tolist(), near.similarities[newcomer].tolist(), strict=True)
        around = [(weight, at) for other, weight in ends if (at := places[other]) is not None][:_NEAREST_OLD]
        around = around or [(1.0, at) for at in places if at is not None][:1]
        places[newcomer] = beside(around, rank).tolist()
    return np.array(places, float).reshape(-1, 2)


def describe_nodes(
    subject: Subject, grouping: Grouping, places: Points, ids: Sequence[int], previous: Previous, at: str | None
) -> Items:
    """Return the nodes as they are written."""
    tokens = subject.tokens
    spread = Counter(word for words in tokens for word in set(words))
    first_with: dict[str, str] = {}
    nodes = []
    for place, (one, wording) in enumerate(zip(subject.conversations, subject.wordings, strict=True)):
        text = " ".join(one.text.split())
        original = first_with.setdefault(text, one.conversation_id) if text else one.conversation_id
        old = previous.nodes.get(one.conversation_id)
        nodes.append(
            {
                "id": ids[place],
                "origId": one.conversation_id,
                "kind": "conversation",
                "title": one.title or _first_words(one.text),
                "clusterId": grouping.cluster_of[place],
                "subclusterId": grouping.part_of[place],
                "clusterConfidence": round(float(grouping.confidence[place]), 4),
                "outlier": grouping.is_outlier[place],
                "duplicateOf": None if original == one.conversation_id else original,
                "keywords": [word._asdict() for word in own_keywords(wording.tokens, spread, len(tokens))],
                "timestamp": timestamp(one.began_at),
                "language": wording.language,
                "messages": one.messages,
                "sourceType": one.source,
                "x": round(float(places[place, 0]), 4),
                "y": round(float(places[place, 1]), 4),
                "addedAt": at if old is None else old.added_at,
                "isNew": old is None and bool(previous.nodes),
            }
        )
    return nodes


def describe_clusters(
    subject: Subject, grouping: Grouping, places: Points, ids: Sequence[int], previous: Previous
) -> Items:
    """Return the clusters as they are written, by number; an old name stays while its words are still said."""
    tokens = subject.tokens
    found = keywords(tokens, grouping.clusters)
    taken: set[str] = set()
    clusters = []
    for cluster, members in grouping.clusters.items():
        name = previous.names.get(cluster, "")
        if not name or not is_still_said(name, tokens, members):
            name = name_of(found[cluster])
        middle = places[members].mean(0)
        reach = np.linalg.norm(places[members] - middle, axis=1)
        clusters.append(
            {
                "id": cluster,
                "name": distinct(name, taken),
                "description": None,
                "size": len(members),
                "keywords": [word._asdict() for word in found[cluster]],
                "typical": [ids[member] for member in members[:_TYPICAL]],
                "color": color_of(cluster),
                "x": round(float(middle[0]), 4),
                "y": round(float(middle[1]), 4),
                "r": round(float(np.quantile(reach, 0.95)), 4),
            }
        )
    return clusters


def describe_parts(subject: Subject, grouping: Grouping, ids: Sequence[int]) -> Items:
    """Return the parts of clusters as they are written."""
    found = keywords(subject.tokens, grouping.parts, _PART_KEYWORDS)
    return [
        {
            "id": part,
            "clusterId": part.rpartition(".")[0],
            "name": name_of(found[part]),
            "size": len(members),
            "representativeNodeId": ids[members[0]],
            "topKeywords": [word.term for word in found[part]],
        }
        for part, members in grouping.parts.items()
    ]


def describe_edges(subject: Subject, grouping: Grouping, shown: Links, ids: Sequence[int]) -> Items:
    """Return the edges as they are written, by their ends."""
    tokens = subject.tokens
    spread = Counter(word for words in tokens for word in set(words))
    reasons = Reasons(tokens, [one.text for one in subject.conversations], spread)
    edges = []
    for first, second, weight in zip(shown.first.tolist(), shown.second.tolist(), shown.weights.tolist(), strict=True):
        one, other = (first, second) if ids[first] < ids[second] else (second, first)
        reason = reasons.of(one, other)
        edges.append(
            {
                "source": ids[one],
                "target": ids[other],
                "weight": round(weight, 4),
                "type": "hard" if weight >= _HARD else "insight",
                "isIntraCluster": grouping.cluster_of[one] == grouping.cluster_of[other],
                "shared": reason.shared,
                "quotes": reason.quotes,
            }
        )
    return sorted(edges, key=lambda edge: (edge["source"], edge["target"]))


def timestamp(seconds: float | None) -> str | None:
    """Return a time as ISO 8601 in UTC."""
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _first_words(text: str) -> str | None:
    """Return the beginning of what was said, as a title for what has none."""
    first = next(iter(sentences(text[:1000])), "")
    words = " ".join(first.split())
    return (words[:_TITLE_CHARACTERS] + ("…" if len(words) > _TITLE_CHARACTERS else "")) or None
