"""Which conversations are near each other."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from graph_engine.vectors import Indices, Matrix

MOST_NEIGHBOURS = 15
_BLOCK = 1_024
_AT_ONCE = 10_000_000
"""Similarities that are looked at together: with their order they take 160 MB."""
_PAIRS_AT_ONCE = 200_000
_STRONG = 0.25
"""The weakest similarity that is drawn between two that are among each other's nearest."""
_SHOWN = 5


class Neighbours(NamedTuple):
    """Each row's nearest others, nearest first, and how similar they are (cosine)."""

    indices: Indices
    similarities: Matrix


class Links(NamedTuple):
    """Undirected links, `first` below `second`, with weights."""

    first: Indices
    second: Indices
    weights: Matrix


def nearest(rows: Matrix) -> Neighbours:
    """Return the nearest of each row, found exactly; equal ones in the order of their indices.

    Takes n²: some 60 s of one core for 50,000, and memory for 10 million numbers, however many rows there are.
    """
    count = len(rows)
    width = min(MOST_NEIGHBOURS, max(5, count // 10), max(0, count - 1))
    indices = np.empty((count, width), np.int64)
    similarities = np.empty((count, width), np.float32)
    size = max(1, min(_BLOCK, _AT_ONCE // max(1, count)))
    for begin in range(0, count if width else 0, size):
        _fill(rows, slice(begin, begin + size), indices, similarities)
    return Neighbours(indices, similarities)


def _fill(rows: Matrix, part: slice, indices: Indices, similarities: Matrix) -> None:
    block = rows[part] @ rows.T
    own = np.arange(len(block))
    block[own, own + part.start] = -np.inf
    width = indices.shape[1]
    best = np.argpartition(-block, width - 1, axis=1)[:, :width]
    values = np.take_along_axis(block, best, 1)
    order = np.lexsort((best, -values), axis=1)
    indices[part] = np.take_along_axis(best, order, 1)
    similarities[part] = np.take_along_axis(values, order, 1)


def shared_neighbours(near: Neighbours) -> Links:
    """Link those of which one is near the other, by how many neighbours they share (Jaccard, each its own neighbour).

    What is near everything shares little with anybody: so no conversation becomes a hub.
    """
    count, width = near.indices.shape
    if not width:
        nothing = np.zeros(0, np.int64)
        return Links(nothing, nothing, np.zeros(0, np.float32))
    sources = np.repeat(np.arange(count), width)
    ones = np.ones(count * width, np.float32)
    graph = sparse.csr_matrix((ones, (sources, near.indices.ravel())), shape=(count, count))
    pairs = sparse.triu(graph.maximum(graph.T), 1).tocoo()
    order = np.lexsort((pairs.col, pairs.row))
    first, second = pairs.row[order].astype(np.int64), pairs.col[order].astype(np.int64)
    shared = _overlap((graph + sparse.eye(count, format="csr", dtype=np.float32)).tocsr(), first, second)
    return Links(first, second, shared / (2 * (width + 1) - shared))


def _overlap(sets: sparse.csr_matrix, first: Indices, second: Indices) -> Matrix:
    shared = np.empty(len(first), np.float32)
    for begin in range(0, len(first), _PAIRS_AT_ONCE):
        part = slice(begin, begin + _PAIRS_AT_ONCE)
        shared[part] = np.asarray(sets[first[part]].multiply(sets[second[part]]).sum(1)).ravel()
    return shared


def shown_links(near: Neighbours) -> Links:
    """Return the links that are drawn: those near each other, at most five from each, and each one's best, always."""
    found: dict[tuple[int, int], float] = {}
    reach = [set(row[: _SHOWN * 2]) for row in near.indices.tolist()]
    for place, (others, values) in enumerate(zip(near.indices.tolist(), near.similarities.tolist(), strict=True)):
        kept = 0
        for other, value in zip(others, values, strict=True):
            if kept == 0 or (place in reach[other] and value > _STRONG):
                found[min(place, other), max(place, other)] = min(1.0, max(0.0, value))
                kept += 1
            if kept == _SHOWN:
                break
    pairs = np.array(sorted(found), np.int64).reshape(-1, 2)
    weights = np.array([found[first, second] for first, second in pairs.tolist()], np.float32)
    return Links(pairs[:, 0], pairs[:, 1], weights)


def votes(near: Neighbours, place: int, labels: NDArray[np.int64]) -> dict[int, float]:
    """Return how much a row's neighbours speak for each label; those with a negative label have no vote."""
    counted: dict[int, float] = {}
    for other, value in zip(near.indices[place].tolist(), near.similarities[place].tolist(), strict=True):
        label = int(labels[other])
        if label >= 0:
            counted[label] = counted.get(label, 0.0) + max(0.0, value)
    return counted
