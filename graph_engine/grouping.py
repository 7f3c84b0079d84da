"""Clusters and their parts, with ids that go on from map to map."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from graph_engine.communities import absorb_small, best_partition, continued_partition, divided
from graph_engine.neighbours import Links, Neighbours
from graph_engine.previous import Previous, continued_ids, number_of
from graph_engine.vectors import Labels, Matrix, centroid

_OUTLIER_BELOW = 0.12
_MOST_OUTLIERS = 0.1
"""At most this share is flagged: short texts are all a little apart."""


@dataclass(slots=True)
class Grouping:
    """Which conversation belongs where; members are indices, the most typical first."""

    resolution: float
    next_cluster: int
    clusters: dict[str, list[int]]
    parts: dict[str, list[int]]
    cluster_of: list[str]
    part_of: list[str | None]
    labels: Labels
    confidence: Matrix
    is_outlier: list[bool]


def group(names: Sequence[str], rows: Matrix, near: Neighbours, links: Links, previous: Previous) -> Grouping:
    """Return the clusters of conversations, given by id, row, neighbours and links."""
    labels, resolution = _labels(names, near, links, previous)
    members = {int(label): np.flatnonzero(labels == label).tolist() for label in np.unique(labels)}
    before = {place: previous.nodes[name].cluster_id for place, name in enumerate(names) if name in previous.nodes}
    ids, following = continued_ids(members, before, prefix="cluster_", following=previous.next_cluster)
    confidence = np.zeros(len(names), np.float32)
    clusters = {}
    for label in sorted(members, key=lambda one: number_of(ids[one])):
        clusters[ids[label]] = _typical_first(members[label], rows, confidence)
    parts = _parts(names, clusters, links, previous)
    return Grouping(
        resolution=resolution,
        next_cluster=following,
        clusters=clusters,
        parts=parts,
        cluster_of=[ids[int(label)] for label in labels],
        part_of=_owners(parts, len(names)),
        labels=labels,
        confidence=confidence,
        is_outlier=_outliers(confidence, links),
    )


def _labels(names: Sequence[str], near: Neighbours, links: Links, previous: Previous) -> tuple[Labels, float]:
    count = len(names)
    if count <= 3:
        return np.zeros(count, np.int64), 1.0
    if previous.resolution is not None and previous.is_continued_by(names):
        known = sorted({node.cluster_id for node in previous.nodes.values()})
        number = {cluster: place for place, cluster in enumerate(known)}
        before = [number[previous.nodes[name].cluster_id] if name in previous.nodes else -1 for name in names]
        labels = continued_partition(links, near, np.array(before, np.int64), previous.resolution)
        return absorb_small(labels, near), previous.resolution
    labels, resolution = best_partition(count, links)
    return absorb_small(labels, near), resolution


def _typical_first(members: list[int], rows: Matrix, confidence: Matrix) -> list[int]:
    """Return members by how near they are to their middle, and note that as their confidence."""
    confidence[members] = np.maximum(0.0, rows[members] @ centroid(rows[members]))
    return sorted(members, key=lambda member: (-float(confidence[member]), member))


def _parts(
    names: Sequence[str], clusters: dict[str, list[int]], links: Links, previous: Previous
) -> dict[str, list[int]]:
    old = {name: node.subcluster_id for name, node in previous.nodes.items() if node.subcluster_id}
    found: dict[str, list[int]] = {}
    for cluster, members in clusters.items():
        prefix = f"{cluster}."
        parts = dict(enumerate(divided(sorted(members), links)))
        before = {member: old[names[member]] for member in members if names[member] in old}
        following = max((number_of(part) for part in old.values() if part.startswith(prefix)), default=0) + 1
        ids, _ = continued_ids(parts, before, prefix=prefix, following=following)
        place = {member: rank for rank, member in enumerate(members)}
        for label in sorted(parts, key=lambda one: number_of(ids[one])):
            found[ids[label]] = sorted(parts[label], key=lambda member: place[member])
    return found


def _owners(parts: dict[str, list[int]], count: int) -> list[str | None]:
    owners: list[str | None] = [None] * count
    for name, members in parts.items():
        for member in members:
            owners[member] = name
    return owners


def _outliers(confidence: Matrix, links: Links) -> list[bool]:
    """Tell which belong to their cluster least; they stay in it, and on the map."""
    count = len(confidence)
    ends = np.concatenate([links.first, links.second])
    weights = np.concatenate([links.weights, links.weights])
    degree = np.bincount(ends, minlength=count)
    mean = np.bincount(ends, weights, minlength=count) / np.maximum(1, degree)
    standing = confidence * mean
    most = int(_MOST_OUTLIERS * count)
    lowest = set(np.lexsort((np.arange(count), standing))[:most].tolist())
    return [place in lowest and float(standing[place]) < _OUTLIER_BELOW for place in range(count)]
