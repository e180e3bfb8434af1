"""Whether two tied groups are one operation: what structure and behaviour say together.

Once the cores stand, much of what is left is single ties: two cells of one workshop that share one old address, and,
far more often, strangers who were given a recycled number, lent a licence, live next door. The tie alone cannot tell
them apart; what the stores of the two groups sell, when they opened and at what prices can.

Each tied pair of groups gets a likeness T from its stores, pair by pair: most of it their mean, some of it the best
pair, since a chain is alike where two cells meet. What T would be by chance is seen in the market itself: one side of
the tie is replaced by groups of the same size, suspicion and city that nothing ties to the other. With f the density
of T over tied pairs and f0 over these, the probability that a tie is real is at least ``1 - f0(T) / f(T)``, one minus
the local false discovery rate (Efron et al. 2001); the ratio is fitted as falling in T (isotonic regression), apart
for pairs of single stores, whose T is spread less; from few ties less is concluded. All this is learnt once, from the
ties of the cores (:class:`Discovery`): later rounds leave out what the earlier ones joined, and what they would teach
is that ties are seldom real. The log-odds are added to what the tie itself says: how much of their infrastructure the
two have in common, how large they are, whether one thing ties them or several; and to what the market says: the share
of all its ties that are real (:class:`TieWeights`).

The city is weighed by itself. Strangers with a tie are neighbours more often than strangers without one: chance, which
knows no ties, would take them for real.

Last are groups of several stores that meet only at something public (:func:`alike`). Of a thousand such pairs a few
are one operation, and nothing but likeness tells which. As it is a log-likelihood ratio already, its density over true
pairs is taken to be the density by chance times ``exp(T)``; the one thing learnt is how many pairs are true. Where two
groups sit says little here, for who meets in one place is near to it: by chance another group is put in the same city.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.optimize import brentq, isotonic_regression
from scipy.special import expit, logit, logsumexp

from graphsvc.links.evidence import Assessor, Evidence
from graphsvc.links.incidence import DIGITS
from graphsvc.links.likeness import Likeness, Worth
from graphsvc.rackets.engines import Ints

Floats = NDArray[np.float64]

_INSIDE = 30
"""Stores that stand for a large group, and store pairs that a group contributes to what is learnt."""
_AT_A_TIME = 5_000
"""Pairs of groups whose stores are compared in one go: up to a few million pairs of stores."""
_ENOUGH = 50
"""Tied pairs below which behaviour is not learnt."""
_BEST = 0.3
_INDEPENDENT = 2.0
"""Store pairs of two groups say the same again and again: they count as at most the square of this, as independent."""
_CHANCE, _CHANCE_ALIKE = 5_000, 20_000
"""Pairs of unrelated groups wanted, about: for ties, and for groups that meet only in public."""
_MOST_NATS = 30.0
"""Likeness is certain beyond so many nats: no more of them could be told apart."""
_DOUBT = 60
"""Ties by chance that are added to those seen: a rising curve through few ties finds something in any of them."""
_HUB = 0.9999
_SURE = 0.03
"""What behaviour says is bounded so far from certainty: it never decides alone."""
_LEAST_COMMON = 0.01
_CROWD = 3.0
"""Groups that use one thing before their number tells against it."""
_AS_IF = 5.0
"""Ties of the market's mean that are added to those which one thing makes."""


@dataclass(frozen=True)
class TieWeights:
    """Log-odds that two tied groups are one operation: ``intercept``, and what adds to it.

    ``several`` is added for each of the two that has several stores. ``behaviour``, and ``behaviour_several`` for each
    that has several stores, scale the log-odds that behaviour gives this tie, ``company`` those of the mean over all
    ties by the same thing: where few of its users behave as one, these two do not either. ``crowd`` scales the
    logarithm of how many groups use that thing, from three on, ``city`` what the cities of the two say (nats),
    ``common`` the logarithm of the share of infrastructure in common, ``larger`` that of the stores of the larger
    group: who uses much meets strangers more often. ``families`` is added where things of two families are shared,
    ``entities`` where two things of one family are.
    """

    intercept: float = 2.0
    several: float = 1.3
    behaviour: float = 0.25
    behaviour_several: float = 0.25
    company: float = 0.8
    crowd: float = -1.0
    city: float = 0.4
    common: float = 0.5
    larger: float = -0.8
    families: float = 1.1
    entities: float = 2.3


@dataclass(frozen=True)
class Manner:
    """What behaviour is worth in this market, between groups of these labels.

    Attributes
    ----------
    likeness : Likeness
    worth : Worth
    labels : int array
        A group per store.
    learnt_from : DataFrame
        ``a, b``: the pairs of stores that taught it.
    """

    likeness: Likeness
    worth: Worth
    labels: Ints
    learnt_from: pl.DataFrame

    def between(self, labels: Ints) -> Manner:
        """Return the same worth for other groups."""
        return replace(self, labels=labels)

    def apart_from(self, public: NDArray[np.bool_]) -> Manner:
        """Return what the same pairs teach where stores are not in the cities of ``public`` places (see
        :meth:`Likeness.apart_from`)."""
        likeness = self.likeness.apart_from(public)
        return replace(self, likeness=likeness, worth=likeness.worth(self.learnt_from))

    @cached_property
    def _standing(self) -> pl.DataFrame:
        return _sample(self.labels)

    def of(self, pairs: pl.DataFrame) -> pl.DataFrame:
        """Return ``a, b, likeness, city, known`` for pairs of groups, in their order.

        ``likeness`` is that in all but the city, ``city`` what that says (nats both); ``known`` as of
        :meth:`Likeness.compare`, the mean over pairs of stores.
        """
        starts = range(0, max(pairs.height, 1), _AT_A_TIME)
        return pl.concat([self._of(pairs[start : start + _AT_A_TIME]) for start in starts])

    def _of(self, pairs: pl.DataFrame) -> pl.DataFrame:
        compared = self.likeness.compare(_cross(self._standing, pairs), self.worth)
        scale = pl.len().cast(pl.Float64).sqrt().clip(upper_bound=_INDEPENDENT)
        says = pl.col("says") - pl.col("city")
        joined = compared.group_by("pair").agg(
            (((1 - _BEST) * says.mean() + _BEST * says.max()) * scale).round(DIGITS).alias("likeness"),
            (pl.col("city").mean() * scale).round(DIGITS),
            pl.col("known").mean().round(DIGITS),
        )
        return pairs.select("a", "b").hstack(joined.sort("pair").select("likeness", "city", "known"))


def manner(assessor: Assessor, labels: Ints) -> Manner | None:
    """Learn behaviour from stores that one group holds though nothing ties them directly; None if they are too few.

    To be asked of the first groups, which several ties hold together, and carried to later ones by
    :meth:`Manner.between`: learnt anew from groups that behaviour joined it would confirm itself.
    """
    apart = _apart(labels, assessor.stores.shared)
    if apart.height < _ENOUGH:  # no group is large enough yet: what several families tie is known as well
        together = (pl.col("families") > 1) & (pl.col("weight") > assessor.options.together)
        apart = assessor.stores.pairs.filter(together).select("a", "b")
    if apart.height < _ENOUGH:
        return None
    return Manner(assessor.likeness, assessor.likeness.worth(apart), labels, apart)


@dataclass(frozen=True)
class Curve:
    """Probabilities ``share`` that a tie is real, from each of ``levels`` of likeness (rising) up to the next."""

    levels: Floats
    share: Floats

    def at(self, likeness: Floats) -> Floats:
        """Return the probabilities at these likenesses; zero if nothing was learnt."""
        if not self.levels.size:
            return np.zeros(likeness.size)
        step = np.searchsorted(self.levels, likeness, side="right") - 1
        return self.share[np.clip(step, 0, None)]


@dataclass(frozen=True)
class Discovery:
    """What likeness says of ties in one market: by itself for pairs of ``single`` stores and of other ``groups``, and
    the ``mean`` over all its ties."""

    groups: Curve
    single: Curve
    mean: float

    def at(self, likeness: Floats, single: NDArray[np.bool_]) -> Floats:
        """Return the probability that each tie is real, bounded away from certainty."""
        found = np.where(single, self.single.at(likeness), self.groups.at(likeness))
        return np.clip(found, _SURE, 1 - _SURE)


def compare_ties(manner: Manner, evidence: Evidence) -> pl.DataFrame:
    """Return ``a, b, families, entities, likeness, city``: groups that something private ties, how many families of
    things and how many things do, and what the two have in common in what they do (see :meth:`Manner.of`).

    Parameters
    ----------
    manner : Manner
        What behaviour is worth.
    evidence : Evidence
        Between the groups of ``manner.labels``.
    """
    ties = _tied(evidence)
    return ties.hstack(manner.of(ties).select("likeness", "city"))


def discovery(manner: Manner, ties: pl.DataFrame) -> Discovery:
    """Learn from ties (as of :func:`compare_ties`) how likely each likeness makes it that a tie is real."""
    chance = manner.of(_unrelated(manner, ties))
    likeness, by_chance = (pairs["likeness"].to_numpy() for pairs in (ties, chance))
    alone, alone_by_chance = _single(manner, ties), _single(manner, chance)
    groups = _true_discovery(likeness[~alone], by_chance[~alone_by_chance])
    single = _true_discovery(likeness[alone], by_chance[alone_by_chance])
    mean = Discovery(groups, single, 0.0).at(likeness, alone).mean()
    return Discovery(groups, single, float(mean))


def one_operation(
    manner: Manner,
    learnt: Discovery,
    evidence: Evidence,
    ties: pl.DataFrame,
    common: pl.DataFrame,
    weights: TieWeights,
) -> pl.DataFrame:
    """Return ``a, b, common``: the tied groups and the probability that they are one operation.

    Parameters
    ----------
    manner : Manner
        What behaviour is worth.
    learnt : Discovery
        What it says of ties.
    evidence, ties : Evidence, DataFrame
        Between the groups of ``manner.labels``, and as of :func:`compare_ties`.
    common : DataFrame
        ``a, b, common``: the share of infrastructure that tied groups have in common.
    weights : TieWeights
    """
    real = learnt.at(ties["likeness"].to_numpy(), _single(manner, ties))
    smaller, larger = np.sort(_sizes(manner, ties), axis=0)
    several = (smaller > 1).astype(np.float64) + (larger > 1)
    company = _company(evidence, ties.with_columns(pl.Series("real", real)), learnt.mean)
    shares = ties.join(common, on=["a", "b"], how="left", maintain_order="left")["common"].fill_null(0.0)
    odds = (
        weights.intercept
        + weights.several * several
        + (weights.behaviour + weights.behaviour_several * several) * logit(real)
        + weights.company * logit(company["real"].to_numpy())
        + weights.crowd * np.log(np.maximum(company["users"].to_numpy() / _CROWD, 1.0))
        + weights.city * ties["city"].to_numpy()
        + weights.common * np.log(shares.clip(_LEAST_COMMON).to_numpy())
        + weights.larger * np.log(larger)
        + weights.families * (ties["families"] > 1).to_numpy()
        + weights.entities * ((ties["families"] == 1) & (ties["entities"] > 1)).to_numpy()
    )
    return ties.select("a", "b").with_columns(pl.Series("common", expit(odds)))


def _tied(evidence: Evidence) -> pl.DataFrame:
    """Return ``a, b, families, entities``: groups that something private ties, and how many families and things do."""
    return (
        _private(evidence)
        .group_by("a", "b", "family", "kind_of")
        .agg(pl.col("entity").n_unique())
        .group_by("a", "b", "family")
        .agg(pl.col("entity").max())
        .group_by("a", "b")
        .agg(pl.len().alias("families"), pl.col("entity").sum().alias("entities"))
        .sort("a", "b")
    )


def _company(evidence: Evidence, ties: pl.DataFrame, mean: float) -> pl.DataFrame:
    """Return ``real, users`` for ties (``a, b, real``), in their order: by the thing that says most for the tie, the
    mean of ``real`` over all ties that it makes, as if some more of the market's ``mean`` were among them; and how many
    groups use the thing that fewest use."""
    made = _private(evidence).select("i", "a", "b").join(ties, on=["a", "b"])
    things = (
        made.group_by("i")
        .agg(((pl.col("real").sum() + _AS_IF * mean) / (pl.len() + _AS_IF)).round(DIGITS))
        .join(evidence.identifiers.select("i", "degree"), on="i")
    )
    of_tie = (
        made.select("i", "a", "b")
        .join(things, on="i")
        .group_by("a", "b")
        .agg(pl.col("real").max(), pl.col("degree").min().alias("users"))
    )
    return ties.select("a", "b").join(of_tie, on=["a", "b"], how="left", maintain_order="left")


def alike(manner: Manner, evidence: Evidence, public: NDArray[np.bool_], most: int) -> pl.DataFrame:
    """Return ``a, b, common``: groups of several stores that have only public things in common, and the probability
    that they are one operation by what their stores do alone.

    Single stores are left out: their likeness is one comparison, not several. Groups that something private ties as
    well are left to :func:`one_operation`.

    Parameters
    ----------
    manner : Manner
        What behaviour is worth.
    evidence : Evidence
        Between the groups of ``manner.labels``.
    public : bool array
        Which identifiers between stores are public: where those are says nothing of their users.
    most : int
        What more groups use than these brings nobody together.
    """
    several = np.bincount(manner.labels) > 1
    uses = evidence.incidence.uses.select("i", pl.col("s").alias("a"))
    uses = uses.filter(pl.Series(several[uses["a"].to_numpy()])).filter(
        pl.len().over("i").is_between(2, most)
    )
    met = (
        uses.join(uses.rename({"a": "b"}), on="i")
        .filter(pl.col("a") < pl.col("b"))
        .select("a", "b")
        .unique()
        .join(_private(evidence), on=["a", "b"], how="anti")
        .sort("a", "b")
    )
    if met.is_empty():
        return met.with_columns(common=pl.lit(0.0))
    unrelated = _unrelated(manner, met, _CHANCE_ALIKE, several)
    elsewhere = manner.apart_from(public)
    real, chance = elsewhere.of(met), elsewhere.of(unrelated)
    likeness, by_chance = (
        pairs["likeness"].to_numpy() + city
        for pairs, city in (
            (real, real["city"].to_numpy()),
            (chance, real["city"].to_numpy()[unrelated["tie"]]),
        )
    )
    return met.with_columns(pl.Series("common", _true_share(likeness, by_chance)))


def _sizes(manner: Manner, pairs: pl.DataFrame) -> Ints:
    """Return the stores of both groups of each pair, shape (2, pairs)."""
    return np.asarray(np.bincount(manner.labels)[pairs.select("a", "b").to_numpy().T])


def _single(manner: Manner, pairs: pl.DataFrame) -> NDArray[np.bool_]:
    """Say which pairs are of two single stores."""
    return np.asarray((_sizes(manner, pairs) == 1).all(axis=0))


def _private(evidence: Evidence) -> pl.DataFrame:
    """Return the rows of ``evidence.shared`` that are not certainly public."""
    private = evidence.identifiers.filter(pl.col("hubProbability") < _HUB).select("i")
    return evidence.shared.join(private, on="i", how="semi")


def _true_share(values: Floats, chance: Floats) -> Floats:
    """Return for each value the probability that it is not by chance, a value being a log-likelihood ratio (nats) but
    for its level: true ones have the density by chance times the ratio, and their share is the likeliest one."""
    if not values.size or not chance.size:
        return np.zeros(values.size)
    level = logsumexp(chance) - np.log(chance.size)
    ratio, ratio_by_chance = (np.exp(np.clip(x - level, -_MOST_NATS, _MOST_NATS)) for x in (values, chance))

    def slope(share: float) -> float:
        seen, doubted = ((r - 1) / (1 + share * (r - 1)) for r in (ratio, ratio_by_chance))
        return float(seen.sum() + _DOUBT * doubted.mean())

    if slope(0.0) <= 0:
        return np.zeros(values.size)
    share = 1.0 if slope(1.0) >= 0 else brentq(slope, 0.0, 1.0)
    return np.asarray(share * ratio / (1 + share * (ratio - 1)))


def _true_discovery(values: Floats, chance: Floats) -> Curve:
    """Return a lower bound of the probability that a value is not by chance: 1 - f0/f, rising in value."""
    if not values.size or not chance.size:
        return Curve(np.zeros(0), np.zeros(0))
    levels, place = np.unique(np.concatenate([values, chance]), return_inverse=True)
    f, f0 = (
        np.bincount(where, minlength=levels.size) / where.size
        for where in (place[: values.size], place[values.size :])
    )
    f = (values.size * f + _DOUBT * f0) / (values.size + _DOUBT)
    share = isotonic_regression(f / (f + f0), weights=f + f0).x
    return Curve(levels, np.clip((2 * share - 1) / np.maximum(share, 1e-9), 0.0, 1.0))


def _unrelated(
    manner: Manner, tied: pl.DataFrame, wanted: int = _CHANCE, among: NDArray[np.bool_] | None = None
) -> pl.DataFrame:
    """Return ``a, b, tie``: tied pairs with one side replaced by its neighbours in size, suspicion and city.

    Parameters
    ----------
    tied : DataFrame
        ``a, b``: groups; ``tie`` of the result is the row of the pair that another stands for.
    wanted : int
        Pairs wanted, about.
    among : bool array
        Which groups may replace others; all of them if not given.
    """
    some = tied.select("a", "b").with_row_index("tie")
    some = some.sort(pl.struct("a", "b").hash(seed=6), "a", "b").head(wanted // 2)
    copies = max(1, min(20, round(wanted / (2 * some.height))))
    ordered = _neighbours(manner)["group"].to_numpy()
    ordered = ordered if among is None else ordered[among[ordered]]
    position = np.zeros(manner.labels.max() + 1, dtype=np.int64)
    position[ordered] = np.arange(ordered.size)
    ends = some.select("a", "b").to_numpy().astype(np.int64)
    pairs = []
    for copy in range(copies):
        step = (copy // 2 + 1) * (1 if copy % 2 else -1)
        for kept, replaced in ((0, 1), (1, 0)):
            other = ordered[(position[ends[:, replaced]] + step) % ordered.size]
            pairs.append(np.column_stack([ends[:, kept], other]))
    found = np.sort(np.concatenate(pairs), axis=1)
    return (
        pl.DataFrame({"a": found[:, 0], "b": found[:, 1]}, schema=tied.select("a", "b").schema)
        .with_columns(pl.concat([some["tie"]] * (2 * copies)))
        .filter(pl.col("a") != pl.col("b"))
        .join(tied, on=["a", "b"], how="anti")
        .sort("a", "b", "tie")
    )


def _neighbours(manner: Manner) -> pl.DataFrame:
    """Return ``group`` so ordered that neighbours are of like size, suspicion and place."""
    mean = pl.col("suspicion").mean().fill_null(0.5)
    return (
        manner.likeness.profile()
        .with_columns(pl.Series("group", manner.labels))
        .group_by("group")
        .agg(
            pl.len().cast(pl.Float64).log(2).floor().alias("size"),
            ((mean > 0.85).cast(pl.Int8) + (mean > 0.95).cast(pl.Int8)).alias("suspicion"),
            pl.col("city").drop_nulls().mode().min().alias("city"),
        )
        .sort("size", "suspicion", "city", pl.col("group").hash(seed=5), "group")
    )


def _cross(stores: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Return ``pair, a, b``: the stores (``s, group``) that stand for both groups of a pair, each with each."""
    return (
        pairs.lazy()
        .select(pl.col("a", "b").cast(pl.Int64))
        .with_row_index("pair")
        .join(stores.lazy().rename({"s": "left", "group": "a"}), on="a")
        .join(stores.lazy().rename({"s": "right", "group": "b"}), on="b")
        .select("pair", pl.col("left").alias("a"), pl.col("right").alias("b"))
        .collect()
    )


def _apart(labels: Ints, shared: pl.DataFrame) -> pl.DataFrame:
    """Return ``a, b``: stores of one group that share nothing directly, a sample of each group."""
    some = _sample(labels)
    return (
        some.join(some, on="group")
        .filter(pl.col("s") < pl.col("s_right"))
        .select("group", pl.col("s").alias("a"), pl.col("s_right").alias("b"))
        .join(shared.select("a", "b").unique(), on=["a", "b"], how="anti")
        .sort("group", pl.struct("a", "b").hash(seed=1), "a", "b")
        .filter(pl.int_range(pl.len()).over("group") < _INSIDE)
        .select("a", "b")
    )


def _sample(labels: Ints) -> pl.DataFrame:
    """Return ``s, group``: the stores of each group, at most ``_INSIDE``."""
    return (
        pl.DataFrame({"s": np.arange(labels.size, dtype=np.uint32), "group": labels})
        .sort("group", pl.col("s").hash(seed=3), "s")
        .filter(pl.int_range(pl.len()).over("group") < _INSIDE)
    )
