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

from graphsvc.links.evidence import Evidence
from graphsvc.rackets.engines import Ints, connected_parts

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
    apart = held & (said <= most)
    alone = edges.filter(pl.Series(apart, dtype=pl.Boolean)).select("a", "b").cast(pl.Int64)
    if alone.height:
        uses = _uses(stores, labels, alone)
        inside = uses.filter(pl.col("means") > _MEANS).partition_by("group", as_dict=True)
        sizes = np.bincount(labels)
        apart[apart] = [
            all((end,) in inside and _whole(inside[end,], int(sizes[end]), reach) for end in (a, b))
            for a, b, reach in zip(alone["a"], alone["b"], _reach(uses, between, alone), strict=True)
        ]
    return pl.Series(apart, dtype=pl.Boolean)


def _held_by_several(stores: Evidence, labels: Ints, most: float) -> NDArray[np.bool_]:
    """Say which groups have mostly stores that share more with another one than a single thing can say."""
    pairs = stores.pairs.filter(pl.col("weight") > most).select("a", "b").to_numpy()
    held = np.zeros(labels.size)
    held[pairs[labels[pairs[:, 0]] == labels[pairs[:, 1]]]] = 1.0
    return np.asarray(np.bincount(labels, held) > np.bincount(labels) / 2)


def _uses(stores: Evidence, labels: Ints, pairs: pl.DataFrame) -> pl.DataFrame:
    """Return ``group, s, i, means``: what the stores of paired groups use, and how probably it means one operation."""
    group = pl.Series(labels, dtype=pl.Int64)
    means = stores.identifiers.select("i", (pl.col("soft") * (1 - pl.col("hubProbability"))).alias("means"))
    return (
        stores.incidence.uses.select(group.gather(stores.incidence.uses["s"]).alias("group"), "s", "i")
        .join(pl.concat([pairs["a"], pairs["b"]]).unique().to_frame("group"), on="group", how="semi")
        .join(means, on="i")
    )


def _reach(uses: pl.DataFrame, between: Evidence, pairs: pl.DataFrame) -> pl.Series:
    """Return how many stores of both groups use what ties them, at most, a value a pair."""
    users = uses.group_by("group", "i").agg(pl.len().cast(pl.Int64).alias("users"))
    tie = (
        between.shared.select("i", pl.col("a", "b").cast(pl.Int64))
        .join(pairs, on=["a", "b"], how="semi")
        .join(between.identifiers.select("i", "origin"), on="i")
    )
    for end in ("a", "b"):
        of_end = users.rename({"group": end, "i": "origin", "users": f"users_{end}"})
        tie = tie.join(of_end, on=[end, "origin"])
    reach = tie.group_by("a", "b").agg((pl.col("users_a") + pl.col("users_b")).max().alias("reach"))
    return pairs.join(reach, on=["a", "b"], how="left", maintain_order="left")["reach"]


def _whole(uses: pl.DataFrame, size: int, users: int) -> bool:
    """Say whether a group of so many stores stays whole without any one thing that at most ``users`` of them use."""
    store, thing = (np.unique(uses[name].to_numpy(), return_inverse=True)[1] for name in ("s", "i"))
    used = np.bincount(thing)

    def whole(without: Ints) -> bool:
        """Say whether it stays whole without any one of these: it does if it does without all of them."""
        kept = ~np.isin(thing, without)
        if np.bincount(connected_parts(store[kept], thing[kept], size)).max() > _WHOLE * size:
            return True
        return without.size > 1 and all(whole(half) for half in np.array_split(without, 2))

    return whole(np.flatnonzero((used > 1) & (used <= users)))
