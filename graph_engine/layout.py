"""Where everything lies on the map: each cluster a disc, none over another, near ones near."""

import math
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from graph_engine.neighbours import Links
from graph_engine.vectors import Labels

Points = NDArray[np.float64]
_GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
_LARGEST_PULLED = 600
"""Forces cost the square of a cluster's size; a larger one lies in a spiral, the best linked in the middle."""
_STEPS, _STEPS_OF_DISCS = 120, 300
_GAP = 1.25
_MOST_PUSHES = 400


def lay_out(labels: Labels, links: Links) -> Points:
    """Return a place for each node; the same input always gives the same places.

    Within a cluster nodes are pulled by their links (Fruchterman and Reingold), then spread over a disc whose area is
    the cluster's size; the discs are pulled likewise, and pushed apart until none overlaps.
    """
    groups = np.unique(labels)
    rank = np.searchsorted(groups, labels)
    radii = np.sqrt(np.bincount(rank, minlength=len(groups)).astype(float))
    centres = _centres(rank, links, radii)
    places = np.zeros((len(labels), 2))
    is_inside = rank[links.first] == rank[links.second]
    owner = np.where(is_inside, rank[links.first], -1)
    for group in range(len(groups)):
        members = np.flatnonzero(rank == group)
        chosen = owner == group
        inner = Links(
            np.searchsorted(members, links.first[chosen]),
            np.searchsorted(members, links.second[chosen]),
            links.weights[chosen],
        )
        places[members] = centres[group] + _disc(len(members), inner, float(radii[group]))
    return places / math.sqrt(max(1, len(labels)))


def beside(neighbours: Sequence[tuple[float, Sequence[float]]], rank: int) -> NDArray[np.float64]:
    """Return a place among neighbours, given their weights and places; each rank gets a little elsewhere."""
    weights = np.array([max(0.01, weight) for weight, _ in neighbours])
    middle = (np.array([place for _, place in neighbours]) * weights[:, None]).sum(0) / weights.sum()
    angle, reach = rank * _GOLDEN_ANGLE, 0.006 + 0.004 * (rank % 5)
    return np.asarray(middle + reach * np.array([math.cos(angle), math.sin(angle)]))


def _spiral(count: int) -> Points:
    """Return places that fill a disc evenly, from the middle outwards."""
    ranks = np.arange(count)
    radius = np.sqrt(ranks + 0.5)
    return np.column_stack((radius * np.cos(ranks * _GOLDEN_ANGLE), radius * np.sin(ranks * _GOLDEN_ANGLE)))


def _disc(count: int, links: Links, radius: float) -> Points:
    if count == 1:
        return np.zeros((1, 2))
    degree = np.bincount(np.concatenate([links.first, links.second]), minlength=count)
    begun = np.empty((count, 2))
    begun[np.lexsort((np.arange(count), -degree))] = _spiral(count)
    pulled = _pulled(begun, links, _STEPS) if count <= _LARGEST_PULLED else begun
    pulled = pulled - np.median(pulled, axis=0)
    distance = np.linalg.norm(pulled, axis=1)
    order = np.argsort(np.argsort(distance, kind="stable"), kind="stable")
    even = np.sqrt((order + 0.5) / count) * radius
    return np.asarray(pulled / np.maximum(distance, 1e-9)[:, None] * even[:, None])


def _pulled(begun: Points, links: Links, steps: int) -> Points:
    """Let every two nodes push each other away, and links pull theirs together, ever more slowly."""
    count = len(begun)
    places = begun * (math.sqrt(count) / max(1e-6, float(np.abs(begun).max())))
    weights = (links.weights.astype(float) + 0.05)[:, None] * 2
    warmth = 0.15 * math.sqrt(count)
    for step in range(steps):
        apart = places[:, None] - places[None]
        force = (apart / ((apart * apart).sum(-1) + 1e-3)[..., None]).sum(1) - 0.02 * places
        along = places[links.first] - places[links.second]
        pull = along * np.linalg.norm(along, axis=1, keepdims=True) * weights
        np.add.at(force, links.first, -pull)
        np.add.at(force, links.second, pull)
        strength = np.linalg.norm(force, axis=1, keepdims=True) + 1e-9
        places += force / strength * np.minimum(strength, warmth * (1 - step / steps) + 0.01)
    return places


def _centres(rank: NDArray[np.intp], links: Links, radii: NDArray[np.float64]) -> Points:
    count = len(radii)
    if count < 2:
        return np.zeros((count, 2))
    begun = np.empty((count, 2))
    begun[np.argsort(-radii, kind="stable")] = _spiral(count) * radii.mean() * 2
    pulled = _pulled(begun, _between(rank, links), _STEPS_OF_DISCS)
    centred = pulled - pulled.mean(0)
    spread = float(centred.std()) or 1.0
    return _pushed_apart(centred / spread * math.sqrt(float((radii**2).sum())) * 1.2, radii)


def _between(rank: NDArray[np.intp], links: Links) -> Links:
    """Return the links of clusters: how much links their nodes."""
    total: defaultdict[tuple[int, int], float] = defaultdict(float)
    for first, second, weight in zip(rank[links.first], rank[links.second], links.weights.tolist(), strict=True):
        if first != second:
            total[min(int(first), int(second)), max(int(first), int(second))] += weight
    pairs = np.array(sorted(total), np.int64).reshape(-1, 2)
    weights = np.array([math.log1p(total[first, second]) for first, second in pairs.tolist()], np.float32)
    return Links(pairs[:, 0], pairs[:, 1], weights)


def _pushed_apart(centres: Points, radii: NDArray[np.float64]) -> Points:
    wanted = (radii[:, None] + radii[None]) * _GAP
    for _ in range(_MOST_PUSHES):
        apart = centres[:, None] - centres[None]
        distance = np.linalg.norm(apart, axis=2) + np.eye(len(radii)) * 1e9
        overlap = np.maximum(0.0, wanted - distance)
        np.fill_diagonal(overlap, 0.0)
        if overlap.max() < 1e-3:
            break
        centres = centres + (apart / np.maximum(distance, 1e-9)[..., None] * overlap[..., None]).sum(1) * 0.25
    return centres
