"""Likeness: what stores' behaviour says about whether the users of an identifier are one operation.

Stores of one operation sell the same brands, title them alike, open in bursts, price alike, sit in the same places;
strangers in one office park do not. Each comparison falls into a level (brands: none, some, most in common; …). How
often each level occurs among stores of one operation (m) and among strangers (u) is estimated from the market itself,
from pairs that independent identifiers already tie and from random pairs (Fellegi & Sunter 1969). Where groups are
compared and few pairs teach, a comparison is worth what it usually is (``USUAL``).
Comparisons of unknown values say nothing. How suspicious two stores are is not compared: two rackets are alike in that.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from graphsvc.links.incidence import DIGITS, PLACE, REGISTERED, Incidence
from graphsvc.model.graph import Label
from graphsvc.model.market import Market

Ints = NDArray[Any]
Floats = NDArray[np.float64]
Levels = NDArray[np.int8]
"""A row a pair, a column a comparison (of ``_COMPARISONS``): its level, ``_UNKNOWN`` where it could not be made."""

SAYS = pl.Schema({"i": pl.UInt32, "a": pl.UInt32, "b": pl.UInt32, "says": pl.Float64})
_ALL_PAIRS = 40
_RANDOM = 200_000
_BLOCK = 200_000
"""Pairs of stores compared in one go."""
_COMPARISONS = ("brands", "titles", "opened", "city", "price", "marketplace")
_SURPRISE = (0.0, 3.0, 6.0, 9.0)
"""Bars (nats) between the levels of what two stores have in common; so, for days and for logarithms of prices:"""
_DAYS = (14.0, 60.0, 240.0)
_SPREAD = (0.1, 0.3)
_UNKNOWN = 5
"""Level of a comparison that could not be made, above all others."""
USUAL = np.array(
    [
        [-0.9, 0.8, 2.3, 3.5, 3.5],
        [-0.6, 0.1, 1.0, 1.5, 3.3],
        [1.7, 0.9, 0.3, -0.6, 0.0],
        [-0.6, -0.4, 1.5, 0.0, 0.0],
        [0.2, 0.0, -0.1, 0.0, 0.0],
        [0.0, 0.0, 0.0, 0.0, 0.0],
    ]
)
"""ln(m/u) of the levels of each comparison in markets of four simulators, written independently of each other: what is
believed of groups where few pairs teach (decision 19)."""
_NOTHING = np.zeros_like(USUAL)
_SMOOTHING = 20.0
"""Pairs of the usual sort that are added to those seen."""
_BOUND = 4.0
DAMPING = 0.7
"""Comparisons are not independent of each other; their sum is scaled by this."""


@dataclass(frozen=True)
class Trait:
    """What stores have of one sort: brands, words of titles, cities.

    Attributes
    ----------
    has : csr matrix
        A row a store, a column a value: 1 where the store has it.
    known : bool array
        Per store, whether anything is known of it.
    surprise : float array
        Per value -ln of the share of the known stores that have it.
    """

    has: csr_matrix
    known: NDArray[np.bool_]
    surprise: Floats

    @classmethod
    def of(cls, lists: pl.Series) -> Trait:
        """Read a column of lists, a row a store; null where nothing is known."""
        had = lists.rename("what").to_frame().with_row_index("s").explode("what").drop_nulls().unique()
        values = had["what"].unique().sort()
        place = values.search_sorted(had["what"]).to_numpy()
        known = lists.is_not_null().to_numpy()
        has = csr_matrix(
            (np.ones(had.height), (had["s"].to_numpy(), place)), shape=(lists.len(), values.len())
        )
        surprise = -np.log(np.bincount(place, minlength=values.len()) / max(known.sum(), 1))
        return cls(has, known, surprise)

    def common(self, a: Ints, b: Ints) -> Floats:
        """Return for each pair of stores how surprising it is what both have: the sum over it, 0 for nothing."""
        return np.asarray(np.round(self.has[a].multiply(self.has[b]) @ self.surprise, DIGITS))


@dataclass(frozen=True)
class Features:
    """What is compared, a row a store: ``opened`` in days since the epoch, ``price`` as the logarithm of the ratio to
    the usual one, ``marketplace`` as a number; not a number, and -1, where unknown."""

    brands: Trait
    words: Trait
    cities: Trait
    provinces: Trait
    opened: Floats
    price: Floats
    marketplace: Ints

    def levels(self, a: Ints, b: Ints) -> Levels:
        """Compare pairs of stores."""
        blocks = range(0, max(a.size, 1), _BLOCK)
        return np.concatenate([self._levels(a[k : k + _BLOCK], b[k : k + _BLOCK]) for k in blocks])

    def _levels(self, a: Ints, b: Ints) -> Levels:
        gap, spread = np.abs(self.opened[a] - self.opened[b]), np.abs(self.price[a] - self.price[b])
        same_city = self.cities.has[a].multiply(self.cities.has[b]).sum(axis=1).A1 > 0
        same_province = self.provinces.has[a].multiply(self.provinces.has[b]).sum(axis=1).A1 > 0
        market, other = self.marketplace[a], self.marketplace[b]
        found = np.column_stack(
            [
                _above(self.brands.common(a, b), _SURPRISE),
                _above(self.words.common(a, b), _SURPRISE),
                _above(gap, _DAYS),
                np.where(same_city, 2, same_province),
                _above(spread, _SPREAD),
                market == other,
            ]
        )
        known = np.column_stack(
            [
                self.brands.known[a] & self.brands.known[b],
                self.words.known[a] & self.words.known[b],
                ~np.isnan(gap),
                self.cities.known[a] & self.cities.known[b],
                ~np.isnan(spread),
                (market >= 0) & (other >= 0),
            ]
        )
        return np.where(known, found, _UNKNOWN).astype(np.int8)


def _above(values: Floats, bars: Sequence[float]) -> Ints:
    """Return how many of the bars each value is above."""
    return np.searchsorted(bars, values)


@dataclass(frozen=True)
class Worth:
    """What comparisons are worth.

    Attributes
    ----------
    log_odds : float array
        A row a comparison, a column a level: ln(m/u), 0 where unknown.
    gain : float array
        What each comparison says on average of stores of one operation (Kullback-Leibler divergence, nats).
    """

    log_odds: Floats
    gain: Floats

    def total(self, levels: Levels) -> Floats:
        """Sum what the levels of each row are worth."""
        total = np.zeros(len(levels))
        for column, log_odds in enumerate(self.log_odds):
            total += log_odds[levels[:, column]]
        return total

    def known(self, levels: Levels) -> Floats:
        """Return how much the comparisons that could be made say on average of stores of one operation."""
        return np.asarray((levels != _UNKNOWN) @ self.gain)


class Likeness:
    """Compares the users of identifiers; made once a market, asked with the pairs then believed to be tied."""

    def __init__(self, market: Market, graph: Incidence) -> None:
        self._places = _places(market, graph)
        stores = _columns(market, graph, _cities(self._places))
        self._profile = stores.select("s", pl.col("cities").list.first().alias("city"), "suspicion")
        self._features = _features(stores)
        self._sampled = _sample(graph.uses)
        self._levels = self._compared(self._sampled)
        # Who shares an address is in one city by that alone: that is not compared.
        place = graph.identifiers.select(pl.col("family").eq(PLACE) | pl.col("kind_of").eq(REGISTERED))
        by_place = place.to_series().to_numpy()[self._sampled["i"].to_numpy()]
        self._levels[by_place, _COMPARISONS.index("city")] = _UNKNOWN
        self._any = _any_pairs(graph.sellers.height)
        self._strangers = self._compared(self._any)

    def apart_from(self, public: NDArray[np.bool_]) -> Likeness:
        """Return the likeness of stores whose cities are those of their other places: a public one, true for its row
        ``i``, tells where its owner is, and puts all who use it in one city."""
        own = self._places.filter(~pl.Series(public)[self._places["i"]].fill_null(False))
        cities = pl.DataFrame({"s": np.arange(self._profile.height, dtype=np.uint32)}).join(
            _cities(own), on="s", how="left", maintain_order="left"
        )
        found = copy(self)
        city, province = _of_place(cities["cities"])
        found._features = replace(self._features, cities=city, provinces=province)
        found._strangers = found._compared(self._any)
        return found

    def worth(self, tied: pl.DataFrame, independent: float = np.inf, usual: Floats = _NOTHING) -> Worth:
        """Learn what each level of each comparison is worth.

        Parameters
        ----------
        tied : DataFrame
            ``a, b``: pairs believed to be of one operation, from which m is estimated.
        independent : float
            As how many independent pairs they count at most.
        usual : float array
            What levels are worth as long as little is learnt, in the shape of ``Worth.log_odds``.
        """
        chosen = tied if tied.height <= _RANDOM else tied.gather_every(tied.height // _RANDOM + 1)
        m = _counted(self._compared(chosen)) * min(1.0, independent / max(chosen.height, 1))
        u = _counted(self._strangers)
        log_odds = np.array([_log_ratio(*each) for each in zip(m, u, usual, strict=True)])
        seen = m[:, :_UNKNOWN].sum(axis=1)
        mean = (m[:, :_UNKNOWN] * log_odds[:, :_UNKNOWN]).sum(axis=1) / seen.clip(1)
        return Worth(log_odds, np.where(seen < _SMOOTHING, 0.0, np.maximum(mean, 0.0)))

    def says(self, tied: pl.DataFrame) -> pl.DataFrame:
        """Return ``i, a, b, says``: for sampled pairs of users, the log-odds (nats) that they are one operation, as
        learnt from the pairs ``tied``."""
        total = self.worth(tied).total(self._levels)
        return self._sampled.with_columns(pl.Series("says", total * DAMPING))

    def compare(self, pairs: pl.DataFrame, worth: Worth) -> pl.DataFrame:
        """Return ``pairs`` (``a, b``, and more) with ``says``, the undamped log-odds (nats) that both stores are one
        operation, ``city``, the part of it that their cities say, and ``known``, how much (nats) the comparisons that
        could be made say on average of such stores."""
        levels = self._compared(pairs)
        city = _COMPARISONS.index("city")
        return pairs.with_columns(
            pl.Series("says", worth.total(levels)),
            pl.Series("city", worth.log_odds[city, levels[:, city]]),
            pl.Series("known", worth.known(levels)),
        )

    def profile(self) -> pl.DataFrame:
        """Return ``s, city, suspicion`` of each store: its main city, and its rank by suspicion, 0..1."""
        return self._profile

    def _compared(self, pairs: pl.DataFrame) -> Levels:
        return self._features.levels(*(pairs[end].to_numpy() for end in ("a", "b")))


def strangers(says: pl.DataFrame, identifiers: int) -> NDArray[np.float64]:
    """Return for each identifier the log-odds that its users are strangers: what its pairs say on average, as if of
    a few independent ones."""
    mean = says.group_by("i").agg(pl.col("says").mean().round(DIGITS), pl.len().alias("pairs"))
    out = np.zeros(identifiers)
    out[mean["i"].to_numpy()] = -mean["says"].to_numpy() * np.minimum(np.sqrt(mean["pairs"].to_numpy()), 3.0)
    return np.clip(out, -4.0, 4.0)


def _places(market: Market, graph: Incidence) -> pl.DataFrame:
    """Return ``s, i, city``: where each store's addresses are; ``i`` is null for one that only it uses."""
    places = market.identifiers.filter(
        (pl.col("label") == Label.ADDRESS.value) & (pl.col("adcode").fill_null("") != "")
    )
    return (
        market.links.filter(pl.col("label") == Label.ADDRESS.value)
        .select("seller", "identifier")
        .join(places.select("identifier", pl.col("adcode").str.slice(0, 4).alias("city")), on="identifier")
        .join(graph.sellers.select("seller", "s"), on="seller")
        .join(graph.identifiers.select("identifier", "i"), on="identifier", how="left")
        .select("s", "i", "city")
        .unique()
        .sort("s", "i", "city")
    )


def _cities(places: pl.DataFrame) -> pl.DataFrame:
    """Return ``s, cities``: the sorted cities of stores that have any."""
    return places.group_by("s").agg(pl.col("city").unique().sort().alias("cities"))


def _columns(market: Market, graph: Incidence, cities: pl.DataFrame) -> pl.DataFrame:
    """Return one row a store by ``s``: ``brands``, ``words`` (of titles), ``cities`` (lists), ``opened`` (day),
    ``price``, ``marketplace``, and its rank by ``suspicion``."""
    brands = (
        market.offers.sort("seller", "listings", "brand", descending=[False, True, False])
        .group_by("seller", maintain_order=True)
        .agg(pl.col("brand").head(5).alias("brands"))
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
        .join(cities, on="s", how="left")
        .join(ratio.rename({"priceRatio": "price"}), on="seller", how="left")
        .drop("seller")
        .sort("s")
    )


def _title_words(market: Market) -> pl.DataFrame:
    """Return ``seller, words``; a store that titles every listing another way has none, one without listings null."""
    habits = pl.col("titleWords").str.split(" ")
    none = pl.when(pl.col("listings") > 0).then(pl.lit([], pl.List(pl.String)))
    return market.sellers.select("seller", pl.coalesce(habits, none).alias("words"))


def _features(stores: pl.DataFrame) -> Features:
    city, province = _of_place(stores["cities"])
    return Features(
        brands=Trait.of(stores["brands"]),
        words=Trait.of(stores["words"]),
        cities=city,
        provinces=province,
        opened=stores["opened"].cast(pl.Float64).to_numpy(),
        price=stores["price"].log().to_numpy(),
        marketplace=stores["marketplace"].rank("dense").cast(pl.Int32).fill_null(-1).to_numpy(),
    )


def _of_place(cities: pl.Series) -> tuple[Trait, Trait]:
    """Return cities and provinces as traits."""
    provinces = cities.to_frame().select(pl.first().list.eval(pl.element().str.slice(0, 2))).to_series()
    return Trait.of(cities), Trait.of(provinces)


def _counted(levels: Levels) -> Floats:
    """Count the levels of each comparison: a row a comparison, a column a level."""
    return np.array([np.bincount(column, minlength=_UNKNOWN + 1) for column in levels.T], dtype=np.float64)


def _log_ratio(m: Floats, u: Floats, usual: Floats) -> Floats:
    """Return ln(m/u) per level from counts, smoothed towards the ``usual``, bounded; 0 where too few are known."""
    known_m, known_u = m[:_UNKNOWN].sum(), u[:_UNKNOWN].sum()
    if known_u < _SMOOTHING or (known_m < _SMOOTHING and not usual.any()):
        return np.zeros(m.size)
    base = (u + 1) / (known_u + 1)
    expected = np.append(base[:_UNKNOWN] * np.exp(usual), 0.0)
    rate = (m + _SMOOTHING * expected / expected.sum()) / (known_m + _SMOOTHING)
    seen = (m + u > 0) & (np.arange(m.size) < _UNKNOWN)
    log_odds: Floats = np.log(np.where(seen, rate, base) / base)
    return np.clip(log_odds, -_BOUND, _BOUND)


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
