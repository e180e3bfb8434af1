"""Likeness: what stores' behaviour says about whether the users of an identifier are one operation.

Stores of one operation sell the same brands, open in bursts, price alike, sit in the same places; strangers in one
office park do not. Each comparison falls into a level (brands: none, some, most in common; …). How often each level
occurs among stores of one operation (m) and among strangers (u) is estimated from the market itself, from pairs
that independent identifiers already tie and from random pairs (Fellegi & Sunter 1969); nothing is set by hand.
Comparisons of unknown values say nothing.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphsvc.links.incidence import DIGITS, PLACE, REGISTERED, Incidence
from graphsvc.model.graph import Label
from graphsvc.model.market import Market

SAYS = pl.Schema({"i": pl.UInt32, "a": pl.UInt32, "b": pl.UInt32, "says": pl.Float64})
_ALL_PAIRS = 40
_RANDOM = 200_000
_LEVELS = ("brands", "opened", "city", "price", "marketplace")
_SMOOTHING = 20.0
_BOUND = 2.5
DAMPING = 0.7
"""Comparisons are not independent of each other; their sum is scaled by this."""


def features(market: Market, graph: Incidence) -> pl.DataFrame:
    """Return one row a store by ``s``: ``brands``, ``cities`` (lists), ``opened`` (day), ``price``, ``marketplace``."""
    brands = (
        market.offers.sort("seller", "listings", "brand", descending=[False, True, False])
        .group_by("seller", maintain_order=True)
        .agg(pl.col("brand").head(5).alias("brands"))
    )
    places = market.identifiers.filter(
        (pl.col("label") == Label.ADDRESS.value) & (pl.col("adcode").fill_null("") != "")
    )
    cities = (
        market.links.filter(pl.col("label") == Label.ADDRESS.value)
        .join(places.select("identifier", pl.col("adcode").str.slice(0, 4).alias("city")), on="identifier")
        .group_by("seller")
        .agg(pl.col("city").unique().sort().alias("cities"))
    )
    ratio = (
        market.offers.filter(pl.col("priceRatio").is_not_null())
        .group_by("seller")
        .agg(((pl.col("priceRatio") * pl.col("listings")).sum() / pl.col("listings").sum()).round(DIGITS))
    )
    return (
        graph.sellers.select("s", "seller", "marketplace", pl.col("openedOn").dt.epoch("d").alias("opened"))
        .join(brands, on="seller", how="left")
        .join(cities, on="seller", how="left")
        .join(ratio.rename({"priceRatio": "price"}), on="seller", how="left")
        .drop("seller")
        .sort("s")
    )


def levels(pairs: pl.DataFrame, stores: pl.DataFrame) -> pl.DataFrame:
    """Compare pairs ``a, b`` of stores: the level of each comparison as a small integer, null where unknown."""
    both = (
        pairs.lazy()
        .join(stores.lazy().rename({"s": "a"}), on="a", maintain_order="left")
        .join(stores.lazy().rename({"s": "b"}), on="b", suffix="_b", maintain_order="left")
    )
    common = pl.col("brands").list.set_intersection("brands_b").list.len()
    either = pl.min_horizontal(pl.col("brands").list.len(), pl.col("brands_b").list.len())
    gap = (pl.col("opened") - pl.col("opened_b")).abs()
    same_city = pl.col("cities").list.set_intersection("cities_b").list.len() > 0
    provinces = [pl.col(c).list.eval(pl.element().str.slice(0, 2)) for c in ("cities", "cities_b")]
    same_province = provinces[0].list.set_intersection(provinces[1]).list.len() > 0
    spread = (pl.col("price").log() - pl.col("price_b").log()).abs()
    return both.select(
        *pairs.columns,
        pl.when(common == 0)
        .then(0)
        .when(common * 2 <= either)
        .then(1)
        .otherwise(2)
        .alias("brands")
        .pipe(_known, "brands"),
        pl.when(gap <= 14)
        .then(0)
        .when(gap <= 60)
        .then(1)
        .when(gap <= 240)
        .then(2)
        .otherwise(3)
        .alias("opened")
        .pipe(_known, "opened"),
        pl.when(same_city)
        .then(2)
        .when(same_province)
        .then(1)
        .otherwise(0)
        .alias("city")
        .pipe(_known, "cities"),
        pl.when(spread <= 0.1)
        .then(0)
        .when(spread <= 0.3)
        .then(1)
        .otherwise(2)
        .alias("price")
        .pipe(_known, "price"),
        (pl.col("marketplace") == pl.col("marketplace_b")).cast(pl.Int32).alias("marketplace"),
    ).collect()


def _known(level: pl.Expr, column: str) -> pl.Expr:
    return (
        pl.when(pl.col(column).is_not_null() & pl.col(f"{column}_b").is_not_null()).then(level).cast(pl.Int32)
    )


class Likeness:
    """Compares the users of identifiers; made once a market, asked with the pairs then believed to be tied."""

    def __init__(self, market: Market, graph: Incidence) -> None:
        self._stores = features(market, graph)
        sampled = _sample(graph.uses).join(graph.identifiers.select("i", "family", "kind_of"), on="i")
        self._sampled = levels(sampled.select("i", "a", "b", "family", "kind_of"), self._stores)
        n = graph.sellers.height
        ends = (
            np.random.default_rng(0).integers(0, max(n, 1), size=(min(_RANDOM, n * n), 2)).astype(np.uint32)
        )
        strangers = pl.DataFrame({"a": ends[:, 0], "b": ends[:, 1]}).filter(pl.col("a") != pl.col("b"))
        self._u = levels(strangers, self._stores)

    def says(self, tied: pl.DataFrame) -> pl.DataFrame:
        """Return ``i, a, b, says``: for sampled pairs of users, the log-odds (nats) that they are one operation.

        Parameters
        ----------
        tied : DataFrame
            ``a, b``: pairs believed to be of one operation, from which m is estimated.
        """
        chosen = tied if tied.height <= _RANDOM else tied.gather_every(tied.height // _RANDOM + 1)
        together = levels(chosen.select("a", "b"), self._stores)
        place = pl.col("family").eq(PLACE) | pl.col("kind_of").eq(REGISTERED)
        total = pl.lit(0.0)
        for name in _LEVELS:
            worth = _log_ratio(together[name], self._u[name])
            says = pl.col(name).replace_strict(worth, default=0.0, return_dtype=pl.Float64).fill_null(0.0)
            # Who shares an address is in one city by that alone.
            total = total + (pl.when(place).then(0.0).otherwise(says) if name == "city" else says)
        return self._sampled.select("i", "a", "b", (total * DAMPING).alias("says"))


def strangers(says: pl.DataFrame, identifiers: int) -> NDArray[np.float64]:
    """Return for each identifier the log-odds that its users are strangers: what its pairs say on average, as if of
    a few independent ones."""
    mean = says.group_by("i").agg(pl.col("says").mean().round(DIGITS), pl.len().alias("pairs"))
    out = np.zeros(identifiers)
    out[mean["i"].to_numpy()] = -mean["says"].to_numpy() * np.minimum(np.sqrt(mean["pairs"].to_numpy()), 3.0)
    return np.clip(out, -4.0, 4.0)


def _log_ratio(together: pl.Series, strangers: pl.Series) -> dict[int, float]:
    """Return ln(m/u) per level, smoothed towards "says nothing", bounded."""
    m, u = together.drop_nulls(), strangers.drop_nulls()
    if m.len() < _SMOOTHING or u.len() < _SMOOTHING:
        return {}
    out = {}
    for level in sorted(set(m.unique().to_list()) | set(u.unique().to_list())):
        base = ((u == level).sum() + 1) / (u.len() + 1)
        rate = ((m == level).sum() + _SMOOTHING * base) / (m.len() + _SMOOTHING)
        out[level] = float(np.clip(np.log(rate / base), -_BOUND, _BOUND))
    return out


def _sample(uses: pl.DataFrame) -> pl.DataFrame:
    """Return ``i, a, b``: all pairs of users of small identifiers, neighbours in a shuffled ring of large ones."""
    degree = uses.select("i", "s").with_columns(pl.len().over("i").alias("degree"))
    small = degree.filter(pl.col("degree") <= _ALL_PAIRS)
    pairs = (
        small.lazy()
        .join(small.lazy(), on="i")
        .filter(pl.col("s") < pl.col("s_right"))
        .select("i", pl.col("s").alias("a"), pl.col("s_right").alias("b"))
        .collect()
    )
    ring = (
        degree.filter(pl.col("degree") > _ALL_PAIRS)
        .with_columns(pl.struct("i", "s").hash(seed=1).alias("order"))
        .sort("i", "order", "s")
        .with_columns(pl.col("s").shift(-1).over("i").alias("next"))
        .drop_nulls("next")
        .select("i", pl.min_horizontal("s", "next").alias("a"), pl.max_horizontal("s", "next").alias("b"))
    )
    return pl.concat([pairs, ring]).sort("i", "a", "b")
