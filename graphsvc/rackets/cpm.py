"""The constant Potts model on large sparse graphs, in whole columns: agglomeration, then single moves.

The quality of a partition is ``H = sum over groups of (weight inside - density * n_c (n_c - 1) / 2)`` (Traag, Van
Dooren & Nesterov 2011). Two groups of sizes ``n_a``, ``n_b`` with weight ``w`` between them are better off as one iff
their average link ``w / (n_a n_b)`` exceeds the density. So the groups are grown by average linkage (Sokal & Michener
1958) down to the density. Average linkage is reducible: merging *all* pairs that are each other's nearest at once gives
what merging the one nearest pair at a time gives (Bruynooghe 1978; Murtagh 1983), hence each round is a handful of
numpy operations on the edges that are left, and the order of nodes cannot matter but for exact ties.

What agglomeration cannot undo is mended by moving single nodes while that helps, parting groups that fell apart, and
merging again, as Leiden does (Traag, Waltman & van Eck 2019). At the end every group is connected, no node is better
off elsewhere or alone, and no two groups are better off as one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components

Ints = NDArray[Any]
"""Node and group numbers: 32 bits on the way, to halve what sorting moves, 64 where numpy gives them."""
Floats = NDArray[np.float64]

_TIE = 1e-9
"""Relative size of the noise that decides between equal links: above rounding, below any difference that counts."""
_SLOW = 1 / 16
"""A round that merges fewer of the nodes left than this is followed by one in haste (stars, chains of ever heavier
links: there few pairs are each other's nearest)."""
_FEW = 256
"""So few nodes left are never merged in haste: it would save nothing."""
_MENDS = 8
"""At most so many times is a partition mended; each time its quality has grown, and two are usual."""
_ROUNDS = 100
"""At most so many rounds of moves at a time; a market takes 20. Only groups along endless paths, which even out their
sizes store by store for next to nothing, would go on for longer."""


@dataclass(frozen=True)
class Edges:
    """Edges ``a[k] < b[k]``, each pair once, of positive weight, between nodes of ``size`` (stores in a node)."""

    a: Ints
    b: Ints
    weight: Floats
    size: Floats

    @property
    def n(self) -> int:
        """Number of nodes."""
        return self.size.size

    def contracted(self, groups: Ints, n: int) -> Edges:
        """Return the graph whose nodes are ``groups`` (one of ``n`` per node), parallel edges summed."""
        a, b = groups[self.a], groups[self.b]
        between = a != b
        a, b = a[between], b[between]
        summed = csr_matrix((self.weight[between], (np.minimum(a, b), np.maximum(a, b))), shape=(n, n))
        rows = np.repeat(np.arange(n, dtype=np.int32), np.diff(summed.indptr))
        size = np.bincount(groups, self.size, minlength=n).astype(np.float64)
        return Edges(rows, summed.indices, summed.data, size)

    def among(self, chosen: NDArray[np.bool_]) -> Edges:
        """Return the graph of the chosen nodes, numbered anew in their order."""
        kept = chosen[self.a] & chosen[self.b]
        place = np.cumsum(chosen, dtype=np.int32) - np.int32(1)
        return Edges(place[self.a[kept]], place[self.b[kept]], self.weight[kept], self.size[chosen])


def cpm(graph: Edges, density: float, seed: int = 0) -> Ints:
    """Return a group for each node that maximises the constant Potts model as described above.

    Parameters
    ----------
    graph : Edges
        Nodes of any sizes.
    density : float
        The resolution: weight per pair of stores that a group must exceed; not negative.
    seed : int
        Decides between links of exactly the same strength.

    Returns
    -------
    int array
        Numbers below ``graph.n``; what they are means nothing.

    Examples
    --------
    >>> path = Edges(np.array([0, 1, 2]), np.array([1, 2, 3]), np.array([1.0, 0.2, 1.0]), np.ones(4))
    >>> cpm(path, density=0.1).tolist()
    [0, 0, 2, 2]
    """
    graph = Edges(
        graph.a.astype(np.int32), graph.b.astype(np.int32), graph.weight, graph.size.astype(np.float64)
    )
    groups = agglomerated(graph, density, seed)
    for _ in range(_MENDS):
        moved = settled(graph, groups, density, seed)
        if np.array_equal(moved, groups):
            break
        parts = _connected(graph, moved)
        count = int(parts.max()) + 1
        merged = agglomerated(graph.contracted(parts, count), density, seed)
        groups = merged[parts]
        if count == _used(moved) == _used(merged):
            break
    return groups


def agglomerated(graph: Edges, density: float, seed: int = 0) -> Ints:
    """Return average-linkage groups, merged while some link exceeds the density; connected by construction.

    A node whose every link is at or below the density is done: by reducibility nothing that happens to others can
    bring it a better one. Rounds so work on what is left.
    """
    parent = np.arange(graph.n, dtype=np.int32)
    names, left, haste = parent.copy(), graph, False
    while True:
        link = left.weight / (left.size[left.a] * left.size[left.b])
        good = link > density
        alive = np.zeros(left.n, dtype=np.bool_)
        alive[left.a[good]] = True
        alive[left.b[good]] = True
        if not alive.any():
            break
        names, left, link = names[alive], left.among(alive), link[alive[left.a] & alive[left.b]]
        joined = _joined(left, link, density, seed, haste)
        merged = np.flatnonzero(joined != np.arange(left.n))
        parent[names[merged]] = names[joined[merged]]
        haste = left.n > _FEW and merged.size < _SLOW * left.n
        heads, groups = np.unique(joined, return_inverse=True)
        left, names = left.contracted(groups.astype(np.int32), heads.size), names[heads]
    while not np.array_equal(parent, parent[parent]):
        parent = parent[parent]
    return parent


def _joined(graph: Edges, link: Floats, density: float, seed: int, haste: bool) -> Ints:
    """Return for each node whom it joins in this round (itself: nobody): pairs that are each other's nearest.

    In haste, links within a quarter of a power of two count as alike, and a pair also takes in all the nodes that are
    nearest to one of the two, as long as each is worth its place beside all before it.
    """
    noise = _noise(graph.a, graph.b, graph.n, seed)
    near = np.floor(4 * np.log2(link)) + noise if haste else link * (1 + _TIE * noise)
    near = np.where(link > density, near, -np.inf)
    best = np.full(graph.n, -np.inf)
    np.maximum.at(best, graph.a, near)
    np.maximum.at(best, graph.b, near)
    of_a, of_b = near == best[graph.a], near == best[graph.b]
    of_a, of_b = of_a & (link > density), of_b & (link > density)
    pairs = of_a & of_b
    joined = np.arange(graph.n, dtype=np.int32)
    joined[graph.b[pairs]] = graph.a[pairs]
    if haste:
        paired = np.zeros(graph.n, dtype=np.bool_)
        paired[graph.a[pairs]] = True
        paired[graph.b[pairs]] = True
        _take_in(graph, joined, paired, near, (of_a, of_b), density)
    return joined


def _take_in(
    graph: Edges,
    joined: Ints,
    paired: NDArray[np.bool_],
    near: Floats,
    nearest: tuple[NDArray[np.bool_], NDArray[np.bool_]],
    density: float,
) -> None:
    """Let nodes whose nearest is of a pair join it, nearest first, where their link outweighs all before them."""
    of_a, of_b = nearest
    suits_b, suits_a = of_a & paired[graph.b] & ~paired[graph.a], of_b & paired[graph.a] & ~paired[graph.b]
    edges = np.r_[np.flatnonzero(suits_b), np.flatnonzero(suits_a)]
    suitor = np.r_[graph.a[suits_b], graph.b[suits_a]]
    pair = joined[np.r_[graph.b[suits_b], graph.a[suits_a]]]
    order = np.argsort(-near[edges], kind="stable")
    edges, suitor, pair = edges[order], suitor[order], pair[order]
    held = np.bincount(joined, graph.size, minlength=graph.n)
    size = graph.size[suitor]
    worth = graph.weight[edges] > density * size * (held[pair] + _before(pair, size))
    joined[suitor[worth]] = pair[worth]


def settled(graph: Edges, groups: Ints, density: float, seed: int = 0) -> Ints:
    """Move single nodes while that helps; return groups in which no node is better off elsewhere or alone.

    The whole graph is looked at to find groups with something to gain; moves are made among those alone.
    """
    groups, rounds = groups.copy(), _ROUNDS
    while rounds > 0:
        node, to, _ = _moves(graph, groups, density)
        if not node.size:
            break
        touched = np.zeros(2 * graph.n, dtype=np.bool_)
        touched[groups[node]] = True
        touched[to] = True
        chosen = touched[groups]
        names, local = np.unique(groups[chosen], return_inverse=True)
        local, took = _moved(graph.among(chosen), local, density, seed, rounds)
        # groups there are more of than before take names that nobody has
        spare = np.setdiff1d(np.arange(graph.n), groups)
        groups[chosen] = np.r_[names, spare][local]
        rounds -= took
    return groups


def _moved(graph: Edges, groups: Ints, density: float, seed: int, rounds: int) -> tuple[Ints, int]:
    """Make moves until there is none, or for so many rounds; return groups 0, 1, ... and how many rounds it took.

    Moves are made together only where none can spoil another, so that quality grows with each.
    """
    for took in range(rounds):
        node, to, gain = _moves(graph, groups, density)
        if not node.size:
            return groups, took
        order = np.argsort(-gain * (1 + _TIE * _noise(node, to, 2 * graph.n, seed)), kind="stable")
        # a node's best move comes first
        first = order[np.sort(np.unique(node[order], return_index=True)[1])]
        node, to, gain = node[first], to[first], gain[first]
        safe = _unspoilt(graph, groups, node, to)
        node, to, gain = node[safe], to[safe], gain[safe]
        size = graph.size[node]
        crowd = _before(to, size) + _before(groups[node], size)
        worth = gain > density * size * crowd
        groups[node[worth]] = to[worth]
        _, groups = np.unique(groups, return_inverse=True)
    return groups, rounds


def _unspoilt(graph: Edges, groups: Ints, node: Ints, to: Ints) -> NDArray[np.bool_]:
    """Choose moves, given best first, that count on no neighbour who makes a better move away."""
    place = np.full(graph.n, node.size)
    place[node] = np.arange(node.size)
    goal = np.full(graph.n, -1)
    goal[node] = to
    a, b = graph.a, graph.b
    clash = (goal[a] >= 0) & (goal[b] >= 0) & ((goal[a] == groups[b]) | (goal[b] == groups[a]))
    safe = np.ones(node.size, dtype=np.bool_)
    safe[np.maximum(place[a[clash]], place[b[clash]])] = False
    return safe


def _before(key: Ints, size: Floats) -> Floats:
    """Return for each row the summed size of the rows of its key that come before it."""
    order = np.argsort(key, kind="stable")
    summed = np.cumsum(size[order]) - size[order]
    out = np.empty(size.size)
    out[order] = summed - summed[np.searchsorted(key[order], key[order])]
    return out


def _moves(graph: Edges, groups: Ints, density: float) -> tuple[Ints, Ints, Floats]:
    """Return ``node, to, gain`` of all single moves that raise the quality; ``to = n + node`` means on its own."""
    n, size = graph.n, graph.size
    at_a, at_b = groups[graph.a], groups[graph.b]
    within = at_a == at_b
    held = np.bincount(groups, size, minlength=2 * n)
    inside, outside = _strength(graph, within), _strength(graph, ~within)
    stay = inside - density * size * (held[groups] - size)
    floor = np.maximum(stay, 0.0)
    least = 1e-12 * float(graph.weight.max(initial=0.0))
    # all the weight outside must outweigh what holds a node for one group out there to do so
    drawn = ~within & (outside - density * size > floor + least)[graph.a]
    drawn_b = ~within & (outside - density * size > floor + least)[graph.b]
    node = np.r_[graph.a[drawn], graph.b[drawn_b]]
    to = np.r_[at_b[drawn], at_a[drawn_b]]
    weight = np.r_[graph.weight[drawn], graph.weight[drawn_b]]
    summed = csr_matrix((weight, (node, to)), shape=(n, 2 * n))
    node = np.repeat(np.arange(n), np.diff(summed.indptr))
    to = summed.indices.astype(np.int64)
    worth = summed.data - density * size[node] * held[to]
    better = worth > floor[node] + least
    alone = np.flatnonzero(stay < -least)
    node, to = np.r_[node[better], alone], np.r_[to[better], n + alone]
    return node, to, np.r_[worth[better], np.zeros(alone.size)] - stay[node]


def _strength(graph: Edges, chosen: NDArray[np.bool_]) -> Floats:
    """Return the weight of the chosen edges at each node."""
    a, b, weight = graph.a[chosen], graph.b[chosen], graph.weight[chosen]
    return np.asarray(
        np.bincount(a, weight, minlength=graph.n) + np.bincount(b, weight, minlength=graph.n),
        dtype=np.float64,
    )


def _connected(graph: Edges, groups: Ints) -> Ints:
    """Return the connected parts of the groups."""
    within = groups[graph.a] == groups[graph.b]
    ends = graph.a[within], graph.b[within]
    matrix = coo_matrix((np.ones(ends[0].size, dtype=np.int8), ends), shape=(graph.n, graph.n))
    return connected_components(matrix, directed=False)[1]


def _used(groups: Ints) -> int:
    """Count the groups."""
    return int(np.count_nonzero(np.bincount(groups)))


def _noise(a: Ints, b: Ints, n: int, seed: int) -> Floats:
    """Return numbers in [0, 1) that depend on the pair and the seed alone."""
    of_node = mixed(np.arange(n, dtype=np.uint64) + mixed(np.array([seed], dtype=np.uint64)))
    # halved, so that a pair and its reverse differ
    scattered = (of_node[a] ^ (of_node[b] >> np.uint64(1))) * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(11)
    return np.asarray(scattered * 2.0**-53, dtype=np.float64)


def mixed(x: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Scatter the bits of 64-bit integers (the finaliser of SplitMix64, Steele et al. 2014)."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))
