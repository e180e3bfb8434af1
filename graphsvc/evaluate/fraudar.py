"""FRAUDAR: dense blocks of stores and identifiers that camouflage does not dilute.

Hooi, Song, Beutel, Shah, Shin and Faloutsos 2016, FRAUDAR: Bounding Graph Fraud in the Face of Camouflage
(KDD). A block's density is the sum of its edge weights over its number of nodes, an edge weighing 1 /
ln(degree of its identifier + 5). Taking away the node that matters least, one after the other, passes a block
at least half as dense as the densest. Further blocks are found after the edges of the earlier ones are taken
away.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

import numpy as np
from scipy.sparse import coo_array

from graphsvc.evaluate.sharing import Ints

DAMPING = 5.0
"""The paper's constant in the logarithmic weight."""


@dataclass(frozen=True)
class Block:
    """Stores and identifiers of one block, sorted, and its density."""

    rows: Ints
    columns: Ints
    density: float


def blocks(rows: Ints, columns: Ints, limit: int) -> Iterator[Block]:
    """Yield at most ``limit`` blocks of a bipartite graph given by its edges (row, column), each edge
    once."""
    for _ in range(limit):
        if rows.size == 0:
            return
        block = densest(rows, columns)
        yield block
        kept = ~(np.isin(rows, block.rows) & np.isin(columns, block.columns))
        rows, columns = rows[kept], columns[kept]


def densest(rows: Ints, columns: Ints) -> Block:
    """Peel greedily and return the densest block passed; of equally light nodes the first goes first."""
    row_names, row = np.unique(rows, return_inverse=True)
    column_names, column = np.unique(columns, return_inverse=True)
    weight = 1 / np.log(np.bincount(column) + DAMPING)
    gone, densities = _peel(row, column + row_names.size, weight[column], row_names.size + column_names.size)
    best = int(np.argmax(densities))
    left = np.sort(gone[best:])
    return Block(
        row_names[left[left < row_names.size]],
        column_names[left[left >= row_names.size] - row_names.size],
        float(densities[best]),
    )


def _peel(ends: Ints, others: Ints, weight: np.ndarray, count: int) -> tuple[Ints, np.ndarray]:
    """Return the nodes in the order they are taken away, and the density before each is."""
    edges = coo_array(
        (np.r_[weight, weight], (np.r_[ends, others], np.r_[others, ends])), shape=(count, count)
    ).tocsr()
    starts, neighbours, weights = edges.indptr.tolist(), edges.indices.tolist(), edges.data.tolist()
    worth: list[float] = np.asarray(edges.sum(axis=1), dtype=np.float64).tolist()
    left, there = sum(worth) / 2, [True] * count
    heap = [(w, node) for node, w in enumerate(worth)]
    heapify(heap)
    order: list[int] = []
    densities: list[float] = []
    while heap:
        value, node = heappop(heap)
        # A node is pushed again whenever it gets lighter: older entries are stale.
        if not there[node] or value > worth[node]:
            continue
        densities.append(left / (count - len(order)))
        order.append(node)
        there[node] = False
        left -= worth[node]
        for k in range(starts[node], starts[node + 1]):
            neighbour = neighbours[k]
            if there[neighbour]:
                worth[neighbour] -= weights[k]
                heappush(heap, (worth[neighbour], neighbour))
    return np.array(order, dtype=np.int64), np.array(densities)
