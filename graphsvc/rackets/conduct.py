"""Conduct: how stores of suspect groups trade unlike those of harmless ones, learnt from the market at hand.

Prices and sales are not all that gives a racket away. Its stores change accounts every few weeks, keep several, in
other people's names, ship from several places, and are young. Which of these tell, and how much, differs from market to
market; so each trait is cut into levels at its octiles, and a level weighs the logarithm of how much more often stores
of groups so far believed suspect are found in it than stores of the other groups (naive Bayes). What is learnt changes
which groups are believed suspect, and is learnt again from these. Stores in no group are left out: who shares much is
seen much, suspect or not.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphsvc.links.incidence import DIGITS
from graphsvc.model.graph import Label
from graphsvc.model.market import Market

TRAITS = ("rotation", "accounts", "holders", "own_name", "addresses", "opened")
_SMOOTHING = 15.0
"""Stores that say nothing, added to every level."""
_CUTS = (0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875)
_MOST = 2.0
"""Nats that one trait can give."""
_TINY = 1e-9


def traits(market: Market) -> pl.DataFrame:
    """Return ``seller`` and its traits, null where unknown: ``rotation`` (median days that an account is in use),
    ``accounts``, ``holders`` of accounts and ``addresses`` (how many), ``own_name`` (share of the holders who are the
    store's registrant), ``opened`` (day)."""
    used = market.links.filter(pl.col("label") == Label.PAYMENT_ACCOUNT.value)
    accounts = used.group_by("seller").agg(
        (pl.col("lastSeen") - pl.col("firstSeen")).dt.total_days().median().alias("rotation"),
        pl.col("identifier").n_unique().cast(pl.Float64).alias("accounts"),
    )
    addresses = (
        market.links.filter(pl.col("label") == Label.ADDRESS.value)
        .group_by("seller")
        .agg(pl.col("identifier").n_unique().cast(pl.Float64).alias("addresses"))
    )
    return (
        market.sellers.select("seller", pl.col("openedOn").dt.epoch("d").cast(pl.Float64).alias("opened"))
        .join(accounts, on="seller", how="left")
        .join(_holders(market, used), on="seller", how="left")
        .join(addresses, on="seller", how="left")
        .select("seller", *TRAITS)
        .sort("seller")
    )


def _holders(market: Market, accounts: pl.DataFrame) -> pl.DataFrame:
    """Return ``seller, holders, own_name`` of stores of whose ``accounts`` (links) a holder is known."""
    held = market.identifiers.filter(pl.col("holder").is_not_null()).select("identifier", "holder")
    people = market.links.filter(pl.col("label") == Label.PERSON.value)
    registrants = people.select("seller", pl.col("identifier").alias("holder")).unique()
    return (
        accounts.join(held, on="identifier")
        .select("seller", "holder")
        .unique()
        .join(registrants.with_columns(own_name=pl.lit(1.0)), on=["seller", "holder"], how="left")
        .group_by("seller")
        .agg(pl.len().cast(pl.Float64).alias("holders"), pl.col("own_name").fill_null(0.0).mean())
    )


def conduct_log_odds(traits: pl.DataFrame, suspects: pl.DataFrame) -> pl.DataFrame:
    """Return ``seller, odds``: log-odds that a store sells fakes, from its traits.

    Parameters
    ----------
    traits : DataFrame
        As of :func:`traits`.
    suspects : DataFrame
        ``seller, p``: stores in groups, with the probability that their group sells fakes, by all else.
    """
    known = traits.join(suspects, on="seller").sort("seller")
    p = known["p"].to_numpy()
    total = np.zeros(traits.height)
    for name in TRAITS:
        bounds = _octiles(known[name])
        seen = known[name].is_not_null().to_numpy()
        if bounds.size == 0:
            continue
        level = _levels(known[name], bounds)[seen]
        suspect, harmless = (
            np.bincount(level, weights=weight[seen], minlength=bounds.size + 1) for weight in (p, 1 - p)
        )
        base = (suspect + harmless) / (suspect + harmless).sum()
        m, u = ((n + _SMOOTHING * base) / (n.sum() + _SMOOTHING) for n in (suspect, harmless))
        worth = np.clip(np.log(np.maximum(m, _TINY) / np.maximum(u, _TINY)), -_MOST, _MOST)
        total += np.where(traits[name].is_not_null().to_numpy(), worth[_levels(traits[name], bounds)], 0.0)
    return traits.select("seller").with_columns(pl.Series("odds", total).round(DIGITS))


def _octiles(values: pl.Series) -> NDArray[np.float64]:
    """Return the distinct octiles of what is known, none where nothing is."""
    known = values.drop_nulls().to_numpy()
    return np.unique(np.quantile(known, _CUTS)) if known.size else np.empty(0)


def _levels(values: pl.Series, bounds: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return how many bounds lie below each value; anything where it is null."""
    return np.searchsorted(bounds, values.fill_null(0.0).to_numpy()).astype(np.int64)
