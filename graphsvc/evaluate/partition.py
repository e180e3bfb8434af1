"""How like the true groups the predicted ones are: B-cubed, pairwise, adjusted Rand index, contamination.

All work on one frame of *items*, a row a store: ``truth`` and ``cluster`` (a store on its own is a group of
one) and ``guilty``, whether it belongs to a true racket.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from graphsvc.evaluate.prediction import Prediction, Truth


@dataclass(frozen=True)
class Agreement:
    """Precision and recall: None where nothing was answered (precision) or there is nothing to find (recall)."""

    precision: float | None
    recall: float | None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall: 0 where there was something to find and nothing was answered.

        None where there is nothing to find, or where recall without an answer is not 0, which says nothing.
        """
        if self.precision is None:
            return 0.0 if self.recall == 0 else None
        if self.recall is None:
            return None
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def items(prediction: Prediction, truth: Truth) -> pl.DataFrame:
    """Lay prediction beside truth: seller, racket_id, kind, truth, cluster (null: in none), guilty; one row a
    store.

    ``truth`` is the operation behind the store (racket or honest group). Predicted stores that the truth does
    not know are left out.
    """
    predicted = prediction.members.select("seller", pl.col("racket_id").alias("predicted"))
    return (
        truth.sellers.join(predicted, on="seller", how="left")
        .select(
            "seller",
            "racket_id",
            "kind",
            _or_alone(pl.coalesce("racket_id", "group_id")).alias("truth"),
            pl.col("predicted"),
            _or_alone(pl.col("predicted")).alias("cluster"),
            pl.col("racket_id").is_not_null().alias("guilty"),
        )
        .sort("seller")
    )


def bcubed(rows: pl.DataFrame, guilty_only: bool = True) -> Agreement:
    """B-cubed precision and recall (Bagga and Baldwin 1998, Entity-based cross-document coreferencing).

    Parameters
    ----------
    rows : pl.DataFrame
        Columns truth, cluster, guilty, a row a store.
    guilty_only : bool
        Average over the stores of true rackets alone; innocents in their clusters still cost precision.
        Otherwise average over all stores, honest groups and loners included.
    """
    both, inside, whole = pl.len().over("truth", "cluster"), pl.len().over("cluster"), pl.len().over("truth")
    counted = rows.with_columns((both / inside).alias("p"), (both / whole).alias("r"))
    if guilty_only:
        counted = counted.filter("guilty")
    precision, recall = counted.select(pl.col("p").mean(), pl.col("r").mean()).row(0)
    return Agreement(precision, recall)


def pairwise(rows: pl.DataFrame) -> Agreement:
    """Precision and recall over pairs of stores with at least one of a true racket."""
    guilty = rows.filter("guilty")
    both = _pairs(guilty, "truth", "cluster")
    proposed = _pairs(rows, "cluster") - _pairs(rows.filter(~pl.col("guilty")), "cluster")
    true = _pairs(guilty, "truth")
    return Agreement(both / proposed if proposed else None, both / true if true else None)


def adjusted_rand(rows: pl.DataFrame) -> float | None:
    """Adjusted Rand index over all stores (Hubert and Arabie 1985, Comparing partitions)."""
    total = rows.height * (rows.height - 1) / 2
    if total == 0:
        return None
    both, true, proposed = _pairs(rows, "truth", "cluster"), _pairs(rows, "truth"), _pairs(rows, "cluster")
    expected = true * proposed / total
    best = (true + proposed) / 2
    return 1.0 if best == expected else (both - expected) / (best - expected)


def rackets_found(rows: pl.DataFrame, overlap: float = 0.5) -> float | None:
    """Share of true rackets met by a cluster: two stores in common and a Jaccard overlap of ``overlap`` or
    more."""
    guilty = rows.filter("guilty")
    if guilty.is_empty():
        return None
    sizes = rows.group_by("cluster").agg(pl.len().alias("inside"))
    whole = guilty.group_by("truth").agg(pl.len().alias("whole"))
    met = (
        guilty.group_by("truth", "cluster")
        .agg(pl.len().alias("both"))
        .join(sizes, on="cluster")
        .join(whole, on="truth")
        .filter(
            pl.col("both") >= 2,
            pl.col("both") >= overlap * (pl.col("inside") + pl.col("whole") - pl.col("both")),
        )
    )
    return met["truth"].n_unique() / whole.height


def flagged(rows: pl.DataFrame, least: int = 2) -> pl.DataFrame:
    """Rows inside predicted clusters that hold at least ``least`` stores of true rackets."""
    return rows.filter(pl.col("predicted").is_not_null() & (pl.col("guilty").sum().over("cluster") >= least))


def contamination(rows: pl.DataFrame, least: int = 2) -> float | None:
    """Share of innocent stores among all stores in flagged clusters; None if no cluster is flagged."""
    inside = flagged(rows, least)
    return None if inside.is_empty() else 1 - inside.select(pl.col("guilty").mean()).item()


def contamination_by(rows: pl.DataFrame, marks: pl.DataFrame, by: str, least: int = 2) -> pl.DataFrame:
    """Which innocents are swept in: per value of ``by`` (a hub kind, a group kind).

    Parameters
    ----------
    rows : pl.DataFrame
        Items as of :func:`items`.
    marks : pl.DataFrame
        Columns seller and ``by``; a store may have several.

    Returns
    -------
    pl.DataFrame
        ``by``, innocents (stores), inside (those within flagged clusters), share (inside / innocents).
    """
    inside = flagged(rows, least).select("seller", pl.lit(True).alias("inside"))
    return (
        marks.select("seller", by)
        .drop_nulls()
        .unique()
        .join(rows.filter(~pl.col("guilty")).select("seller"), on="seller", how="semi")
        .join(inside, on="seller", how="left")
        .group_by(by)
        .agg(
            pl.len().cast(pl.Int64).alias("innocents"),
            pl.col("inside").is_not_null().sum().cast(pl.Int64).alias("inside"),
        )
        .with_columns((pl.col("inside") / pl.col("innocents")).alias("share"))
        .sort(by)
    )


def _or_alone(group: pl.Expr) -> pl.Expr:
    """Give a store without a group one of its own; the prefixes keep the two kinds of name apart."""
    return (
        pl.when(group.is_null()).then(pl.lit("alone:") + pl.col("seller")).otherwise(pl.lit("group:") + group)
    )


def _pairs(rows: pl.DataFrame, *by: str) -> int:
    """Count pairs of rows that agree in ``by``."""
    counts = rows.group_by(by).agg(pl.len().cast(pl.Int64).alias("n"))["n"]
    return int((counts * (counts - 1) // 2).sum())
