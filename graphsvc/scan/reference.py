"""What a genuine listing of a group costs and sells, robust to fakes being many.

A group's listings are its *profile* (the quantiles of log price at 41 evenly spaced points), its median,
its median absolute deviation (MAD) and the same of log purchases. From the profile we see whether the
prices fall into two heaps (Otsu's cut, accepted by Ashman's D). If they do, the *upper* heap is the genuine
one: nobody sells a fake dearer than the real thing. So a group of which three quarters are fakes is still
measured by its genuine quarter. Prices of authorised stores, where known, replace the heap altogether.

Small groups lean on their brand, or, if the brand has one category only, on their category: a group's
location is drawn to the mean of its kin (without itself) by the weight that their scatter earns (empirical
Bayes; n listings leave a variance of ``(scale**2 + (gap/2)**2) / n``, for any of them may be a fake), its
spread to theirs. The spread of a group of n grows by ``sqrt(1 + 1/n)`` because its location is itself a
guess. What is known of kin counts as ``scale_listings`` listings.

Limit: a group that mixes a dear and a cheap genuine line in two clear heaps looks like one infested with
fakes.

References: N. Otsu, *A threshold selection method from gray-level histograms*, 1979; K. Ashman, C. Bird, S.
Zepf, *Detecting bimodality in astronomical datasets*, 1994; B. Efron, C. Morris, *Stein's paradox in
statistics*, 1977.
"""

from __future__ import annotations

import math

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphsvc.scan.columns import GROUP
from graphsvc.scan.options import ScanOptions

POINTS = 41
SEPARATION = 3.7
"""Least Ashman's D of two heaps; cutting one uniform heap in two yields 3.46, one normal heap 2.65."""
SMALLEST_SHARE = 0.1
SMALLEST_HEAP = 3.0
MOST_PRIOR = 0.6
"""However many cheap listings a group has, this much prior suspicion is the most."""
TRUSTED = 3
"""Authorised listings needed before they alone say what a group costs."""

_PRICE, _UNITS = pl.col("logPrice"), pl.col("logUnits")
_OWN = pl.col("authorised")
_KIN = (("category", "currency"), ("brand", "currency"))
"""Whom a small group leans on: first the weaker kin, last the stronger one."""

_STATISTICS: dict[str, pl.DataType | type[pl.DataType]] = {
    "brand": pl.String,
    "category": pl.String,
    "currency": pl.String,
    "n": pl.Int64,
    "median": pl.Float64,
    "mad": pl.Float64,
    "profile": pl.List(pl.Float64),
    "unitsN": pl.Float64,
    "unitsMedian": pl.Float64,
    "unitsMad": pl.Float64,
    "authorisedN": pl.Int64,
    "authorisedMedian": pl.Float64,
    "authorisedMad": pl.Float64,
}
STATISTICS = pl.Schema(_STATISTICS)
"""What is measured of each group; prices and purchases are logarithms, MADs as measured (not scaled)."""

REFERENCES = pl.Schema(
    {
        "brand": pl.String,
        "category": pl.String,
        "currency": pl.String,
        "n": pl.Int64,
        "median": pl.Float64,
        "mad": pl.Float64,
        "location": pl.Float64,
        "scale": pl.Float64,
        "unitsLocation": pl.Float64,
        "unitsScale": pl.Float64,
        "below": pl.Float64,
        "prior": pl.Float64,
    }
)
"""What a genuine listing of each group is like; logarithms as in ``STATISTICS``."""


def logarithms(listings: pl.LazyFrame) -> pl.LazyFrame:
    """Add ``logPrice`` (null if there is no price) and ``logUnits`` (log of one plus purchases)."""
    return listings.with_columns(
        logPrice=pl.col("unit_price").log(), logUnits=pl.col("units_sold_30d").cast(pl.Float64).log1p()
    )


def statistics(listings: pl.LazyFrame) -> pl.LazyFrame:
    """Measure each group; needs ``logPrice``, ``logUnits`` and ``authorised`` (boolean), ignores unpriced
    listings.

    A group is measured from its own rows alone, in whatever order they come.
    """
    at = ((pl.int_range(POINTS) + 0.5) / POINTS * pl.len()).cast(pl.Int64)
    return (
        listings.filter(_PRICE.is_not_null())
        .group_by(GROUP)
        .agg(
            n=pl.len().cast(pl.Int64),
            median=_PRICE.median(),
            mad=(_PRICE - _PRICE.median()).abs().median(),
            profile=_PRICE.sort().gather(at),
            unitsN=_UNITS.count().cast(pl.Float64),
            unitsMedian=_UNITS.median(),
            unitsMad=(_UNITS - _UNITS.median()).abs().median(),
            authorisedN=_OWN.sum().cast(pl.Int64),
            authorisedMedian=_PRICE.filter(_OWN).median(),
            authorisedMad=(_PRICE.filter(_OWN) - _PRICE.filter(_OWN).median()).abs().median(),
        )
    )


def references(measured: pl.DataFrame, options: ScanOptions) -> pl.DataFrame:
    """Say per group what is genuine; sorted by group, the result does not depend on the order of
    ``measured``.

    Returns
    -------
    polars.DataFrame
        ``GROUP``; ``n``, ``median``, ``mad`` as measured; ``location`` and ``scale``: log price of a
        genuine listing and its Laplace scale; ``unitsLocation`` and ``unitsScale``: the same of log
        purchases (null if unknown); ``below``: share of the group under the genuine heap; ``prior``: share
        of suspects to expect.
    """
    groups = _genuine(measured.sort(GROUP, nulls_last=True).rechunk())
    units = _shrunk(pl.col("unitsMedian"), pl.col("unitsMad"), pl.col("unitsN"), options.lift / 2, options)
    prices = _shrunk(pl.col("heap"), pl.col("heapMad"), pl.col("heapN"), options.gap / 2, options)
    k = options.prior_listings
    excess = (pl.col("cheap") - 0.5 * (-options.gap / (2 * pl.col("scale"))).exp()).clip(0)
    return (
        groups.with_columns(location=prices[0], scale=prices[1], unitsLocation=units[0], unitsScale=units[1])
        .with_columns(
            cheap=(pl.col("profile") - (pl.col("location") - options.gap / 2))
            .list.eval(pl.element() < 0)
            .list.mean()
        )
        .with_columns(
            prior=((k * options.prior + pl.col("n") * excess) / (k + pl.col("n"))).clip(
                options.prior, max(options.prior, MOST_PRIOR)
            )
        )
        .select(REFERENCES.names())
    )


def _genuine(groups: pl.DataFrame) -> pl.DataFrame:
    """Add ``heap``, ``heapMad``, ``heapN`` (median, MAD and size of the genuine heap) and ``below``."""
    if groups.is_empty():
        nothing = pl.lit(None, pl.Float64)
        return groups.with_columns(heap=nothing, heapMad=nothing, heapN=nothing, below=nothing)
    profile = np.stack(groups["profile"].to_list())
    n = groups["n"].to_numpy().astype(np.float64)
    cut, found = _cut(profile - profile[:, [POINTS // 2]], n)
    upper = np.where(np.arange(POINTS) >= cut[:, None], profile, np.nan)
    middle = np.nanmedian(upper, axis=1)
    spread = np.nanmedian(np.abs(upper - middle[:, None]), axis=1)
    below = np.where(found, cut / POINTS, 0.0)
    trusted = pl.col("authorisedN") >= TRUSTED
    return groups.with_columns(
        heap=pl.when(trusted)
        .then("authorisedMedian")
        .otherwise(pl.Series(np.where(found, middle, groups["median"].to_numpy()))),
        heapMad=pl.when(trusted)
        .then("authorisedMad")
        .otherwise(pl.Series(np.where(found, spread, groups["mad"].to_numpy()))),
        heapN=pl.when(trusted)
        .then(pl.col("authorisedN").cast(pl.Float64))
        .otherwise(pl.Series(n * (1 - below))),
        below=pl.Series(below),
    )


def _cut(profile: NDArray[np.float64], n: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Otsu's cut of each profile (index of the upper heap's first point), and whether there are two heaps."""
    low = np.arange(1, POINTS, dtype=np.float64)
    high = POINTS - low
    sums, squares = np.cumsum(profile, axis=1), np.cumsum(profile**2, axis=1)
    low_mean = sums[:, :-1] / low
    high_mean = (sums[:, -1:] - sums[:, :-1]) / high
    cut = np.argmax(low * high * (high_mean - low_mean) ** 2, axis=1)
    rows = np.arange(len(profile))
    below, above = low[cut], high[cut]
    low_variance = squares[rows, cut] / below - low_mean[rows, cut] ** 2
    high_variance = (squares[:, -1] - squares[rows, cut]) / above - high_mean[rows, cut] ** 2
    apart = high_mean[rows, cut] - low_mean[rows, cut]
    within = np.sqrt(np.maximum((low_variance + high_variance) / 2, 1e-12))
    share = above / POINTS
    found = (apart > SEPARATION * within) & (apart > math.log(1.5)) & (share >= SMALLEST_SHARE)
    return cut + 1, found & (n * share >= SMALLEST_HEAP)


def _shrunk(
    location: pl.Expr, mad: pl.Expr, n: pl.Expr, doubt: float, options: ScanOptions
) -> tuple[pl.Expr, pl.Expr]:
    """Location and Laplace scale of a group, leaning on its brand and category as far as its size warrants.

    ``doubt`` is how far off one listing may be for being a fake: half the gap, or half the lift.
    """
    scale, k, n = mad / math.log(2), options.scale_listings, pl.when(n > 0).then(n)
    pooled = pl.lit(options.default_scale)
    for kin in _KIN:
        pooled = ((scale * n).sum().over(kin) + k * pooled) / (n.sum().over(kin) + k)
    own = (n * scale + k * pooled) / (n + k)
    error = (own.clip(options.smallest_scale) ** 2 + doubt**2) / n
    drawn = location
    for kin in _KIN:
        mean, scatter = _others(location, n, kin)
        weight = scatter / (scatter + error)
        drawn = (
            pl.when(n.count().over(kin) > 1).then(weight * location + (1 - weight) * mean).otherwise(drawn)
        )
    return drawn, (own * (1 + 1 / n).sqrt()).clip(options.smallest_scale)


def _others(location: pl.Expr, n: pl.Expr, kin: tuple[str, str]) -> tuple[pl.Expr, pl.Expr]:
    """Mean and variance of the locations of a group's kin, itself left out, one of variance 1 added."""
    rest = n.sum().over(kin) - n
    mean = ((location * n).sum().over(kin) - location * n) / rest
    square = ((location**2 * n).sum().over(kin) - location**2 * n) / rest
    groups = n.count().over(kin) - 1
    return mean, (1 + groups * (square - mean**2).clip(0)) / (1 + groups)
