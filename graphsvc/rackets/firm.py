"""Groups that hold together by more than what ties them to each other.

One mule account, one fulfilment house is a single thing, however private it looks. Two groups that it alone ties stay
two where each is firm: its stores share more than one thing, and no single thing that reaches as few stores as the tie
does holds it together. A chain is not firm in this sense: each of its joints is as narrow as the next, so what hangs on
by another such joint belongs to it. Where one of the two is not firm, and where behaviour speaks, others decide.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from graphsvc.links.evidence import Evidence
from graphsvc.rackets.engines import Ints

_MEANS = 0.5
"""Probability of meaning one operation from which a thing can hold a group together."""
_WHOLE = 2 / 3
"""Share of a group's stores that stay together in one that is still whole."""


def firm_apart(
    stores: Evidence, between: Evidence, labels: Ints, edges: pl.DataFrame, most: float
) -> pl.Series:
    """Say for pairs of groups whether one thing alone ties them and both are firm without it.

    Parameters
    ----------
    stores, between : Evidence
        Between stores, and between the groups of ``labels``.
    labels : int array
        A group per store.
    edges : DataFrame
        ``a, b``: tied groups.
    most : float
        The most that one thing can say (nats).
    """
    said = edges.join(between.pairs, on=["a", "b"], how="left", maintain_order="left")["weight"].to_numpy()
    held = _held_by_several(stores, labels, most)[edges.select("a", "b").to_numpy()].all(axis=1)
    alone = np.flatnonzero(held & (said <= most))
    if alone.size:
        ends = edges[alone].select("a", "b").to_numpy()
        inside = _Inside(stores, labels, np.unique(ends))
        reach = _reach(inside, between, edges[alone])
        held[alone] = [
            all(inside.whole_without(group, users) for group in pair)
            for pair, users in zip(ends.tolist(), reach.tolist(), strict=True)
        ]
    return pl.Series(held & (said <= most), dtype=pl.Boolean)


def _held_by_several(stores: Evidence, labels: Ints, most: float) -> NDArray[np.bool_]:
    """Say which groups have mostly stores that share more with another one than a single thing can say."""
    pairs = stores.pairs.filter(pl.col("weight") > most).select("a", "b").to_numpy()
    held = np.zeros(labels.size)
    held[pairs[labels[pairs[:, 0]] == labels[pairs[:, 1]]]] = 1.0
    return np.asarray(np.bincount(labels, held) > np.bincount(labels) / 2)


class _Inside:
    """Who uses what within some groups."""

    def __init__(self, stores: Evidence, labels: Ints, groups: Ints) -> None:
        uses = stores.incidence.uses.filter(
            pl.Series(np.isin(labels, groups)[stores.incidence.uses["s"].to_numpy()])
        )
        s, i = (uses[name].to_numpy().astype(np.int64) for name in ("s", "i"))
        order = np.lexsort((i, labels[s]))
        self._group, self._s, self._i = labels[s][order], s[order], i[order]
        means = stores.identifiers["soft"] * (1 - stores.identifiers["hubProbability"])
        self._means = means.to_numpy()[self._i] > _MEANS
        self._sizes = np.bincount(labels)

    def users(self, group: Ints, i: Ints) -> Ints:
        """Return how many stores of each group use each identifier (its row between stores)."""
        span = int(max(self._i.max(initial=0), i.max(initial=0))) + 1
        keys = self._group * span + self._i
        asked = group.astype(np.int64) * span + i
        return np.searchsorted(keys, asked, side="right") - np.searchsorted(keys, asked)

    def whole_without(self, group: int, users: int) -> bool:
        """Say whether the group stays whole without any one thing that at most so many of its stores use."""
        first, last = np.searchsorted(self._group, [group, group + 1])
        rows = np.flatnonzero(self._means[first:last]) + first
        store, thing = (np.unique(ends, return_inverse=True)[1] for ends in (self._s[rows], self._i[rows]))
        used = np.bincount(thing)
        narrow = np.flatnonzero((used > 1) & (used <= users))

        def whole(without: Ints) -> bool:
            """Say whether it stays whole without any one of these: it does if it does without all of them."""
            kept = ~np.isin(thing, without)
            if _largest(store[kept], thing[kept]) > _WHOLE * self._sizes[group]:
                return True
            return without.size > 1 and all(whole(half) for half in np.array_split(without, 2))

        return whole(narrow)


def _largest(store: Ints, thing: Ints) -> int:
    """Return how many stores the largest part of a bipartite graph has."""
    if not store.size:
        return 1
    n = int(store.max()) + 1
    matrix = coo_matrix(
        (np.ones(store.size, dtype=np.int8), (store, thing + n)), shape=(n + int(thing.max()) + 1,) * 2
    )
    return int(np.bincount(connected_components(matrix, directed=False)[1][:n]).max())


def _reach(inside: _Inside, between: Evidence, edges: pl.DataFrame) -> Ints:
    """Return how many stores of both groups use what ties them."""
    tie = edges.select("a", "b").with_row_index("edge").join(between.shared, on=["a", "b"]).sort("edge", "i")
    origin = between.identifiers["origin"].to_numpy()[tie["i"].to_numpy()].astype(np.int64)
    users = sum(inside.users(tie[end].to_numpy(), origin) for end in ("a", "b"))
    reach = np.zeros(edges.height, dtype=np.int64)
    np.maximum.at(reach, tie["edge"].to_numpy(), users)
    return reach
