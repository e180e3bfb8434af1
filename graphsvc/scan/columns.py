"""What the scan reads of a listing, whatever columns the table came with."""

from __future__ import annotations

import polars as pl

from graphsvc.model.errors import BadInput

LISTING = pl.Schema(
    {
        "seller": pl.String,
        "listing_id": pl.String,
        "brand": pl.String,
        "category": pl.String,
        "title": pl.String,
        "unit_price": pl.Float64,
        "currency": pl.String,
        "units_sold_30d": pl.Int64,
        "listed_on": pl.Date,
        "url": pl.String,
    }
)
"""Columns of a listing; all but the first two and ``unit_price`` may be missing."""

GROUP = ("brand", "category", "currency")
"""Listings are compared within one brand, category and currency; an unknown one is a group of its own."""

REQUIRED = ("seller", "listing_id", "unit_price")


def prepare(listings: pl.LazyFrame) -> pl.LazyFrame:
    """Return ``listings`` with exactly the columns of ``LISTING``; what is missing or blank is null.

    A price that is not a positive, finite number is null: it is a placeholder and says nothing.

    Raises
    ------
    BadInput
        If a required column is missing.
    """
    present = listings.collect_schema()
    missing = [name for name in REQUIRED if name not in present]
    if missing:
        raise BadInput(
            f"The listings have no column {', '.join(missing)}.", f"They have {', '.join(present)}."
        )
    return listings.select([_column(name, kind, present.get(name)) for name, kind in LISTING.items()])


def _column(name: str, kind: pl.DataType, given: pl.DataType | None) -> pl.Expr:
    if given is None:
        return pl.lit(None, kind).alias(name)
    column = pl.col(name) if given == kind else pl.col(name).cast(kind)
    if name == "unit_price":
        return pl.when(column.is_finite() & (column > 0)).then(column).alias(name)
    if name == "units_sold_30d":
        return pl.when(column >= 0).then(column).alias(name)
    if name in GROUP:
        return pl.when(column != "").then(column).alias(name)
    return column.alias(name)
