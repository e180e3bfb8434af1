"""P(counterfeit): how likely each store sells fakes, first by itself, then together with its group.

Every source adds log-odds. A racket is one decision of one workshop, so stores of a group share a latent state: the
group's log-odds is its prior plus what its stores say, tempered because stores of a group are not independent
witnesses. Sources and their sizes follow the practice: a confirmed fake is strong; a genuine test buy is weak (sellers
filter known testers); a notice counts by how often that brand's notices hold; an authorisation speaks for the store.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from graphsvc.links.incidence import DIGITS
from graphsvc.model.market import Market


@dataclass(frozen=True)
class SuspicionWeights:
    """Log-odds (nats) of each source.

    ``group_prior`` is that of a group nothing is known about. ``sharpness`` scales a group's sum so that the
    probabilities stated come true: sources confirm each other, and one sum of them was seen to understate both ends.
    """

    counterfeit_buy: float = 3.5
    genuine_buy: float = -0.5
    upheld_notice: float = 1.2
    rejected_notice: float = -0.6
    raided: float = 4.0
    nothing_found: float = -2.0
    removed: float = 1.5
    authorised: float = -3.0
    most: float = 6.0
    group_prior: float = -2.3
    concealed: float = 0.7
    paper_shared: float = -0.5
    temper: float = 0.6
    sharpness: float = 2.0


def store_log_odds(market: Market, weights: SuspicionWeights) -> pl.DataFrame:
    """Return ``seller, odds``: log-odds that the store sells fakes, from its own record alone."""
    sellers = market.sellers.select("seller", "status", "suspicion", "sales30d")
    parts = [
        _counted(
            market.test_buys,
            "verdict",
            {"counterfeit": weights.counterfeit_buy, "genuine": weights.genuine_buy},
        ),
        _notices(market, weights),
        _counted(
            market.outcomes,
            "kind",
            {
                "arrest": weights.raided,
                "store_closed": weights.raided,
                "goods_seized": weights.raided,
                "site_closed": weights.raided,
                "no_finding": weights.nothing_found,
            },
        ),
        _authorised(market, weights),
        _scanned(market),
        sellers.filter(pl.col("status") == "removed").select("seller", pl.lit(weights.removed).alias("odds")),
    ]
    return (
        pl.concat(parts)
        .group_by("seller")
        .agg(pl.col("odds").sum().round(DIGITS))
        .join(sellers.select("seller"), on="seller", how="right")
        .select("seller", pl.col("odds").fill_null(0.0).clip(-weights.most, weights.most))
        .sort("seller")
    )


def _counted(frame: pl.DataFrame, column: str, worth: dict[str, float]) -> pl.DataFrame:
    """Add up verdicts with diminishing repeats: the second of a kind counts half, the third a third."""
    return (
        frame.with_columns(
            pl.col(column).replace_strict(worth, default=0.0, return_dtype=pl.Float64).alias("worth")
        )
        .filter(pl.col("worth") != 0)
        .group_by("seller", "worth")
        .agg(pl.len().alias("times"))
        .select(
            "seller",
            (pl.col("worth") * (1 + pl.col("times").cast(pl.Float64)).log() / pl.lit(2.0).log()).alias(
                "odds"
            ),
        )
        .group_by("seller")
        .agg(pl.col("odds").sum().round(DIGITS))
    )


def _notices(market: Market, weights: SuspicionWeights) -> pl.DataFrame:
    """Notices, each worth less where the brand's notices are often rejected (some brands over-report)."""
    decided = market.notices.filter(pl.col("outcome").is_in(["removed", "rejected"]))
    held = (
        decided.group_by("brand")
        .agg(((pl.col("outcome") == "removed").sum() + 2) / (pl.len() + 4))
        .rename({"outcome": "held"})
    )
    return (
        decided.join(held, on="brand", how="left", nulls_equal=True)
        .with_columns(
            pl.when(pl.col("outcome") == "removed")
            .then(weights.upheld_notice * pl.col("held"))
            .otherwise(weights.rejected_notice)
            .alias("worth")
        )
        .group_by("seller")
        .agg((pl.col("worth").sum() / pl.len().cast(pl.Float64).sqrt()).round(DIGITS).alias("odds"))
        .select("seller", pl.col("odds").clip(-2.0, 2.5))
    )


def _authorised(market: Market, weights: SuspicionWeights) -> pl.DataFrame:
    """The share of a store's sales (listings, where sales are unknown) in brands that authorise it."""
    if market.authorisations.is_empty():
        return pl.DataFrame(schema={"seller": pl.String, "odds": pl.Float64})
    allowed = (
        market.authorisations.select("seller", "brand").unique().with_columns(pl.lit(1.0).alias("allowed"))
    )
    size = pl.col("sales30d").fill_null(0) + pl.col("listings").fill_null(0) * 1e-6
    by_sales = (
        market.offers.with_columns(size.alias("size"))
        .join(allowed, on=["seller", "brand"], how="left")
        .group_by("seller")
        .agg(
            ((pl.col("size") * pl.col("allowed").fill_null(0)).sum() / pl.col("size").sum().clip(1e-9)).round(
                DIGITS
            )
        )
        .rename({"size": "part"})
    )
    holders = allowed.select("seller").unique()
    return holders.join(by_sales, on="seller", how="left").select(
        "seller", (weights.authorised * pl.col("part").fill_null(1.0)).alias("odds")
    )


def _scanned(market: Market) -> pl.DataFrame:
    """The scan's suspicion as log-odds against the market's typical store, damped: price alone convicts nobody."""
    known = market.sellers.filter(pl.col("suspicion").is_not_null())
    bounded = pl.col("suspicion").clip(0.01, 0.99)
    logit = (bounded / (1 - bounded)).log()
    return known.select("seller", (logit - logit.median()).clip(-3, 4).alias("odds"))


def group_log_odds(stores: pl.DataFrame, structure: pl.DataFrame, weights: SuspicionWeights) -> pl.DataFrame:
    """Return ``group, odds`` for every group.

    Parameters
    ----------
    stores : DataFrame
        ``group, odds, confidence``: one row a member.
    structure : DataFrame
        ``group, goods, paper``: share of members tied by goods or money, and by papers (licence, registrant).
        Who shares a workshop or an account but no papers hides something; who shares papers does so openly.
    """
    said = stores.group_by("group").agg(
        (
            (pl.col("odds") * pl.col("confidence")).sum()
            / pl.col("confidence").sum().clip(1.0).pow(weights.temper)
        )
        .round(DIGITS)
        .alias("said")
    )
    return (
        said.join(structure, on="group", how="left")
        .with_columns(pl.col("goods", "paper").fill_null(0.0))
        .select(
            "group",
            (
                weights.sharpness
                * (
                    weights.group_prior
                    + pl.col("said")
                    + weights.concealed * pl.col("goods") * (1 - pl.col("paper"))
                    + weights.paper_shared * pl.col("paper")
                )
            ).alias("odds"),
        )
    )
