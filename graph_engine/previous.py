"""The map before this one, whose ids, names, colours and places go on."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

PALETTE = (
    *("#4e79a7", "#f28e2b", "#59a14f", "#e15759", "#76b7b2", "#edc948", "#b07aa1", "#ff9da7"),
    *("#9c755f", "#86bcb6", "#d37295", "#a0cbe8", "#ffbe7d", "#8cd17d", "#fabfd2", "#d4a6c8"),
)
_NUMBER = re.compile(r"(\d+)$")
_FRESH_FROM = 1.5
"""A map that has grown by half is drawn afresh: there is no room for so many newcomers among the old."""


@dataclass(frozen=True, slots=True)
class OldNode:
    """A node as it was."""

    node_id: int
    cluster_id: str
    subcluster_id: str | None
    x: float
    y: float
    added_at: str | None


@dataclass(frozen=True, slots=True)
class Previous:
    """What is known of the map before; empty where there was none."""

    nodes: Mapping[str, OldNode] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    resolution: float | None = None
    next_node: int = 1
    next_cluster: int = 1

    def is_continued_by(self, names: Sequence[str]) -> bool:
        """Tell whether a map of these conversations is the old one with some more, or less."""
        known = sum(name in self.nodes for name in names)
        return known > 0 and len(names) <= _FRESH_FROM * known


def read_previous(path: Path) -> Previous:
    """Return the map in a file; one that cannot be read counts as none, since a map can always be made afresh."""
    try:
        found = orjson.loads(path.read_bytes())
        graph = found["graph"]
        return Previous(
            nodes={node["origId"]: _old_node(node) for node in found["nodes"]},
            names={cluster["id"]: cluster["name"] for cluster in graph["clusters"]},
            resolution=graph["resolution"],
            next_node=graph["nextNode"],
            next_cluster=graph["nextCluster"],
        )
    except (OSError, ValueError, KeyError, TypeError):
        return Previous()


def _old_node(node: dict[str, Any]) -> OldNode:
    cluster, part = str(node.get("clusterId") or ""), node.get("subclusterId")
    return OldNode(int(node["id"]), cluster, part, float(node["x"]), float(node["y"]), node.get("addedAt"))


def color_of(cluster_id: str) -> str:
    """Return the colour of a cluster, which follows its id."""
    return PALETTE[(number_of(cluster_id) - 1) % len(PALETTE)]


def number_of(name: str) -> int:
    """Return the number at the end of an id."""
    found = _NUMBER.search(name)
    return int(found[1]) if found else 0


def continued_ids(
    groups: Mapping[int, Iterable[int]], before: Mapping[int, str], *, prefix: str, following: int
) -> tuple[dict[int, str], int]:
    """Return an id for each group, and the number that the next new one will have.

    A group takes the id with which it shares most members, the largest share first, each id once; the others get new
    ones, the largest group first. An id is never used again for something else.
    """
    members = {label: list(group) for label, group in groups.items()}
    shares = Counter(
        (label, before[member]) for label, group in members.items() for member in group if member in before
    )
    given: dict[int, str] = {}
    for (label, name), _ in sorted(shares.items(), key=lambda one: (-one[1], one[0][1], one[0][0])):
        if label not in given and name not in given.values() and name.startswith(prefix):
            given[label] = name
    for label in sorted(members, key=lambda one: (-len(members[one]), members[one])):
        if label not in given:
            given[label] = f"{prefix}{following}"
            following += 1
    return given, following
