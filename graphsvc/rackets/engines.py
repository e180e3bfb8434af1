"""Partition engines behind one protocol: the same weighted graph in, one label a node out.

``native`` (default) is the constant Potts model, free of the resolution limit (Traag, Van Dooren & Nesterov 2011), by
:mod:`graphsvc.rackets.cpm`. The others are references on modularity, run with the resolution that gives the same
penalty on a regular graph: ``gds`` (Leiden in the server), ``louvain`` (python-louvain), ``networkx``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import networkx as nx
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from graphsvc.model.errors import BadInput
from graphsvc.rackets.cpm import Edges, cpm, mixed
from graphsvc.store.driver import Store

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class WeightedGraph:
    """An undirected graph of ``n`` nodes: edges ``a[k] < b[k]`` (each pair once, sorted) with ``weight[k] > 0``."""

    n: int
    a: Ints
    b: Ints
    weight: NDArray[np.float64]


class Engine(Protocol):
    """Partitions a graph; the same graph, resolution and seed give the same labels."""

    name: str

    def partition(self, graph: WeightedGraph, resolution: float, seed: int) -> Ints:
        """Return a label for each node, numbered by the smallest node of each group."""
        ...


def connected_parts(store: Ints, thing: Ints, stores: int) -> Ints:
    """Return the connected part of each of the stores (from 0) in the bipartite graph of who uses what."""
    size = stores + int(thing.max(initial=0)) + 1
    matrix = coo_matrix((np.ones(store.size, dtype=np.int8), (store, thing + stores)), shape=(size, size))
    return np.asarray(connected_components(matrix, directed=False)[1][:stores])


def canonical(labels: Ints) -> Ints:
    """Renumber labels by first appearance, so that equal partitions have equal labels.

    >>> canonical(np.array([7, 7, 2, 7])).tolist()
    [0, 0, 1, 0]
    """
    if labels.size == 0:
        return labels.astype(np.int64)
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(first.size, dtype=np.int64)
    rank[np.argsort(first, kind="stable")] = np.arange(first.size)
    return rank[inverse]


def structural_order(graph: WeightedGraph, rounds: int = 3) -> Ints:
    """Return the nodes in an order that depends on the graph's shape alone, not on how its nodes are numbered.

    Leiden and Louvain visit nodes in their order, and on the edge of two groups the first visited may decide. Colours
    are refined from the neighbours' (Weisfeiler & Leman 1968); nodes that still look alike keep their order.
    """
    ends, others = np.r_[graph.a, graph.b], np.r_[graph.b, graph.a]
    weight = (np.r_[graph.weight, graph.weight] * 2**20).astype(np.uint64)
    colour = np.zeros(graph.n, dtype=np.uint64)
    for _ in range(rounds):
        seen = mixed(colour[others] ^ mixed(weight))
        summed = np.zeros(graph.n, dtype=np.uint64)
        np.add.at(summed, ends, seen)
        colour = mixed(colour + summed)
    return np.argsort(colour, kind="stable")


def reordered(graph: WeightedGraph, order: Ints) -> WeightedGraph:
    """Return the graph with node ``order[k]`` called ``k``."""
    place = np.empty(graph.n, dtype=np.int64)
    place[order] = np.arange(graph.n)
    a, b = place[graph.a], place[graph.b]
    low, high = np.minimum(a, b), np.maximum(a, b)
    sort = np.lexsort((high, low))
    return WeightedGraph(graph.n, low[sort], high[sort], graph.weight[sort])


def partition_by_shape(engine: Engine, graph: WeightedGraph, resolution: float, seed: int) -> Ints:
    """Return an engine's labels where it was given the nodes in :func:`structural_order`."""
    order = structural_order(graph)
    labels = np.empty(graph.n, dtype=np.int64)
    labels[order] = engine.partition(reordered(graph, order), resolution, seed)
    return canonical(labels)


class Native:
    """The constant Potts model in numpy: average linkage down to the density, then single moves."""

    name = "native"

    def partition(self, graph: WeightedGraph, resolution: float, seed: int) -> Ints:
        """Partition by CPM; ``resolution`` is the density a group must exceed."""
        return canonical(cpm(Edges(graph.a, graph.b, graph.weight, np.ones(graph.n)), resolution, seed))


class _ByComponent:
    """Shared by the modularity engines: each connected component by itself, with its own resolution."""

    name = ""

    def partition(self, graph: WeightedGraph, resolution: float, seed: int) -> Ints:
        """Partition each component; see :func:`modularity_resolution`."""
        matrix = coo_matrix((graph.weight, (graph.a, graph.b)), shape=(graph.n, graph.n))
        count, component = connected_components(matrix, directed=False)
        order = np.argsort(component[graph.a], kind="stable") if graph.a.size else np.empty(0, dtype=np.int64)
        bounds = np.searchsorted(component[graph.a][order], np.arange(count + 1))
        sizes = np.bincount(component, minlength=count)
        labels = np.arange(graph.n, dtype=np.int64)
        for c in np.flatnonzero(sizes > 1):
            edges = order[bounds[c] : bounds[c + 1]]
            part = WeightedGraph(int(sizes[c]), graph.a[edges], graph.b[edges], graph.weight[edges])
            for group in self._groups(part, modularity_resolution(part, resolution), seed):
                labels[group] = min(group)
        return canonical(labels)

    def _groups(self, graph: WeightedGraph, resolution: float, seed: int) -> list[list[int]]:
        raise NotImplementedError


def modularity_resolution(graph: WeightedGraph, density: float) -> float:
    """Return the modularity resolution whose penalty equals CPM's ``density`` on a regular graph: d n^2 / 2m."""
    return float(density * graph.n**2 / (2 * graph.weight.sum()))


def _sorted_graph(graph: WeightedGraph) -> nx.Graph[int]:
    """Build a networkx graph in sorted order: Louvain depends on insertion order even when seeded."""
    out: nx.Graph[int] = nx.Graph()
    out.add_nodes_from(sorted({*graph.a.tolist(), *graph.b.tolist()}))
    out.add_weighted_edges_from(zip(graph.a.tolist(), graph.b.tolist(), graph.weight.tolist(), strict=True))
    return out


class Louvain(_ByComponent):
    """python-louvain."""

    name = "louvain"

    def _groups(self, graph: WeightedGraph, resolution: float, seed: int) -> list[list[int]]:
        import community

        # Its moves multiply the penalty by the resolution, whatever its documentation says of time; its stopping rule
        # does the opposite, so that small values end early.
        found = community.best_partition(_sorted_graph(graph), resolution=resolution, random_state=seed)
        return _collect(found)


class NetworkX(_ByComponent):
    """networkx's own Louvain."""

    name = "networkx"

    def _groups(self, graph: WeightedGraph, resolution: float, seed: int) -> list[list[int]]:
        found = nx.community.louvain_communities(_sorted_graph(graph), resolution=resolution, seed=seed)
        return [sorted(group) for group in found]


class Gds:
    """Graph Data Science's Leiden, in the Neo4j server, on a projection that is dropped afterwards.

    GDS optimises modularity over the whole graph at once; with a seed it runs on one thread.
    """

    name = "gds"

    def __init__(self, store: Store) -> None:
        self._store = store

    def partition(self, graph: WeightedGraph, resolution: float, seed: int) -> Ints:
        """Project the pairs, run ``gds.leiden``, read the labels, drop the projection."""
        labels = np.arange(graph.n, dtype=np.int64)
        if graph.a.size == 0:
            return labels
        name = f"graphsvc-{seed}-{graph.a.size}-{np.random.default_rng().integers(2**48):x}"
        pairs = [
            list(row) for row in zip(graph.a.tolist(), graph.b.tolist(), graph.weight.tolist(), strict=True)
        ]
        gamma = modularity_resolution(graph, resolution)
        try:
            self._store.write("run/gds_project", graph=name, pairs=pairs)
            rows = self._store.read("run/gds_leiden", graph=name, gamma=gamma, seed=seed)
        finally:
            self._store.write("run/gds_drop", graph=name)
        groups: dict[int, list[int]] = {}
        for row in rows:
            groups.setdefault(row["community"], []).append(row["node"])
        for members in groups.values():
            labels[members] = min(members)
        return canonical(labels)


def _collect(found: dict[int, int]) -> list[list[int]]:
    groups: dict[int, list[int]] = {}
    for node, group in found.items():
        groups.setdefault(group, []).append(node)
    return list(groups.values())


_WITHOUT_STORE: dict[str, Callable[[], Engine]] = {"native": Native, "louvain": Louvain, "networkx": NetworkX}
ENGINES = (*_WITHOUT_STORE, "gds")
"""Names that ``engine`` accepts."""


def engine(name: str, store: Store | None = None) -> Engine:
    """Return the engine called ``name``.

    Raises
    ------
    BadInput
        If there is no such engine, or ``gds`` is asked for without a store.
    """
    if name in _WITHOUT_STORE:
        return _WITHOUT_STORE[name]()
    if name == "gds" and store is not None:
        return Gds(store)
    if name == "gds":
        raise BadInput("The engine 'gds' runs in Neo4j, and no store is open.", "Open one, or use 'native'.")
    raise BadInput(f"There is no engine '{name}'.", f"Use one of: {', '.join(ENGINES)}.")
