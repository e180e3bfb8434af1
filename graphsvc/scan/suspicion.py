"""From the distance to a genuine listing to a probability-like suspicion, by log-odds that can be written
down.

With ``d`` the log price below the group's genuine location, ``b`` its Laplace scale and ``g`` the log gap
of a typical fake, genuine prices are taken as Laplace(0, b) and fake ones as Laplace(g, b). Their
log-likelihood ratio is ``(2 clip(d, 0, g) - g) / b``: never falling as the price falls, zero half-way,
bounded by ``g / b``. A group whose prices are spread wide thus says little. Purchases are treated alike
(``u``), bounded by ``unit_evidence``. The two combine as

    price  = logit(prior of the group) + price evidence
    total  = price + sigmoid(price) * purchase evidence
    suspicion = sigmoid(total)

so that purchases speak only as far as the price already does: a bestseller at the full price stays
innocent, a bestseller at a third of it does not. Unknown purchases say nothing; without a price there is no
suspicion (null).
"""

from __future__ import annotations

import polars as pl

from graphsvc.scan.columns import GROUP
from graphsvc.scan.options import ScanOptions

DIGITS = 4
STEPS = 10**DIGITS
"""Suspicion is rounded to this many steps: sums of whole steps are exact in any order, so engines agree."""


def judge(listings: pl.LazyFrame, references: pl.DataFrame, options: ScanOptions) -> pl.LazyFrame:
    """Add ``priceRatio`` (price over the group's genuine price) and ``suspicion`` (0 to 1, four digits) to
    listings.

    Parameters
    ----------
    listings : polars.LazyFrame
        With ``GROUP``, ``logPrice`` and ``logUnits``.
    references : polars.DataFrame
        As returned by :func:`graphsvc.scan.reference.references`.
    options : ScanOptions
        The gap, the lift and the bound on purchase evidence.
    """
    below = pl.col("location") - pl.col("logPrice")
    price = _logit(pl.col("prior")) + _evidence(below, options.gap, pl.col("scale"))
    sold = _evidence(pl.col("logUnits") - pl.col("unitsLocation"), options.lift, pl.col("unitsScale"))
    sold = sold.clip(-options.unit_evidence, options.unit_evidence).fill_null(0.0)
    needed = references.lazy().select(*GROUP, "location", "scale", "unitsLocation", "unitsScale", "prior")
    return (
        listings.join(needed, on=list(GROUP), how="left", nulls_equal=True)
        .with_columns(priceRatio=(-below).exp(), suspicion=price)
        .with_columns(suspicion=_sigmoid(pl.col("suspicion") + _sigmoid(pl.col("suspicion")) * sold))
        # rounded, not divided: Polars divides by a number differently in frames of one row and of more
        .with_columns(suspicion=pl.col("suspicion").round(DIGITS))
        .drop("location", "scale", "unitsLocation", "unitsScale", "prior", "logPrice", "logUnits")
    )


def _evidence(distance: pl.Expr, gap: float, scale: pl.Expr) -> pl.Expr:
    """Log-likelihood ratio, in nats, of Laplace(gap, scale) over Laplace(0, scale)."""
    return (2 * distance.clip(0, gap) - gap) / scale


def _logit(share: pl.Expr) -> pl.Expr:
    return (share / (1 - share)).log()


def _sigmoid(odds: pl.Expr) -> pl.Expr:
    return 1 / (1 + (-odds).exp())
