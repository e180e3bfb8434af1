"""The scan: listings in, suspicion out; a pure function of its input."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from graphsvc.scan import columns, reference, rollup, suspicion, titles
from graphsvc.scan.options import ScanOptions

__all__ = ["Scan", "ScanOptions", "scan"]

GROUPS = pl.Schema(
    {
        "brand": pl.String,
        "category": pl.String,
        "currency": pl.String,
        "median": pl.Float64,
        "mad": pl.Float64,
        "n": pl.Int64,
        "reference": pl.Float64,
        "scale": pl.Float64,
        "below": pl.Float64,
        "prior": pl.Float64,
    }
)


@dataclass(frozen=True)
class Scan:
    """What a scan found; sorted frames, equal for equal input in any order.

    Parameters
    ----------
    offers : polars.DataFrame
        Per seller and brand: schema ``graphsvc.model.market.OFFERS``.
    sellers : polars.DataFrame
        Per seller: schema ``graphsvc.scan.rollup.SELLERS``.
    suspects : polars.DataFrame
        Listings worth keeping: schema ``graphsvc.scan.rollup.SUSPECTS``.
    groups : polars.DataFrame
        Per brand, category and currency: ``median`` price, ``mad`` of log price, ``n`` priced listings,
        ``reference`` (genuine price used), ``scale`` (its spread in log price), ``below`` (share under the
        genuine heap) and ``prior`` (share of suspects expected).
    """

    offers: pl.DataFrame
    sellers: pl.DataFrame
    suspects: pl.DataFrame
    groups: pl.DataFrame


def scan(
    listings: pl.LazyFrame, options: ScanOptions | None = None, authorised: pl.DataFrame | None = None
) -> Scan:
    """Judge listings by unit price and purchase frequency within their brand, category and currency.

    Parameters
    ----------
    listings : polars.LazyFrame
        One row a listing: ``seller`` (Seller node id), ``listing_id``, ``unit_price`` and, where known, the
        other columns of ``graphsvc.scan.columns.LISTING``. Read twice, never held whole.
    options : ScanOptions, optional
        Defaults are explained there.
    authorised : polars.DataFrame, optional
        ``seller`` and ``brand``: stores that sell the real thing; their prices then anchor a group.

    Returns
    -------
    Scan
        Offers, sellers, suspects and groups.

    Raises
    ------
    BadInput
        If a required column is missing or an option is out of range.

    Examples
    --------
    >>> shop = pl.LazyFrame({
    ...     "seller": ["a"] * 30 + ["b"], "listing_id": [str(i) for i in range(31)],
    ...     "brand": "x", "category": "shoe", "unit_price": [100.0 + i for i in range(30)] + [25.0],
    ... })
    >>> scan(shop).suspects["seller"].to_list()
    ['b']
    """
    chosen = options or ScanOptions()
    ready = marked(columns.prepare(listings), authorised)
    measured = reference.statistics(reference.logarithms(ready)).collect(engine="streaming")
    known = reference.references(measured, chosen)
    judged = suspicion.judge(reference.logarithms(ready), known, chosen)
    shared, suspicious, words = pl.collect_all(
        [rollup.shares(judged, chosen), rollup.suspects(judged, chosen), titles.words(ready)],
        engine="streaming",
    )
    return assemble(shared, suspicious, words, known, chosen)


def marked(listings: pl.LazyFrame, authorised: pl.DataFrame | None) -> pl.LazyFrame:
    """Add ``authorised``: whether the brand authorised the seller."""
    if authorised is None or authorised.is_empty():
        return listings.with_columns(authorised=pl.lit(False))
    pairs = authorised.lazy().select("seller", "brand").unique().with_columns(authorised=pl.lit(True))
    return listings.join(pairs, on=["seller", "brand"], how="left").with_columns(
        pl.col("authorised").fill_null(False)
    )


def assemble(
    shared: pl.DataFrame,
    suspicious: pl.DataFrame,
    words: pl.DataFrame,
    known: pl.DataFrame,
    options: ScanOptions,
) -> Scan:
    """Put the parts together, sorted."""
    return Scan(
        offers=rollup.offers(shared),
        sellers=rollup.sellers(shared, titles.habits(words), options),
        suspects=rollup.kept(suspicious, options),
        groups=known.with_columns(pl.col("median").exp(), reference=pl.col("location").exp()).select(
            GROUPS.names()
        ),
    )
