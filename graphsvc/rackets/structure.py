"""What holds a group together: how firmly each store belongs, and which identifiers the group rests on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphsvc.links.evidence import Evidence
from graphsvc.links.incidence import CONTACT, DIGITS, IDENTITY, MONEY, PLACE
from graphsvc.rackets.engines import Ints, connected_parts
from graphsvc.rackets.findings import ATTACHED, CORE

_CHOKE_POINTS = 12
_REPLICATES = 50
_MOST_CONFIDENT = 0.97
_GROUPED = 0.1
"""P(member) of a store of which only the partition says that it belongs."""


@dataclass(frozen=True)
class Structure:
    """Groups of two or more stores.

    Attributes
    ----------
    members : DataFrame
        ``group, s, confidence, role, stability, apart``.
    ties : DataFrame
        ``group, i, members, share``: identifiers that at least two members use, and that mean something.
    relies_on : DataFrame
        ``group, i, members, share, cut, pieces`` for the heaviest ties.
    kinds : DataFrame
        ``group, goods, paper``: share of members tied by goods, money or contact, and by papers.
    """

    members: pl.DataFrame
    ties: pl.DataFrame
    relies_on: pl.DataFrame
    kinds: pl.DataFrame


def describe(evidence: Evidence, labels: Ints, same: Ints) -> Structure:
    """Describe all groups of a partition.

    Parameters
    ----------
    evidence : Evidence
        Between stores.
    labels : int array
        A label per store.
    same : int array
        Pairs of stores that people know to be one operation, shape (pairs, 2): they hold together whatever they share.
    """
    stores = pl.DataFrame({"s": np.arange(labels.size, dtype=np.uint32), "group": labels})
    sizes = stores.group_by("group").agg(pl.len().alias("size")).filter(pl.col("size") > 1)
    inside = stores.join(sizes, on="group")
    about = evidence.identifiers.select(
        "i", "family", "kind_of", "weight", (pl.col("soft") * (1 - pl.col("hubProbability"))).alias("means")
    )
    uses = (
        evidence.incidence.uses.select("s", "i")
        .join(inside, on="s")
        .join(about, on="i")
        .with_columns(pl.len().over("group", "i").alias("users"))
        .filter((pl.col("users") > 1) & (pl.col("means") > 0.02))
        .sort("group", "i", "s")
    )
    ties = (
        uses.group_by("group", "i")
        .agg(
            pl.len().alias("members"),
            (pl.len() / pl.col("size").first()).alias("share"),
            pl.col("means").first(),
            pl.col("family").first(),
        )
        .sort("group", "i")
    )
    known = _known(labels, same, evidence.identifiers.height)
    held = _held(inside, pl.concat([uses.select("group", "s", "i", "means"), known]))
    members = _members(inside, uses, known).join(held, on=["group", "s"], how="left")
    return Structure(members.sort("group", "s"), ties, _relies_on(uses, ties), _kinds(uses, inside))


def _known(labels: Ints, same: Ints, identifiers: int) -> pl.DataFrame:
    """Return ``group, s, i, means``: the stores of each pair that people know to be one operation, as if they shared a
    certain thing, numbered after all ``identifiers``."""
    together = same[labels[same[:, 0]] == labels[same[:, 1]]].reshape(-1)
    columns = {
        "group": labels[together],
        "s": together.astype(np.uint32),
        "i": (identifiers + np.arange(together.size) // 2).astype(np.uint32),
        "means": np.ones(together.size),
    }
    return pl.DataFrame(columns)


def _members(inside: pl.DataFrame, uses: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """A store belongs as firmly as the best identifier of each family that it shares with other members; most firmly
    where people say so.

    The partition has looked at more than the store's own ties (at what its group shares with others, at behaviour), so
    its word is a first witness, and the ties count as two more: ``1 - (1 - g)(1 - c)^2``.
    """
    sure = 1 - (1 - _GROUPED) * (1 - pl.col("confidence").fill_null(0.0)).pow(2)
    support = (
        uses.with_columns((pl.col("means") * (1 - 0.5 ** (pl.col("users") - 1))).alias("tie"))
        .group_by("group", "s", "family")
        .agg(pl.col("tie").max())
        .group_by("group", "s")
        .agg(
            (1 - (1 - pl.col("tie")).product()).round(DIGITS).alias("confidence"),
            (pl.col("tie") > 0.3).sum().alias("families"),
        )
    )
    judged = pl.col("s").is_in(known["s"].implode())
    return (
        inside.join(support, on=["group", "s"], how="left")
        .select(
            "group",
            "s",
            "size",
            pl.when(judged)
            .then(_MOST_CONFIDENT)
            .otherwise(sure.clip(0.0, _MOST_CONFIDENT))
            .alias("confidence"),
            pl.when(pl.col("families").fill_null(0) > 1)
            .then(pl.lit(CORE))
            .otherwise(pl.lit(ATTACHED))
            .alias("role"),
        )
        .sort("group", "s")
    )


def _held(inside: pl.DataFrame, uses: pl.DataFrame) -> pl.DataFrame:
    """Return ``group, s, stability, apart``, from the ties ``group, s, i, means``.

    ``stability`` is how often a store stays with the largest part of its group when each tie is dropped as often as it
    means nothing (``_REPLICATES`` parametric bootstraps of the identifiers); ``apart`` is how many stores of its group
    no chain of ties leads to.
    """
    nodes = inside.select("group", "s").sort("group", "s").with_row_index("node")
    numbered = uses.select("group", "i", "means").unique().sort("group", "i").with_row_index("tie")
    ends = uses.select("group", "s", "i").join(nodes, on=["group", "s"]).join(numbered, on=["group", "i"])
    store, tie = ends["node"].to_numpy(), ends["tie"].to_numpy()
    group = nodes["group"].rank("dense").to_numpy().astype(np.int64) - 1
    n, stayed, generator = nodes.height, np.zeros(nodes.height), np.random.default_rng(0)

    def part_sizes(holds: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return for each store how many stores the ties that hold keep together with it."""
        part = connected_parts(store[holds], tie[holds], n)
        return np.bincount(part)[part]

    apart = np.bincount(group)[group] - part_sizes(np.ones(tie.size, dtype=bool))
    for _ in range(_REPLICATES if n else 0):
        size = part_sizes((generator.random(numbered.height) < numbered["means"].to_numpy())[tie])
        largest = np.zeros(group.max() + 1, dtype=np.int64)
        np.maximum.at(largest, group, size)
        stayed += (size == largest[group]) & (size > 1)
    return nodes.select("group", "s").with_columns(
        pl.Series("stability", stayed / _REPLICATES), pl.Series("apart", apart, dtype=pl.Int64)
    )


def _kinds(uses: pl.DataFrame, inside: pl.DataFrame) -> pl.DataFrame:
    sizes = inside.select("group", "size").unique()
    tied = uses.group_by("group").agg(
        pl.col("s").filter(pl.col("family").is_in([PLACE, MONEY, CONTACT])).n_unique().alias("goods"),
        pl.col("s").filter(pl.col("family") == IDENTITY).n_unique().alias("paper"),
    )
    return sizes.join(tied, on="group", how="left").select(
        "group", *((pl.col(name).fill_null(0) / pl.col("size")).alias(name) for name in ("goods", "paper"))
    )


def _relies_on(uses: pl.DataFrame, ties: pl.DataFrame) -> pl.DataFrame:
    """The heaviest ties of each group: the share of evidence each carries, and the parts left without it."""
    weighed = ties.with_columns((pl.col("means") * (pl.col("members") - 1)).alias("carries"))
    heaviest = (
        weighed.with_columns(
            (pl.col("carries") / pl.col("carries").sum().over("group")).round(DIGITS).alias("cut")
        )
        .sort(["group", "carries", "i"], descending=[False, True, False])
        .group_by("group", maintain_order=True)
        .head(_CHOKE_POINTS)
        .with_row_index("copy")
    )
    copies = (
        uses.select("group", "i", "s")
        .join(heaviest.select("copy", "group", pl.col("i").alias("without")), on="group")
        .filter(pl.col("i") != pl.col("without"))
    )
    everyone = uses.select("group", "s").unique().join(heaviest.select("copy", "group"), on="group")
    pieces = _pieces(copies, everyone)
    return heaviest.join(pieces, on="copy", how="left").select(
        "group",
        "i",
        pl.col("members").cast(pl.Int64),
        "share",
        "cut",
        pl.col("pieces").fill_null(0).cast(pl.Int64),
    )


def _pieces(copies: pl.DataFrame, everyone: pl.DataFrame) -> pl.DataFrame:
    """Count components of each copy of a group that lacks one identifier: ``copy, pieces``."""
    if everyone.is_empty():
        return pl.DataFrame(schema={"copy": pl.UInt32, "pieces": pl.UInt32})
    stores = everyone.select("copy", "s").unique().sort("copy", "s").with_row_index("node")
    identifiers = copies.select("copy", "i").unique().sort("copy", "i").with_row_index("other")
    ends = copies.join(stores, on=["copy", "s"]).join(identifiers, on=["copy", "i"])
    parts = connected_parts(ends["node"].to_numpy(), ends["other"].to_numpy(), stores.height)
    return (
        stores.with_columns(pl.Series("part", parts))
        .group_by("copy")
        .agg(pl.col("part").n_unique().alias("pieces"))
    )
