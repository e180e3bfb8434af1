"""Every engine behind the one protocol, against planted groups and against all partitions of small graphs."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import networkx as nx
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from graphsvc.model.errors import BadInput
from graphsvc.rackets.engines import (
    ENGINES,
    Engine,
    Ints,
    Native,
    WeightedGraph,
    canonical,
    engine,
    modularity_resolution,
    reordered,
    structural_order,
)
from graphsvc.store.driver import Store

IN_PROCESS = ("native", "louvain", "networkx")


def graph(n: int, edges: dict[tuple[int, int], float]) -> WeightedGraph:
    """Build a graph from its edges, sorted as the protocol asks."""
    ends = sorted((min(pair), max(pair), weight) for pair, weight in edges.items())
    a, b, weight = zip(*ends, strict=True) if ends else ((), (), ())
    return WeightedGraph(n, np.array(a, np.int64), np.array(b, np.int64), np.array(weight, np.float64))


def planted(sizes: tuple[int, ...], seed: int = 3) -> tuple[WeightedGraph, Ints]:
    """Dense groups in shuffled order, a weak edge from each to the next, and two stores without any edge."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(sum(sizes))
    members = np.split(order, np.cumsum(sizes)[:-1])
    edges: dict[tuple[int, int], float] = {}
    for part in members:
        for one, other in itertools.combinations(sorted(part.tolist()), 2):
            edges[one, other] = 0.8 + 0.2 * rng.random()
    for left, right in itertools.pairwise(members):
        edges[min(left[0], right[0]), max(left[0], right[0])] = 0.02
    labels = np.arange(sum(sizes) + 2, dtype=np.int64)
    for part in members:
        labels[part] = part.min()
    return graph(labels.size, edges), canonical(labels)


def check(engine: Engine) -> None:
    """What any engine must do."""
    wanted, truth = planted((5, 9, 4, 7, 6))
    for seed in (0, 1, 7):
        labels = engine.partition(wanted, 0.1, seed)
        assert labels.dtype == np.int64
        assert labels.tolist() == truth.tolist()
        assert engine.partition(wanted, 0.1, seed).tolist() == labels.tolist()
    empty = engine.partition(graph(4, {}), 0.1, 1)
    assert empty.tolist() == [0, 1, 2, 3]
    assert engine.partition(graph(0, {}), 0.1, 1).size == 0


@pytest.mark.parametrize("name", IN_PROCESS)
def test_engines_in_this_process_find_planted_groups(name: str) -> None:
    assert engine(name).name == name
    check(engine(name))


@pytest.mark.neo4j
def test_graph_data_science_finds_planted_groups_and_leaves_nothing_behind(any_store: Store) -> None:
    found = engine("gds", any_store)
    assert found.name == "gds"
    check(found)
    assert any_store.read("read/label_counts") == []
    with any_store._driver.session(database=any_store.address.database) as session:
        projections = session.run("CALL gds.graph.list() YIELD graphName RETURN count(*) AS n").single(
            strict=True
        )
    assert projections["n"] == 0


@pytest.mark.neo4j
def test_graph_data_science_drops_its_projection_when_it_fails(store: Store) -> None:
    wanted, _ = planted((3, 3))
    broken = WeightedGraph(wanted.n, wanted.a, wanted.b, np.full(wanted.a.size, np.nan))
    with pytest.raises(Exception, match=r"."):
        engine("gds", store).partition(broken, float("nan"), 1)
    with store._driver.session(database=store.address.database) as session:
        projections = session.run("CALL gds.graph.list() YIELD graphName RETURN count(*) AS n").single(
            strict=True
        )
    assert projections["n"] == 0


@pytest.mark.neo4j
def test_engines_agree_on_weighted_random_blocks(store: Store) -> None:
    # Groups of like size: modularity, with one resolution for all, would cut large groups beside small ones.
    wanted, truth = planted((8, 6, 9, 7, 8, 6), seed=11)
    for name in ENGINES:
        assert engine(name, store).partition(wanted, 0.1, 4).tolist() == truth.tolist(), name


def test_unknown_engines_are_refused_with_the_names_of_those_there_are() -> None:
    with pytest.raises(BadInput, match="no engine 'leiden'") as caught:
        engine("leiden")
    assert all(name in caught.value.remedy for name in ENGINES)
    with pytest.raises(BadInput, match="no store is open"):
        engine("gds")


def test_modularity_resolution_has_the_penalty_of_the_potts_model_on_a_regular_graph() -> None:
    ring = graph(10, {(k, (k + 1) % 10): 1.0 for k in range(10)})
    gamma = modularity_resolution(ring, 0.3)
    degree = 2.0
    assert gamma * degree * degree / (2 * ring.weight.sum()) == pytest.approx(0.3)


labels_strategy = st.lists(st.integers(0, 9), max_size=30).map(lambda found: np.array(found, dtype=np.int64))


@given(labels_strategy, st.permutations(range(10)))
def test_canonical_labels_forget_what_groups_were_called(labels: Ints, names: list[int]) -> None:
    shown = canonical(labels)
    assert shown.tolist() == canonical(np.array(names, dtype=np.int64)[labels]).tolist()
    assert canonical(shown).tolist() == shown.tolist()
    first = list(dict.fromkeys(shown.tolist()))
    assert first == list(range(len(first))), "numbered by first appearance"
    for one, other in itertools.combinations(range(labels.size), 2):
        assert (labels[one] == labels[other]) == (shown[one] == shown[other])


def partitions(n: int) -> Iterator[list[int]]:
    """All partitions of n nodes as restricted growth strings."""

    def grow(labels: list[int], top: int) -> Iterator[list[int]]:
        if len(labels) == n:
            yield labels
            return
        for label in range(top + 2):
            yield from grow([*labels, label], max(top, label))

    yield from grow([0], 0) if n else iter([[]])


def quality(wanted: WeightedGraph, labels: NDArray[np.int64], density: float) -> float:
    """The constant Potts model: weight inside groups less the density for every pair inside."""
    inside = wanted.weight[labels[wanted.a] == labels[wanted.b]].sum()
    sizes = np.bincount(labels)
    return float(inside - density * (sizes * (sizes - 1) / 2).sum())


@st.composite
def small_graphs(draw: st.DrawFn) -> WeightedGraph:
    n = draw(st.integers(2, 7))
    pairs = draw(
        st.lists(st.sampled_from(list(itertools.combinations(range(n), 2))), unique=True, min_size=1)
    )
    weights = draw(st.lists(st.floats(0.05, 1.0), min_size=len(pairs), max_size=len(pairs)))
    return graph(n, dict(zip(pairs, weights, strict=True)))


@given(small_graphs(), st.floats(0.02, 0.6), st.integers(0, 100))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_native_against_all_partitions(wanted: WeightedGraph, density: float, seed: int) -> None:
    labels = Native().partition(wanted, density, seed)
    found = quality(wanted, labels, density)
    best = max(quality(wanted, np.array(p, dtype=np.int64), density) for p in partitions(wanted.n))
    assert found <= best + 1e-9, "the oracle sees every partition"
    assert found >= -1e-9, "never worse than leaving all stores alone"
    whole: nx.Graph[int] = nx.Graph()
    whole.add_nodes_from(range(wanted.n))
    whole.add_edges_from(zip(wanted.a.tolist(), wanted.b.tolist(), strict=True))
    for group in np.unique(labels):
        assert nx.is_connected(whole.subgraph(np.flatnonzero(labels == group).tolist()))


def test_native_reaches_the_best_partition_almost_always() -> None:
    rng = np.random.default_rng(5)
    reached = 0
    for _ in range(40):
        pairs = [pair for pair in itertools.combinations(range(7), 2) if rng.random() < 0.5]
        wanted = graph(7, {pair: float(rng.random()) for pair in pairs} or {(0, 1): 1.0})
        best = max(quality(wanted, np.array(p, dtype=np.int64), 0.3) for p in partitions(7))
        reached += quality(wanted, Native().partition(wanted, 0.3, 1), 0.3) >= best - 1e-9
    assert reached >= 32


@given(st.integers(0, 1000))
def test_structural_order_does_not_depend_on_numbers(seed: int) -> None:
    """However the nodes of a graph without symmetries are numbered, it is handed on as the same graph."""
    generator = np.random.default_rng(seed)
    n = 12
    a, b = np.triu_indices(n, 1)
    chosen = generator.random(a.size) < 0.3
    a, b = a[chosen].astype(np.int64), b[chosen].astype(np.int64)
    weight = np.round(generator.random(a.size) + 0.1, 6)
    graph = WeightedGraph(n, a, b, weight)
    renamed = reordered(graph, generator.permutation(n).astype(np.int64))
    one, other = (reordered(g, structural_order(g)) for g in (graph, renamed))
    assert np.array_equal(one.a, other.a)
    assert np.array_equal(one.b, other.b)
    assert np.array_equal(one.weight, other.weight)
