"""What people know as constraints on a run: stores judged the same, and stores that one operation found something at,
start together; stores judged different stay apart.

Where both are said of one pair, or follow from what is said of others, *different* wins: to separate is the smaller
harm.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from graphsvc.model.market import Market
from graphsvc.rackets.engines import Ints, canonical

NO_FINDING = "no_finding"


@dataclass(frozen=True)
class Constraints:
    """Pairs of store indexes, one row a pair: ``same`` and ``different``, each of shape (pairs, 2)."""

    same: Ints
    different: Ints


def constraints(market: Market, sellers: pl.DataFrame) -> Constraints:
    """Return what is known of stores of ``sellers`` (``s, seller``); words on unknown stores say nothing."""
    index = sellers.select("s", "seller")
    judged = market.judgements.filter(pl.col("kind").is_in(["same", "different"]))
    pairs = (
        pl.concat([judged.select("kind", "a", "b"), _raided_together(market.outcomes)])
        .join(index.rename({"seller": "a", "s": "x"}), on="a")
        .join(index.rename({"seller": "b", "s": "y"}), on="b")
        .filter(pl.col("x") != pl.col("y"))
        .select("kind", pl.min_horizontal("x", "y").alias("x"), pl.max_horizontal("x", "y").alias("y"))
        .unique()
        .sort("kind", "x", "y")
    )
    return Constraints(*(_array(pairs.filter(pl.col("kind") == kind)) for kind in ("same", "different")))


def _raided_together(outcomes: pl.DataFrame) -> pl.DataFrame:
    """Return ``kind, a, b``: stores at which one operation found something, each with the operation's first."""
    found = outcomes.filter(pl.col("seller").is_not_null() & (pl.col("kind") != NO_FINDING))
    return found.select(
        pl.lit("same").alias("kind"),
        pl.col("seller").min().over("operation").alias("a"),
        pl.col("seller").alias("b"),
    ).filter(pl.col("a") != pl.col("b"))


def _array(pairs: pl.DataFrame) -> Ints:
    return pairs.select("x", "y").to_numpy().astype(np.int64).reshape(-1, 2)


def start(stores: int, said: Constraints) -> Ints:
    """Return the labels a run begins with: stores judged the same together, everybody else alone."""
    alone = np.arange(stores, dtype=np.int64)
    return alone if said.same.size == 0 else kept_apart(_together(stores, said), alone, said)


def contradicted(stores: int, said: Constraints) -> Ints:
    """Return the pairs judged different, shape (pairs, 2), that what is judged the same puts together."""
    labels = _together(stores, said)
    together: Ints = said.different[labels[said.different[:, 0]] == labels[said.different[:, 1]]]
    return together


def _together(stores: int, said: Constraints) -> Ints:
    """Return the labels that *same* alone would give."""
    ends = (said.same[:, 0], said.same[:, 1])
    matrix = coo_matrix((np.ones(len(said.same), dtype=np.int8), ends), shape=(stores, stores))
    _, labels = connected_components(matrix, directed=False)
    return canonical(labels.astype(np.int64))


def kept_apart(labels: Ints, before: Ints, said: Constraints, edges: pl.DataFrame | None = None) -> Ints:
    """Return ``labels`` with the groups cut that join what was judged different.

    Parameters
    ----------
    labels, before : int array
        A label per store, after and before a merge; ``labels`` is coarser.
    said : Constraints
        What was judged.
    edges : DataFrame
        ``a, b, common`` between labels of ``before``: a group that must be cut is put together anew along its strongest
        ties, leaving out each that would join a forbidden pair (Kruskal's algorithm with cannot-links). Without
        them it is left as it was before.
    """
    if said.different.size == 0:
        return labels
    joined = labels[said.different[:, 0]]
    wrong = np.unique(joined[joined == labels[said.different[:, 1]]])
    if wrong.size == 0:
        return labels
    undone = np.isin(labels, wrong)
    parts = _regrown(set(before[undone].tolist()), before[said.different], edges)
    apart = np.fromiter((parts.get(int(label), -1) for label in before), dtype=np.int64, count=before.size)
    return canonical(np.where(undone, apart + labels.max() + 1, labels))


def _regrown(nodes: set[int], different: Ints, edges: pl.DataFrame | None) -> dict[int, int]:
    """Return for each node the smallest node of its part."""
    part = {node: node for node in nodes}
    members = {node: {node} for node in nodes}
    forbidden = {frozenset(pair) for pair in different.tolist()}
    ties = [] if edges is None else edges.sort("common", "a", "b", descending=[True, False, False]).rows()
    for a, b, _ in ties:
        if a not in nodes or b not in nodes or part[a] == part[b]:
            continue
        one, other = sorted((part[a], part[b]))
        if any(frozenset((x, y)) in forbidden for x in members[one] for y in members[other]):
            continue
        for node in members[other]:
            part[node] = one
        members[one] |= members.pop(other)
    return part
