"""Figures on real wallets, of which some are known to be run by one operator and most have no label."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from graphsvc.evaluate.baselines import connected
from graphsvc.evaluate.partition import Agreement, bcubed
from graphsvc.evaluate.prediction import Prediction
from graphsvc.model.errors import BadInput
from graphsvc.model.market import Market


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


def ceiling(market: Market, groups: pl.DataFrame) -> Prediction:
    """Return what somebody would predict who knows the groups, and links their stores by everything they share.

    Each group falls into the parts that identifiers which are no known services connect, unlabelled stores left out.
    What recalls more goes through stores of which nobody knows whose they are, or through services.
    """
    public = market.identifiers.filter(pl.col("service").is_not_null()).select("identifier")
    links = (
        market.links.join(public, on="identifier", how="anti")
        .join(groups.select(pl.col("seller_id").alias("seller"), "group"), on="seller")
        .with_columns(pl.concat_str("group", "identifier", separator="|").alias("identifier"))
        .select(market.links.columns)
    )
    return connected(replace(market, links=links, identifiers=market.identifiers.clear()))


def labels(folder: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read ``groups.csv`` and ``sellers.csv`` of a folder, with stores named as in a market.

    Raises
    ------
    BadInput
        If one of them is missing.
    """
    for name in ("groups.csv", "sellers.csv"):
        if not (folder / name).is_file():
            raise BadInput(
                f"{folder / name}: no such file.", "Name a folder with reviewed groups beside the tables."
            )
    text = pl.String
    sellers = pl.read_csv(folder / "sellers.csv", schema_overrides={"seller_id": text, "marketplace": text})
    groups = pl.read_csv(folder / "groups.csv", schema_overrides={"seller_id": text, "group": text})
    if "marketplace" not in sellers.columns:
        sellers = sellers.with_columns(marketplace=pl.lit(None, pl.String))
    key = pl.concat_str([pl.col("marketplace") + ":", pl.col("seller_id")], ignore_nulls=True)
    keys = sellers.select("seller_id", key=key)

    def named(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.join(keys, on="seller_id", maintain_order="left").with_columns(
            pl.col("key").alias("seller_id")
        )

    return named(groups).select("seller_id", "group"), named(sellers).select("seller_id", "status")
