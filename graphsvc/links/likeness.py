"""Likeness: what stores' behaviour says about whether the users of an identifier are one operation.

Stores of one operation sell the same brands, title them alike, open in bursts, price alike, sit in the same places;
strangers in one office park do not. Each comparison falls into a level (brands: none, some, most in common; …). How
often each level occurs among stores of one operation (m) and among strangers (u) is estimated from the market itself,
from pairs that independent identifiers already tie and from random pairs (Fellegi & Sunter 1969); nothing is set by
hand.
Comparisons of unknown values say nothing. How suspicious two stores are is not compared: two rackets are alike in that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphsvc.links.incidence import DIGITS, PLACE, REGISTERED, Incidence
from graphsvc.model.graph import Label
from graphsvc.model.market import Market

SAYS = pl.Schema({"i": pl.UInt32, "a": pl.UInt32, "b": pl.UInt32, "says": pl.Float64})
_ALL_PAIRS = 40
_RANDOM = 200_000
_LEVELS = ("brands", "titles", "opened", "city", "price", "marketplace")
_SMOOTHING = 20.0
_BOUND = 4.0
DAMPING = 0.7
"""Comparisons are not independent of each other; their sum is scaled by this."""


def features(market: Market, graph: Incidence) -> pl.DataFrame:
    """Return one row a store by ``s``: ``brands``, ``words`` (of titles), ``cities`` (lists), ``opened`` (day),
    ``price``, ``marketplace``."""
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
    rank = pl.col("suspicion").rank() / pl.col("suspicion").count()
    return (
        graph.sellers.select(
            "s", "seller", "marketplace", pl.col("openedOn").dt.epoch("d").alias("opened"), rank
        )
        .join(brands, on="seller", how="left")
        .join(_title_words(market), on="seller", how="left")
        .join(cities, on="seller", how="left")
        .join(ratio.rename({"priceRatio": "price"}), on="seller", how="left")
        .drop("seller")
        .sort("s")
    )


def _title_words(market: Market) -> pl.DataFrame:
    """Return ``seller, words``; a store that titles every listing another way has none, one without listings null."""
    habits = pl.col("titleWords").str.split(" ")
    none = pl.when(pl.col("listings") > 0).then(pl.lit([], pl.List(pl.String)))
    return market.sellers.select("seller", pl.coalesce(habits, none).alias("words"))


def levels(pairs: pl.DataFrame, stores: pl.DataFrame) -> pl.DataFrame:
    """Compare pairs ``a, b`` of stores: the level of each comparison as a small integer, null where unknown."""
    both = (
        pairs.lazy()
        .with_columns(_surprise(pairs, stores, "brands"), _surprise(pairs, stores, "words"))
        .join(stores.lazy().rename({"s": "a"}), on="a", maintain_order="left")
        .join(stores.lazy().rename({"s": "b"}), on="b", suffix="_b", maintain_order="left")
    )
    gap = (pl.col("opened") - pl.col("opened_b")).abs()
    same_city = pl.col("cities").list.set_intersection("cities_b").list.len() > 0
    provinces = [pl.col(c).list.eval(pl.element().str.slice(0, 2)) for c in ("cities", "cities_b")]
    same_province = provinces[0].list.set_intersection(provinces[1]).list.len() > 0
    spread = (pl.col("price").log() - pl.col("price_b").log()).abs()
    return both.select(
        *pairs.columns,
        *(
            _known(_step(pl.col(f"common_{column}"), 0.0, 3.0, 6.0, 9.0), column).alias(name)
            for name, column in (("brands", "brands"), ("titles", "words"))
        ),
        _known(_step(gap, 14, 60, 240), "opened").alias("opened"),
        _known(pl.when(same_city).then(2).when(same_province).then(1).otherwise(0), "cities").alias("city"),
        _known(_step(spread, 0.1, 0.3), "price").alias("price"),
        (pl.col("marketplace") == pl.col("marketplace_b")).cast(pl.Int32).alias("marketplace"),
    ).collect()


def _step(value: pl.Expr, *bars: float) -> pl.Expr:
    """Return how many of the bars a value is above."""
    return pl.sum_horizontal((value > bar).cast(pl.Int32) for bar in bars)


def _surprise(pairs: pl.DataFrame, stores: pl.DataFrame, column: str) -> pl.Series:
    """Return ``common_<column>``: for each pair how surprising it is what both have in a column of lists, the sum of
    -ln of the share of stores that have each, 0 for nothing in common."""
    had = stores.select("s", pl.col(column).alias("what")).explode("what").drop_nulls()
    known = max(stores[column].count(), 1)
    rare = had.group_by("what").agg((-(pl.len() / known).log()).alias("surprise"))
    numbered = pairs.select("a", "b").with_row_index("pair")
    common = (
        numbered.lazy()
        .join(had.lazy().rename({"s": "a"}), on="a")
        .join(had.lazy().rename({"s": "b"}), on=["b", "what"])
        .join(rare.lazy(), on="what")
        .group_by("pair")
        .agg(pl.col("surprise").sum().round(DIGITS))
        .collect()
    )
    found = numbered.join(common, on="pair", how="left", maintain_order="left")["surprise"]
    return found.fill_null(0.0).alias(f"common_{column}")


def _known(level: pl.Expr, column: str) -> pl.Expr:
    return (
        pl.when(pl.col(column).is_not_null() & pl.col(f"{column}_b").is_not_null()).then(level).cast(pl.Int32)
    )


@dataclass(frozen=True)
class Worth:
    """What comparisons are worth: per comparison and level ln(m/u), and what a comparison says on average of stores of
    one operation (Kullback-Leibler divergence, nats)."""

    log_odds: dict[str, dict[int, float]]
    gain: dict[str, float]


class Likeness:
    """Compares the users of identifiers; made once a market, asked with the pairs then believed to be tied."""

    def __init__(self, market: Market, graph: Incidence) -> None:
        self._stores = features(market, graph)
        sampled = _sample(graph.uses).join(graph.identifiers.select("i", "family", "kind_of"), on="i")
        self._sampled = levels(sampled.select("i", "a", "b", "family", "kind_of"), self._stores)
        strangers = _any_pairs(graph.sellers.height)
        self._u = levels(strangers, self._stores)

    def worth(self, tied: pl.DataFrame) -> Worth:
        """Learn what each level of each comparison is worth.

        Parameters
        ----------
        tied : DataFrame
            ``a, b``: pairs believed to be of one operation, from which m is estimated.
        """
        chosen = tied if tied.height <= _RANDOM else tied.gather_every(tied.height // _RANDOM + 1)
        together = levels(chosen.select("a", "b"), self._stores)
        log_odds = {name: _log_ratio(together[name], self._u[name]) for name in _LEVELS}
        return Worth(log_odds, {name: _gain(together[name], log_odds[name]) for name in _LEVELS})

    def says(self, tied: pl.DataFrame) -> pl.DataFrame:
        """Return ``i, a, b, says``: for sampled pairs of users, the log-odds (nats) that they are one operation, as
        learnt from the pairs ``tied``."""
        place = pl.col("family").eq(PLACE) | pl.col("kind_of").eq(REGISTERED)
        # Who shares an address is in one city by that alone.
        counts = {"city": pl.when(place).then(0.0).otherwise(1.0)}
        total = _total(self.worth(tied), counts)
        return self._sampled.select("i", "a", "b", (total * DAMPING).alias("says"))

    def compare(self, pairs: pl.DataFrame, worth: Worth) -> pl.DataFrame:
        """Return ``pairs`` (``a, b``, and more) with ``says``, the undamped log-odds (nats) that both stores are one
        operation, and ``known``, how much (nats) the comparisons that could be made say on average of such stores."""
        known = [
            pl.when(pl.col(name).is_not_null()).then(gain).otherwise(0.0) for name, gain in worth.gain.items()
        ]
        return levels(pairs, self._stores).select(
            *pairs.columns, _total(worth).alias("says"), pl.sum_horizontal(known).alias("known")
        )

    def profile(self) -> pl.DataFrame:
        """Return ``s, city, suspicion`` of each store: its main city, and its rank by suspicion, 0..1."""
        return self._stores.select("s", pl.col("cities").list.first().alias("city"), "suspicion")


def strangers(says: pl.DataFrame, identifiers: int) -> NDArray[np.float64]:
    """Return for each identifier the log-odds that its users are strangers: what its pairs say on average, as if of
    a few independent ones."""
    mean = says.group_by("i").agg(pl.col("says").mean().round(DIGITS), pl.len().alias("pairs"))
    out = np.zeros(identifiers)
    out[mean["i"].to_numpy()] = -mean["says"].to_numpy() * np.minimum(np.sqrt(mean["pairs"].to_numpy()), 3.0)
    return np.clip(out, -4.0, 4.0)


def _total(worth: Worth, counts: dict[str, pl.Expr] | None = None) -> pl.Expr:
    """Sum what the levels of a row are worth; a comparison counts as much as ``counts`` says, fully by default."""
    total = pl.lit(0.0)
    for name in _LEVELS:
        says = pl.col(name).replace_strict(worth.log_odds[name], default=0.0, return_dtype=pl.Float64)
        total = total + says.fill_null(0.0) * (counts or {}).get(name, pl.lit(1.0))
    return total


def _gain(together: pl.Series, log_odds: dict[int, float]) -> float:
    if not log_odds:
        return 0.0
    said = together.drop_nulls().replace_strict(log_odds, default=0.0, return_dtype=pl.Float64)
    return max(float(said.mean() or 0.0), 0.0)  # type: ignore[arg-type]


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


def _any_pairs(stores: int) -> pl.DataFrame:
    """Return ``a, b``: all pairs of stores, or random ones where they are too many."""
    if stores * (stores - 1) // 2 <= _RANDOM:
        ends = np.column_stack(np.triu_indices(stores, 1)).astype(np.uint32)
    else:
        ends = np.random.default_rng(0).integers(0, stores, size=(_RANDOM, 2)).astype(np.uint32)
    return pl.DataFrame({"a": ends[:, 0], "b": ends[:, 1]}).filter(pl.col("a") != pl.col("b"))


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
