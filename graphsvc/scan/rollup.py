"""From judged listings to sellers: what each offers of a brand, how suspicious it is, what to keep."""

from __future__ import annotations

import polars as pl

from graphsvc.model.market import OFFERS
from graphsvc.scan.columns import LISTING
from graphsvc.scan.options import ScanOptions
from graphsvc.scan.suspicion import STEPS

SELLERS = pl.Schema(
    {
        "seller": pl.String,
        "listings": pl.Int64,
        "suspectListings": pl.Int64,
        "sales30d": pl.Float64,
        "suspicion": pl.Float64,
        "titleWords": pl.String,
    }
)
SUSPECTS = pl.Schema([*LISTING.items(), ("priceRatio", pl.Float64), ("suspicion", pl.Float64)])

_HUNDREDTHS = 100


def shares(judged: pl.LazyFrame, options: ScanOptions) -> pl.LazyFrame:
    """Add up judged listings by seller and brand (null: no brand).

    All sums are of whole numbers (hundredths of the currency, steps of suspicion, whole units of sales),
    exact in floating point up to 2**53, so that no order of rows, threads or engines can change them.
    """
    sales = pl.col("unit_price") * pl.col("units_sold_30d")
    known = pl.col("suspicion").is_not_null()
    weight = pl.when(known).then(1 + sales.fill_null(0.0).round())
    whole = judged.select(
        "seller",
        "brand",
        "priceRatio",
        units=pl.col("units_sold_30d"),
        suspect=(pl.col("suspicion") >= options.threshold).fill_null(False).cast(pl.UInt32),
        hundredths=(sales * _HUNDREDTHS).round(),
        judged=known.cast(pl.UInt32),
        weight=weight,
        weighted=weight * (pl.col("suspicion") * STEPS).round(),
    )
    added = whole.group_by("seller", "brand").agg(
        pl.len().cast(pl.Int64).alias("listings"),
        pl.col("suspect").sum().cast(pl.Int64).alias("suspectListings"),
        pl.col("units").sum().alias("unitsSold30d"),
        pl.col("units").count().alias("counted"),
        pl.col("hundredths", "weight", "weighted").sum(),
        pl.col("hundredths").count().alias("sold"),
        pl.col("judged").sum().cast(pl.Int64),
        pl.col("priceRatio"),
    )
    return added.with_columns(
        pl.col("priceRatio").list.median(),
        unitsSold30d=pl.when(pl.col("counted") > 0).then("unitsSold30d"),
        hundredths=pl.when(pl.col("sold") > 0).then("hundredths"),
    ).drop("counted", "sold")


def offers(shared: pl.DataFrame) -> pl.DataFrame:
    """Return one row per seller and named brand, by the schema ``graphsvc.model.market.OFFERS``."""
    return (
        shared.filter(pl.col("brand").is_not_null())
        .with_columns(sales30d=(pl.col("hundredths") / _HUNDREDTHS).round(2))
        .select(OFFERS.names())
        .sort("seller", "brand")
    )


def sellers(shared: pl.DataFrame, habits: pl.DataFrame, options: ScanOptions) -> pl.DataFrame:
    """Return one row per seller, by the schema ``SELLERS``.

    ``suspicion`` is the mean over its listings weighted by one plus their sales, drawn to the prior as if
    one more listing had it: a single cheap listing does not condemn a store. Null if no listing could be
    judged. ``habits`` are those of :func:`graphsvc.scan.titles.habits`.
    """
    mean = pl.col("weighted") / pl.col("weight") / STEPS
    drawn = (pl.col("judged") * mean + options.prior) / (pl.col("judged") + 1)
    return (
        shared.group_by("seller")
        .agg(
            pl.col("listings", "suspectListings", "hundredths", "judged", "weight", "weighted").sum(),
            sold=pl.col("hundredths").count(),
        )
        .with_columns(
            sales30d=pl.when(pl.col("sold") > 0).then((pl.col("hundredths") / _HUNDREDTHS).round(2)),
            suspicion=pl.when(pl.col("judged") > 0).then(drawn.round(6)),
        )
        .join(habits, on="seller", how="left")
        .select(SELLERS.names())
        .sort("seller")
    )


def suspects(judged: pl.LazyFrame, options: ScanOptions) -> pl.LazyFrame:
    """Keep the suspicious listings: columns of ``SUSPECTS`` and ``danger``, suspicion times sales."""
    sales = pl.col("unit_price") * pl.col("units_sold_30d").fill_null(0)
    return judged.filter(pl.col("suspicion") >= options.threshold).select(
        *SUSPECTS.names(), danger=(pl.col("suspicion") * (1 + sales))
    )


def kept(suspicious: pl.DataFrame, options: ScanOptions) -> pl.DataFrame:
    """Keep at most ``per_seller`` of each seller's suspects, most suspicious sales first; sorted."""
    ties = [name for name in SUSPECTS if name != "seller"]
    return (
        suspicious.sort("seller", "danger", *ties, descending=[False, True, *[False] * len(ties)])
        .filter(pl.int_range(pl.len()).over("seller") < options.per_seller)
        .select(SUSPECTS.names())
    )
