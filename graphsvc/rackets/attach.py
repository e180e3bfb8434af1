"""Whether two tied groups are one operation: what structure and behaviour say together.

Once the cores stand, much of what is left is single ties: two cells of one workshop that share one old address, and,
far more often, strangers who were given a recycled number, lent a licence, live next door. The tie alone cannot tell
them apart; what the stores of the two groups sell, when they opened and at what prices can.

Each tied pair of groups gets a likeness T from its stores, pair by pair: most of it their mean, some of it the best
pair, since a chain is alike where two cells meet. What T would be by chance is seen in the market itself: one side of
the tie is replaced by groups of the same size, suspicion and city that nothing ties to the other. With f the density
of T over tied pairs and f0 over these, the probability that a tie is real is at least ``1 - f0(T) / f(T)``, one minus
the local false discovery rate (Efron et al. 2001); the ratio is fitted as falling in T (isotonic regression), apart
for pairs of single stores, whose T is spread less; from few ties what is usual counts for more. All this is learnt
once, from the ties of the cores (:class:`Discovery`): later rounds leave out what the earlier ones joined, and what
they would teach is that ties are seldom real. The log-odds are added to what the tie itself says: how much of their
infrastructure the two have in common, how large they are, whether one thing ties them or several; and to what the
market says: the share of all its ties that are real (:class:`TieModel`). Between groups of several stores T counts by
itself as well: the curve is learnt from ties of single stores too, and ends where those say no more.

The city is weighed by itself. Strangers with a tie are neighbours more often than strangers without one: chance, which
knows no ties, would take them for real.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression
from scipy.special import expit, logit

from graphsvc.links.evidence import Evidence
from graphsvc.links.incidence import DIGITS
from graphsvc.rackets.manner import Manner

Floats = NDArray[np.float64]

_CHANCE = 5_000
"""Pairs of unrelated groups wanted, about."""
_FEW = 30
"""Ties of the usual sort that are added to those seen: a rising curve through few ties finds something in any of them,
and few ties by chance hide that some are real."""
_USUAL, _USUALLY = -3.0, 0.55
"""Log-odds that a tie is real where the two are not alike, and what each nat of likeness adds: that is much the same in
all kinds of markets; how many ties are real is not, and to believe too few is the smaller harm (decision 16)."""
_SUSPECT = (0.85, 0.95)
"""Bars (ranks, 0..1) between groups that are as suspect as each other."""
_SURE = 0.03
"""What behaviour says is bounded so far from certainty: it never decides alone."""
_TELLING = (-4.0, 12.0)
"""Nats of likeness that are counted: what is beyond says no more."""
_LEAST_COMMON = 0.01
_CROWD = 3.0
"""Groups that use one thing before their number tells against it."""
_AS_IF = 5.0
"""Ties of the market's mean that are added to those which one thing makes."""


@dataclass(frozen=True, kw_only=True)
class TieWeights:
    """Log-odds that two tied groups are one operation: ``intercept``, and what adds to it.

    ``likeness`` scales what the two do alike (nats, bounded), ``behaviour`` the log-odds that this gives in this
    market, ``company`` those of the mean over all ties by the same thing: where few of its users behave as one, these
    two do not either. ``crowd`` scales the logarithm of how many groups use that thing, from three on, ``city`` what
    the cities of the two say (nats), ``shared`` what the things that they share say (nats, the best of each family),
    ``common`` the logarithm of the share of infrastructure in common, ``larger`` that of the stores of the larger
    group: who uses much meets strangers more often. ``unlike`` scales by how much the two differ in suspicion (ranks,
    0..1); that they do not differ says nothing. ``families`` is added where things of two families are shared,
    ``entities`` where two things of one family are.
    """

    intercept: float
    likeness: float
    behaviour: float
    company: float
    crowd: float
    city: float
    shared: float
    common: float
    larger: float
    unlike: float
    families: float
    entities: float


@dataclass(frozen=True)
class TieModel:
    """Weights of ties between two ``single`` stores, between a single store and a group (``mixed``), and between two
    groups of ``several`` stores.

    What two stores do is compared once, and what ties them is all there is to go by; between groups it is compared many
    times, and says more than anything that one store of each has in common (decision 20).
    """

    single: TieWeights = TieWeights(
        intercept=1.0,
        likeness=0.05,
        behaviour=0.15,
        company=1.0,
        crowd=-0.5,
        city=0.5,
        shared=0.65,
        common=0.35,
        larger=0.0,
        unlike=-1.2,
        families=0.8,
        entities=1.8,
    )
    mixed: TieWeights = TieWeights(
        intercept=3.9,
        likeness=0.0,
        behaviour=0.56,
        company=1.0,
        crowd=-0.65,
        city=0.5,
        shared=0.5,
        common=0.37,
        larger=-1.2,
        unlike=-1.6,
        families=1.0,
        entities=2.3,
    )
    several: TieWeights = TieWeights(
        intercept=1.8,
        likeness=0.27,
        behaviour=0.37,
        company=0.7,
        crowd=-0.7,
        city=0.55,
        shared=0.0,
        common=0.2,
        larger=-1.1,
        unlike=-1.3,
        families=1.1,
        entities=0.9,
    )


@dataclass(frozen=True)
class Curve:
    """Probabilities ``share`` that a tie is real, from each of ``levels`` of likeness (rising) up to the next."""

    levels: Floats
    share: Floats

    def at(self, likeness: Floats) -> Floats:
        """Return the probabilities at these likenesses; the usual ones if nothing was learnt."""
        if not self.levels.size:
            return _usual(likeness)
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
    """Return ``a, b, families, entities, nats, likeness, city``: groups that something private ties, how many families
    of things and how many things do and what they say (see :func:`_tied`), and what the two have in common in what they
    do (see :meth:`Manner.of`).

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
    model: TieModel,
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
    model : TieModel
    """
    likeness = ties["likeness"].to_numpy()
    smaller, larger = np.sort(manner.sizes(ties), axis=0)
    real = learnt.at(likeness, larger == 1)
    suspicion = manner.suspicion()[ties.select("a", "b").to_numpy().T]
    company = _company(evidence, ties.with_columns(pl.Series("real", real)), learnt.mean)
    shares = ties.join(common, on=["a", "b"], how="left", maintain_order="left")["common"].fill_null(0.0)
    says = {
        "intercept": np.ones(ties.height),
        "likeness": likeness.clip(*_TELLING),
        "behaviour": logit(real),
        "company": logit(company["real"].to_numpy()),
        "crowd": np.log(np.maximum(company["users"].to_numpy() / _CROWD, 1.0)),
        "city": ties["city"].to_numpy(),
        "shared": ties["nats"].to_numpy(),
        "common": np.log(shares.clip(_LEAST_COMMON).to_numpy()),
        "larger": np.log(larger),
        "unlike": np.abs(suspicion[0] - suspicion[1]),
        "families": (ties["families"] > 1).to_numpy(),
        "entities": ((ties["families"] == 1) & (ties["entities"] > 1)).to_numpy(),
    }
    shape = (larger > 1).astype(np.int64) + (smaller > 1)
    shapes = (model.single, model.mixed, model.several)
    odds = np.sum(
        [np.array([getattr(each, name) for each in shapes])[shape] * values for name, values in says.items()],
        axis=0,
    )
    return ties.select("a", "b").with_columns(pl.Series("common", expit(odds)))


def _tied(evidence: Evidence) -> pl.DataFrame:
    """Return ``a, b, families, entities, nats``: groups that something private ties, how many families and things do,
    and what the best thing of each family says, in all."""
    return (
        evidence.private()
        .group_by("a", "b", "family", "kind_of")
        .agg(pl.col("entity").n_unique(), pl.col("weight").max())
        .group_by("a", "b", "family")
        .agg(pl.col("entity").max(), pl.col("weight").max())
        .group_by("a", "b")
        .agg(
            pl.len().alias("families"),
            pl.col("entity").sum().alias("entities"),
            pl.col("weight").sum().round(DIGITS).alias("nats"),
        )
        .sort("a", "b")
    )


def _company(evidence: Evidence, ties: pl.DataFrame, mean: float) -> pl.DataFrame:
    """Return ``real, users`` for ties (``a, b, real``), in their order: by the thing that says most for the tie, the
    mean of ``real`` over all ties that it makes, as if some more of the market's ``mean`` were among them; and how many
    groups use the thing that fewest use."""
    made = evidence.private().select("i", "a", "b").join(ties, on=["a", "b"])
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


def _single(manner: Manner, pairs: pl.DataFrame) -> NDArray[np.bool_]:
    """Say which pairs are of two single stores."""
    return np.asarray((manner.sizes(pairs) == 1).all(axis=0))


def _true_discovery(values: Floats, chance: Floats) -> Curve:
    """Return a lower bound of the probability that a value is not by chance: 1 - f0/f, rising in value; from few values
    the usual one."""
    if not values.size or not chance.size:
        return Curve(np.zeros(0), np.zeros(0))
    levels, place = np.unique(np.concatenate([values, chance]), return_inverse=True)
    f, f0 = (
        np.bincount(where, minlength=levels.size) / where.size
        for where in (place[: values.size], place[values.size :])
    )
    share = isotonic_regression(f / (f + f0), weights=f + f0).x
    seen = np.clip((2 * share - 1) / np.maximum(share, 1e-9), 0.0, 1.0)
    return Curve(levels, (values.size * seen + _FEW * _usual(levels)) / (values.size + _FEW))


def _usual(likeness: Floats) -> Floats:
    """Return how probably a tie of this likeness is real in a market of which nothing is known."""
    return np.asarray(expit(_USUAL + _USUALLY * likeness))


def _unrelated(manner: Manner, tied: pl.DataFrame) -> pl.DataFrame:
    """Return ``a, b``: tied pairs with one side replaced by its neighbours in size, suspicion and city."""
    some = tied.select("a", "b").sort(pl.struct("a", "b").hash(seed=6), "a", "b").head(_CHANCE // 2)
    copies = max(1, min(20, round(_CHANCE / (2 * some.height))))
    ordered = _neighbours(manner)["group"].to_numpy()
    position = np.zeros(manner.labels.max() + 1, dtype=np.int64)
    position[ordered] = np.arange(ordered.size)
    ends = some.to_numpy().astype(np.int64)
    pairs = []
    for copy in range(copies):
        step = (copy // 2 + 1) * (1 if copy % 2 else -1)
        for kept, replaced in ((0, 1), (1, 0)):
            other = ordered[(position[ends[:, replaced]] + step) % ordered.size]
            pairs.append(np.column_stack([ends[:, kept], other]))
    found = np.sort(np.concatenate(pairs), axis=1)
    return (
        pl.DataFrame({"a": found[:, 0], "b": found[:, 1]}, schema=some.schema)
        .filter(pl.col("a") != pl.col("b"))
        .join(tied, on=["a", "b"], how="anti")
        .sort("a", "b")
    )


def _neighbours(manner: Manner) -> pl.DataFrame:
    """Return ``group`` so ordered that neighbours are of like size, suspicion and place."""
    suspicion = np.searchsorted(_SUSPECT, manner.suspicion())
    return (
        manner.likeness.profile()
        .with_columns(pl.Series("group", manner.labels))
        .group_by("group")
        .agg(
            pl.len().cast(pl.Float64).log(2).floor().alias("size"),
            pl.col("city").drop_nulls().mode().min().alias("city"),
        )
        .sort("group")
        .with_columns(pl.Series("suspicion", suspicion))
        .sort("size", "suspicion", "city", pl.col("group").hash(seed=5), "group")
    )
