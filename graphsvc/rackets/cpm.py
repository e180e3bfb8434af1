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

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components

Ints = NDArray[np.integer]
Floats = NDArray[np.float64]

_TIE = 1e-9
"""Relative size of the noise that decides between equal links: above rounding, below any difference that counts."""
_SLOW = 1 / 8
"""A round that merges fewer of the nodes left than this is followed by one in haste (stars, chains of ever heavier
links: there few pairs are each other's nearest)."""
_MENDS = 30
"""At most so many times is a partition mended; each time its quality has grown, and two or three are usual."""


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
        return Edges(rows, summed.indices, summed.data, np.bincount(groups, self.size, minlength=n))

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
    graph = Edges(graph.a.astype(np.int32), graph.b.astype(np.int32), graph.weight, graph.size.astype(np.float64))
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
        haste = merged.size < _SLOW * left.n
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
    order = np.lexsort((-near[edges], pair))
    edges, suitor, pair = edges[order], suitor[order], pair[order]
    held = np.bincount(joined, graph.size, minlength=graph.n)
    size = graph.size[suitor]
    before = np.cumsum(size) - size
    first = np.searchsorted(pair, pair)
    before -= before[first] if pair.size else 0
    worth = graph.weight[edges] > density * size * (held[pair] + before)
    joined[suitor[worth]] = pair[worth]


def settled(graph: Edges, groups: Ints, density: float, seed: int = 0) -> Ints:
    """Move single nodes while that helps; return groups in which no node is better off elsewhere or alone.

    The whole graph is looked at to find groups with something to gain; moves are made among those alone.
    """
    groups = groups.copy()
    while True:
        node, to, _ = _moves(graph, groups, density)
        if not node.size:
            return groups
        touched = np.zeros(2 * graph.n, dtype=np.bool_)
        touched[groups[node]] = True
        touched[to] = True
        chosen = touched[groups]
        names, local = np.unique(groups[chosen], return_inverse=True)
        part = graph.among(chosen)
        local = _moved(part, local, density, seed)
        # new groups of one take names that nobody has
        free = np.setdiff1d(np.arange(graph.n), groups, assume_unique=False)
        kinds, local = np.unique(local, return_inverse=True)
        fresh = kinds >= names.size
        found = np.r_[names, np.zeros(int(kinds.max(initial=0)) + 1, dtype=names.dtype)][kinds]
        found[fresh] = free[: int(fresh.sum())]
        groups[chosen] = found[local]


def _moved(graph: Edges, groups: Ints, density: float, seed: int) -> Ints:
    """Make moves until there is none; at a time each group takes part in its best one only, so that every gain is
    exact and quality grows with each."""
    while True:
        node, to, gain = _moves(graph, groups, density)
        if not node.size:
            return groups
        at = groups[node]
        gain = gain * (1 + _TIE * _noise(node, to, 2 * graph.n, seed))
        best = np.zeros(2 * graph.n)
        np.maximum.at(best, at, gain)
        np.maximum.at(best, to, gain)
        made = (gain == best[at]) & (gain == best[to])
        groups[node[made]] = to[made]
        _, groups = np.unique(groups, return_inverse=True)


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
    return np.bincount(a, weight, minlength=graph.n) + np.bincount(b, weight, minlength=graph.n)


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
    return ((of_node[a] ^ of_node[b]) * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(11)) * 2.0**-53


def mixed(x: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Scatter the bits of 64-bit integers (the finaliser of SplitMix64, Steele et al. 2014)."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))
