"""From what was read to a map."""

import gc
from collections.abc import Sequence
from dataclasses import dataclass, field

from threadpoolctl import threadpool_limits

from graph_engine.document import SCHEMA_VERSION, Document
from graph_engine.drawing import (
    Subject,
    describe_clusters,
    describe_edges,
    describe_nodes,
    describe_parts,
    node_ids,
    place_nodes,
)
from graph_engine.encoders.korean import Korean
from graph_engine.encoders.sentence_encoders import SentenceEncoders
from graph_engine.encoders.vector_cache import VectorCache
from graph_engine.features import LIGHT_FROM, Understanding
from graph_engine.grouping import Grouping, group
from graph_engine.models import Collection, Conversation
from graph_engine.neighbours import nearest, shared_neighbours, shown_links
from graph_engine.phrases import add_phrases
from graph_engine.previous import Previous
from graph_engine.progress import CONNECTED, DRAWN, NAMED, READ, Step, Told, nobody
from graph_engine.vectors import Space
from graph_engine.vocabulary import word_report
from graph_engine.words import Wording, read_words

_TELL_EVERY = 500


@dataclass(frozen=True, slots=True)
class Making:
    """What making a map rests on; `at` is when it is made, in ISO 8601."""

    encoders: SentenceEncoders
    korean: Korean
    cache: VectorCache
    previous: Previous = field(default_factory=Previous)
    at: str | None = None
    level: str | None = None
    """The level of the learner, where the talk is their own; None for an export."""
    is_light: bool | None = None
    """By None it is decided by the number of conversations."""
    told: Told = nobody

    def is_light_for(self, count: int) -> bool:
        """Tell whether the light vectors do for so many conversations."""
        return count >= LIGHT_FROM if self.is_light is None else self.is_light


def make_map(collection: Collection, making: Making) -> tuple[Document, Space]:
    """Return the map of a collection, and the space in which its nodes are searched.

    The same collection, in whatever order it was written, and the same previous map give the same map on the same
    machine, whatever the number of its cores.

    Raises:
        ModelsMissing: the models were not built.
    """
    with threadpool_limits(1):  # sums over several threads differ in their last digit, and with them the neighbours
        return _made(collection, making)


def _made(collection: Collection, making: Making) -> tuple[Document, Space]:
    conversations, count = collection.conversations, len(collection.conversations)
    wordings = _wordings(conversations, making)
    is_light = making.is_light_for(count)
    features = Understanding(making.encoders, making.korean, making.cache, is_light=is_light).features(
        wordings, making.told
    )
    making.told(Step(CONNECTED))
    near = nearest(features.rows)
    links = shared_neighbours(near)
    gc.collect()
    subject = Subject(conversations, wordings)
    grouping = group(subject.names, features.rows, near, links, making.previous)
    making.told(Step(NAMED))
    places = place_nodes(subject.names, grouping, near, links, making.previous)
    ids, following = node_ids(subject.names, making.previous)
    making.told(Step(DRAWN))
    document = Document(
        graph=_graph(collection, grouping, following, making, is_light=is_light),
        nodes=describe_nodes(subject, grouping, places, ids, making.previous, making.at),
        edges=describe_edges(subject, grouping, shown_links(near), ids),
    )
    document.graph["clusters"] = describe_clusters(subject, grouping, places, ids, making.previous)
    document.graph["subclusters"] = describe_parts(subject, grouping, ids)
    add_phrases(document, collection.phrases, making.previous, making.at)
    document.graph |= _totals(document, making.previous)
    if making.level is not None:
        document.graph["vocabulary"] = word_report(collection.used, collection.heard, making.level)
    return document, features.meaning


def _totals(document: Document, previous: Previous) -> dict[str, int]:
    names = {node["origId"] for node in document.nodes}
    return {
        "totalNodes": len(names),
        "totalEdges": len(document.edges),
        "newNodes": sum(node["isNew"] for node in document.nodes),
        "removedNodes": len(set(previous.nodes) - names),
    }


def _wordings(conversations: Sequence[Conversation], making: Making) -> list[Wording]:
    wordings = []
    for place, conversation in enumerate(conversations):
        if place % _TELL_EVERY == 0:
            making.told(Step(READ, place, len(conversations)))
        wordings.append(read_words(conversation, making.korean))
    return wordings


def _graph(
    collection: Collection, grouping: Grouping, following: int, making: Making, *, is_light: bool
) -> dict[str, object]:
    return {
        "schemaVersion": SCHEMA_VERSION,
        "createdAt": making.at,
        "mode": "light" if is_light else "full",
        "resolution": round(grouping.resolution, 4),
        "nextNode": following,
        "nextCluster": grouping.next_cluster,
        "skipped": dict(sorted(collection.skipped.items())),
    }
