"""The constant Potts model in columns, against SciPy's average linkage, networkx, and what must hold at an optimum."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from graphsvc.rackets.cpm import Edges, Ints, agglomerated, cpm, settled
from graphsvc.rackets.engines import canonical


def edges(n: int, ends: list[tuple[int, int]], weight: list[float]) -> Edges:
    a, b = (np.array([end[side] for end in ends], dtype=np.int32) for side in (0, 1))
    return Edges(a, b, np.array(weight, dtype=np.float64), np.ones(n))


def random_graph(seed: int, n: int, share: float, digits: int) -> Edges:
    """Few digits make many ties."""
    generator = np.random.default_rng(seed)
    a, b = np.triu_indices(n, 1)
    chosen = generator.random(a.size) < share
    weight = np.maximum(np.round(generator.random(int(chosen.sum())), digits), 10.0**-digits)
    return Edges(a[chosen].astype(np.int32), b[chosen].astype(np.int32), weight, np.ones(n))


def quality(graph: Edges, groups: Ints, density: float) -> float:
    size = np.bincount(groups, graph.size)
    inside = graph.weight[groups[graph.a] == groups[graph.b]].sum()
    return float(inside - density * (size * (size - 1) / 2).sum())


@given(st.integers(0, 10_000), st.floats(0.05, 0.5))
@settings(max_examples=60, deadline=None)
def test_agglomeration_is_average_linkage_cut_at_the_density(seed: int, density: float) -> None:
    graph = random_graph(seed, 14, 0.4, 12)
    far = np.ones((14, 14)) - np.eye(14)
    far[graph.a, graph.b] = far[graph.b, graph.a] = 1 - graph.weight
    wanted = fcluster(linkage(squareform(far), "average"), 1 - density, "distance")
    assert canonical(agglomerated(graph, density)).tolist() == canonical(wanted.astype(np.int64)).tolist()


@given(st.integers(0, 10_000), st.floats(0.01, 0.6), st.sampled_from([1, 2, 12]))
@settings(max_examples=80, deadline=None)
def test_nothing_helps_any_more_and_groups_are_connected(seed: int, density: float, digits: int) -> None:
    graph = random_graph(seed, 24, 0.25, digits)
    groups = canonical(cpm(graph, density, seed))
    best = quality(graph, groups, density)
    for node in range(graph.n):
        for target in range(int(groups.max()) + 2):
            moved = groups.copy()
            moved[node] = target
            assert quality(graph, moved, density) <= best + 1e-9
    for one in range(int(groups.max()) + 1):
        for other in range(one):
            assert quality(graph, np.where(groups == one, other, groups), density) <= best + 1e-9
    whole: nx.Graph[int] = nx.Graph()
    whole.add_nodes_from(range(graph.n))
    whole.add_edges_from(zip(graph.a.tolist(), graph.b.tolist(), strict=True))
    for group in range(int(groups.max()) + 1):
        assert nx.is_connected(whole.subgraph(np.flatnonzero(groups == group).tolist()))


@given(st.integers(0, 10_000), st.floats(0.01, 0.6))
@settings(max_examples=40, deadline=None)
def test_moves_never_cost_quality(seed: int, density: float) -> None:
    graph = random_graph(seed, 40, 0.2, 2)
    start = np.random.default_rng(seed).integers(0, 8, graph.n)
    assert quality(graph, settled(graph, start, density), density) >= quality(graph, start, density) - 1e-9


@given(st.integers(0, 10_000), st.floats(0.02, 0.5))
@settings(max_examples=40, deadline=None)
def test_without_ties_the_numbering_of_nodes_changes_nothing(seed: int, density: float) -> None:
    graph = random_graph(seed, 30, 0.2, 12)
    place = np.random.default_rng(seed).permutation(graph.n).astype(np.int32)
    a, b = place[graph.a], place[graph.b]
    renamed = Edges(np.minimum(a, b), np.maximum(a, b), graph.weight, graph.size)
    assert canonical(cpm(graph, density)).tolist() == canonical(cpm(renamed, density)[place]).tolist()


def test_two_cliques_join_where_what_lies_between_exceeds_the_density() -> None:
    """graspologic's Leiden leaves them apart at a tenth of that: its refinement counts degrees, not stores."""
    ends = [(i, j) for base in (0, 20) for i in range(base, base + 20) for j in range(i + 1, base + 20)]
    ends += [(k, 20 + k) for k in range(20)]
    graph = edges(40, ends, [1.0] * len(ends))
    assert np.unique(cpm(graph, 0.045)).size == 1
    assert np.unique(cpm(graph, 0.055)).size == 2


@pytest.mark.parametrize("shape", ["star", "rising path", "equal path", "rising star"])
def test_shapes_in_which_few_pairs_are_each_others_nearest_take_few_rounds(
    shape: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import graphsvc.rackets.cpm as module

    n = 20_000
    step = np.arange(n - 1)
    a = step if "path" in shape else np.zeros(n - 1, dtype=np.int64)
    weight = 1 + step / n if "rising" in shape else np.ones(n - 1)
    rounds, joined = 0, module._joined

    def counted(*given: Any) -> Any:
        nonlocal rounds
        rounds += 1
        return joined(*given)

    monkeypatch.setattr(module, "_joined", counted)
    agglomerated(Edges(a.astype(np.int32), (step + 1).astype(np.int32), weight, np.ones(n)), 0.001)
    assert rounds <= 400


def test_sizes_of_nodes_count() -> None:
    pair = edges(2, [(0, 1)], [1.0])
    assert np.unique(cpm(pair, 0.3)).size == 1
    heavy = Edges(pair.a, pair.b, pair.weight, np.array([2.0, 2.0]))
    assert np.unique(cpm(heavy, 0.3)).size == 2


def test_no_edges_and_no_nodes() -> None:
    assert cpm(edges(3, [], []), 0.1).tolist() == [0, 1, 2]
    assert cpm(edges(0, [], []), 0.1).size == 0
