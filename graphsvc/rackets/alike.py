"""Groups of several stores that meet only at something public, and are one operation by what they do.

Of a thousand such pairs a few are one operation: cells of one racket that keep apart all but the fulfilment house, the
payout service. Their likeness is a log-likelihood ratio already, and counts nearly in full. What it is added to is the
same in every market: an operation that hides its cells from each other has something to hide, so both groups must be
suspect; a place that many groups use brings nobody together; and who has many stores meets strangers more often. Where
two groups sit is told by their other places alone, for a public one tells where its owner is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import expit

from graphsvc.links.evidence import Evidence
from graphsvc.rackets.manner import Manner

_LEAST_SUSPICION = 0.02


@dataclass(frozen=True)
class AlikeWeights:
    """Log-odds that two groups which meet only in public are one operation: ``intercept``, and what adds to it.

    ``behaviour`` scales what the two do alike (nats), ``city`` what their own cities say (nats), ``suspicion`` the
    logarithm of the mean rank by suspicion (0..1) of the less suspect of the two, ``users`` that of how many groups of
    several stores use the least used thing they share, ``stores`` that of the product of their sizes, ``market`` that
    of how many groups of several stores there are, in hundreds: the more there are, the fewer of them are one.
    """

    intercept: float = -2.15
    behaviour: float = 0.95
    city: float = 0.8
    suspicion: float = 3.8
    users: float = -0.85
    stores: float = -0.5
    market: float = -0.5


def alike(
    manner: Manner, evidence: Evidence, public: NDArray[np.bool_], most: int, weights: AlikeWeights
) -> pl.DataFrame:
    """Return ``a, b, common``: groups of several stores that have only public things in common, and the probability
    that they are one operation.

    Single stores are left out: their likeness is one comparison, not several. Groups that something private ties as
    well are left to :func:`graphsvc.rackets.attach.one_operation`.

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
    weights : AlikeWeights
    """
    several = np.bincount(manner.labels) > 1
    met = _met(evidence, several, most)
    does = manner.apart_from(public).of(met)
    suspicion = manner.suspicion()[met.select("a", "b").to_numpy()].min(axis=1)
    odds = (
        weights.intercept
        + weights.behaviour * does["likeness"].to_numpy()
        + weights.city * does["city"].to_numpy()
        + weights.suspicion * np.log(suspicion.clip(_LEAST_SUSPICION))
        + weights.users * np.log(met["users"].to_numpy())
        + weights.stores * np.log(manner.sizes(met)).sum(axis=0)
        + weights.market * np.log(max(several.sum() / 100, 1.0))
    )
    return met.select("a", "b").with_columns(pl.Series("common", expit(odds)))


def _met(evidence: Evidence, several: NDArray[np.bool_], most: int) -> pl.DataFrame:
    """Return ``a, b, users``: groups of ``several`` stores that nothing private ties but that use the same thing, and
    how many such groups (at most ``most``) use the least used one."""
    uses = evidence.incidence.uses.select("i", pl.col("s").alias("a"))
    uses = (
        uses.filter(pl.Series(several[uses["a"].to_numpy()]))
        .with_columns(pl.len().over("i").alias("users"))
        .filter(pl.col("users").is_between(2, most))
    )
    return (
        uses.join(uses.select("i", pl.col("a").alias("b")), on="i")
        .filter(pl.col("a") < pl.col("b"))
        .group_by("a", "b")
        .agg(pl.col("users").min())
        .join(evidence.private(), on=["a", "b"], how="anti")
        .sort("a", "b")
    )
