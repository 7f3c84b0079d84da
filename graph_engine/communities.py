"""Groups of conversations that hang together: Leiden's method, twice."""

from collections import Counter
from collections.abc import Sequence

import graspologic_native
import numpy as np

from graph_engine.neighbours import Links, Neighbours, votes
from graph_engine.vectors import Labels

MOST_CLUSTERS = 40
_COARSEST = 0.5
_RANDOMNESS = 0.001
_FEW = 5_000
"""Below so many nodes the best of ten runs is taken; above, one is good enough and ten are slow."""
_SMALLEST_TO_DIVIDE = 24
_SMALLEST_PART = 3


def partition(count: int, links: Links, resolution: float, start: Labels | None = None) -> Labels:
    """Return a label for each node; the same links always give the same labels.

    With `start` the nodes begin there, and move only where that is clearly better.
    """
    labels = np.full(count, -1, np.int64)
    if len(links.first):
        _quality, found = graspologic_native.leiden(
            edges=_named(links),
            starting_communities=None if start is None else _started(links, start),
            resolution=resolution,
            randomness=_RANDOMNESS,
            iterations=4 if start is None else 1,
            use_modularity=True,
            seed=0,
            trials=10 if start is None and count < _FEW else 1,
        )
        labels[[int(node) for node in found]] = list(found.values())
    alone = np.flatnonzero(labels < 0)
    labels[alone] = np.arange(len(alone)) + labels.max(initial=-1) + 1
    return labels


def _named(links: Links) -> list[tuple[str, str, float]]:
    ends = zip(links.first.tolist(), links.second.tolist(), links.weights.tolist(), strict=True)
    return [(str(first), str(second), weight) for first, second, weight in ends]


def _started(links: Links, start: Labels) -> dict[str, int]:
    linked = np.unique(np.concatenate([links.first, links.second]))
    return {str(node): int(start[node]) for node in linked.tolist()}


def best_partition(count: int, links: Links) -> tuple[Labels, float]:
    """Return labels, and the resolution at which there are between 2 and 40 groups, as far as it can be had."""
    resolution = 1.0
    labels = partition(count, links, resolution)
    for _ in range(8):
        groups = len(np.unique(labels))
        if groups > MOST_CLUSTERS and resolution > _COARSEST:
            resolution = max(_COARSEST, resolution * 0.6)
        elif groups < 2 < count:
            resolution *= 1.6
        else:
            break
        labels = partition(count, links, resolution)
    return labels, resolution


def continued_partition(links: Links, near: Neighbours, before: Labels, resolution: float) -> Labels:
    """Return labels that go on from those of the map before; a negative one is new, and begins with its neighbours.

    A group goes on in its largest piece; another piece of it becomes a group of its own. Nodes do not change from one
    group that goes on to another: a map that is added to stays as it is where nothing new was said.
    """
    start = before.copy()
    for place in np.flatnonzero(before < 0).tolist():
        counted = votes(near, place, start)
        start[place] = max(sorted(counted), key=lambda label: counted[label]) if counted else 0
    return _settled(partition(len(start), links, resolution, start), before)


def _settled(found: Labels, before: Labels) -> Labels:
    """Return the old label for what goes on, and for old nodes that strayed into it; new ones for the rest."""
    overlaps = Counter((old, new) for old, new in zip(before.tolist(), found.tolist(), strict=True) if old >= 0)
    continued: dict[int, int] = {}
    for (old, new), _ in sorted(overlaps.items(), key=lambda one: (-one[1], one[0])):
        if old not in continued.values() and new not in continued:
            continued[new] = old
    following = int(before.max(initial=-1)) + 1
    names = {new: continued.get(new, following + new) for new in np.unique(found).tolist()}
    settled = np.array([names[new] for new in found.tolist()], np.int64)
    strayed = np.isin(settled, before) & np.isin(before, settled) & (before >= 0)
    settled[strayed] = before[strayed]
    return settled


def absorb_small(labels: Labels, near: Neighbours) -> Labels:
    """Let groups of one or two join their neighbours' group; a small map keeps its small groups."""
    smallest = min(_SMALLEST_PART, len(labels) // 10 + 1)
    joined = labels.copy()
    for label in np.unique(labels).tolist():
        members = np.flatnonzero(joined == label)
        if len(members) >= smallest:
            continue
        for place in members.tolist():
            counted = {other: value for other, value in votes(near, place, joined).items() if other != label}
            if counted:
                joined[place] = max(sorted(counted), key=lambda other: counted[other])
    return joined


def divided(members: Sequence[int], links: Links) -> list[list[int]]:
    """Return the parts of a large group, the largest first; none where it is of one piece."""
    if len(members) < _SMALLEST_TO_DIVIDE:
        return []
    place = {member: rank for rank, member in enumerate(members)}
    inside = np.isin(links.first, members) & np.isin(links.second, members)
    first = np.array([place[node] for node in links.first[inside].tolist()], np.int64)
    second = np.array([place[node] for node in links.second[inside].tolist()], np.int64)
    labels = partition(len(members), Links(first, second, links.weights[inside]), 1.0)
    parts = [[members[rank] for rank in np.flatnonzero(labels == label).tolist()] for label in np.unique(labels)]
    parts = sorted((part for part in parts if len(part) >= _SMALLEST_PART), key=lambda part: (-len(part), part))
    return parts if len(parts) > 1 else []
