"""FRAUDAR against all subsets, and against the camouflage it is made for."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphsvc.evaluate.fraudar import blocks, densest

Edges = list[tuple[int, int]]

graphs = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=14, unique=True)


def arrays(edges: Edges) -> tuple[np.ndarray, np.ndarray]:
    return np.array([r for r, _ in edges]), np.array([c for _, c in edges])


def density(edges: Edges, rows: set[int], columns: set[int]) -> float:
    degree = {c: sum(d == c for _, d in edges) for _, c in edges}
    inside = sum(1 / np.log(degree[c] + 5) for r, c in edges if r in rows and c in columns)
    return float(inside / (len(rows) + len(columns)))


def subsets(nodes: set[int]) -> list[set[int]]:
    return [set(s) for k in range(len(nodes) + 1) for s in combinations(sorted(nodes), k)]


@settings(deadline=None)
@given(graphs)
def test_the_block_is_as_dense_as_it_says_and_at_least_half_as_dense_as_the_densest(edges: Edges) -> None:
    block = densest(*arrays(edges))
    assert block.density == pytest.approx(
        density(edges, set(block.rows.tolist()), set(block.columns.tolist()))
    )
    best = max(
        density(edges, rows, columns)
        for rows in subsets({r for r, _ in edges})
        for columns in subsets({c for _, c in edges})
        if rows or columns
    )
    assert best / 2 - 1e-12 <= block.density <= best + 1e-12


def test_camouflage_does_not_hide_a_block() -> None:
    generator = np.random.default_rng(3)
    planted = [(r, c) for r in range(8) for c in range(6)]
    noise = {
        (int(r), int(c))
        for r, c in zip(generator.integers(8, 300, 600), generator.integers(6, 200, 600), strict=True)
    }
    # The guilty also use what everybody uses.
    popular = {(r, 150) for r in range(300)} | {(r, 151) for r in range(0, 300, 2)}
    found = densest(*arrays(sorted({*planted, *noise, *popular})))
    assert set(range(8)) <= set(found.rows.tolist())
    assert found.rows.size <= 10


def test_blocks_come_one_after_the_other_and_end_with_the_edges() -> None:
    edges = [(r, c) for r in range(5) for c in range(5)] + [
        (r, c) for r in range(10, 13) for c in range(10, 13)
    ]
    found = list(blocks(*arrays(edges), limit=9))
    assert [block.rows.tolist() for block in found] == [[0, 1, 2, 3, 4], [10, 11, 12]]
    assert found[0].density > found[1].density
    assert len(list(blocks(*arrays(edges), limit=1))) == 1
