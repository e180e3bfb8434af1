"""Behaviour of groups: what stores' likeness is worth in a market, and how alike two groups are.

Two groups are compared store by store: most of their likeness is the mean over the pairs of their stores, some of it
the best pair, since a chain is alike where two cells meet. The city is kept apart from the rest: who is tied or meets
somewhere is near by that alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphsvc.links.evidence import Assessor
from graphsvc.links.incidence import DIGITS
from graphsvc.links.likeness import USUAL, Likeness, Worth
from graphsvc.rackets.engines import Ints

_INSIDE = 30
"""Stores that stand for a large group, and store pairs that a group contributes to what is learnt."""
_AT_A_TIME = 5_000
"""Pairs of groups whose stores are compared in one go: up to a few million pairs of stores."""
_ENOUGH = 50
"""Pairs of stores below which they teach nothing."""
_TEACHES = 5.0
"""Pairs of stores that a group counts as at most, as independent: they say the same again and again, and what two
groups do alike is seen in all of theirs."""
_BEST = 0.3
_INDEPENDENT = 2.0
"""Store pairs of two groups say the same again and again: they count as at most the square of this, as independent."""


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
    independent : float
        As how many independent pairs those count at most.
    """

    likeness: Likeness
    worth: Worth
    labels: Ints
    learnt_from: pl.DataFrame
    independent: float

    def between(self, labels: Ints) -> Manner:
        """Return the same worth for other groups."""
        return replace(self, labels=labels)

    def apart_from(self, public: NDArray[np.bool_]) -> Manner:
        """Return what the same pairs teach where stores are not in the cities of ``public`` places (see
        :meth:`Likeness.apart_from`)."""
        likeness = self.likeness.apart_from(public)
        return replace(
            self, likeness=likeness, worth=likeness.worth(self.learnt_from, self.independent, USUAL)
        )

    @cached_property
    def _standing(self) -> pl.DataFrame:
        return _sample(self.labels)

    def sizes(self, pairs: pl.DataFrame) -> Ints:
        """Return the stores of both groups of each pair ``a, b``, shape (2, pairs)."""
        return np.asarray(np.bincount(self.labels)[pairs.select("a", "b").to_numpy().T])

    def suspicion(self) -> NDArray[np.float64]:
        """Return the mean rank of each group's stores by suspicion, 0..1; a half where nothing is known."""
        ranks = self.likeness.profile().select(pl.Series("group", self.labels), "suspicion")
        mean = ranks.group_by("group").agg(pl.col("suspicion").mean().fill_null(0.5).round(DIGITS))
        return mean.sort("group")["suspicion"].to_numpy()

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


def manner(assessor: Assessor, labels: Ints) -> Manner:
    """Learn behaviour from stores that one group holds though nothing ties them directly; where they are too few, it is
    worth what it usually is.

    To be asked of the first groups, which several ties hold together, and carried to later ones by
    :meth:`Manner.between`: learnt anew from groups that behaviour joined it would confirm itself.
    """
    apart = _apart(labels, assessor.stores.shared)
    if apart.height < _ENOUGH:  # no group is large enough yet: what several families tie is known as well
        together = (pl.col("families") > 1) & (pl.col("weight") > assessor.options.together)
        apart = assessor.stores.pairs.filter(together).select("a", "b")
    if apart.height < _ENOUGH:
        apart = apart.clear()
    independent = _TEACHES * np.unique(labels[apart["a"].to_numpy()]).size
    return Manner(
        assessor.likeness, assessor.likeness.worth(apart, independent, USUAL), labels, apart, independent
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
