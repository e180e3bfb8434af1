"""Figures on real wallets, of which some are known to be run by one operator and most have no label."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from graphsvc.evaluate.partition import Agreement, bcubed
from graphsvc.evaluate.prediction import Prediction


@dataclass(frozen=True)
class WalletFigures:
    """What can be said with labels for some stores only.

    ``agreement`` is B-cubed over the labelled stores alone: a cluster is looked at through its labelled
    stores, and a labelled store in no cluster is on its own. ``contamination`` is the share of stores with
    status ``active`` among all stores of flagged clusters, those with at least two labelled stores;
    ``unlabelled`` the share there without a label (most of them struck off by the reviewers too, so no
    measure of innocence). None: no cluster is flagged.
    """

    agreement: Agreement
    contamination: float | None
    unlabelled: float | None
    flagged_clusters: int
    flagged_stores: int
    grouped_stores: int


def measure(prediction: Prediction, groups: pl.DataFrame, sellers: pl.DataFrame) -> WalletFigures:
    """Measure a prediction against reviewed groups.

    Parameters
    ----------
    prediction : Prediction
        Sellers named as in ``groups`` and ``sellers``.
    groups : pl.DataFrame
        Columns seller_id, group: the labelled stores.
    sellers : pl.DataFrame
        Columns seller_id, status: all stores.
    """
    label = groups.select(pl.col("seller_id").alias("seller"), pl.col("group"))
    cluster = prediction.members.select("seller", pl.col("racket_id").alias("cluster"))
    labelled = label.join(cluster, on="seller", how="left").select(
        pl.col("group").cast(pl.String).alias("truth"),
        pl.when(pl.col("cluster").is_null())
        .then(pl.lit("alone:") + pl.col("seller"))
        .otherwise(pl.lit("group:") + pl.col("cluster"))
        .alias("cluster"),
        pl.lit(True).alias("guilty"),
    )
    stores = (
        cluster.join(sellers.select(pl.col("seller_id").alias("seller"), "status"), on="seller")
        .join(label, on="seller", how="left")
        .filter(pl.col("group").is_not_null().sum().over("cluster") >= 2)
    )
    share = stores.select(
        (pl.col("status") == "active").mean().alias("a"), pl.col("group").is_null().mean().alias("b")
    )
    active, unlabelled = share.row(0) if stores.height else (None, None)
    return WalletFigures(
        bcubed(labelled),
        active,
        unlabelled,
        stores["cluster"].n_unique(),
        stores.height,
        prediction.members.height,
    )
