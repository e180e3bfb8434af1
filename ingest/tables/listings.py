"""Listings: they go to the scan as columns; the graph keeps their brands and, after the scan, those worth
keeping."""

from __future__ import annotations

import polars as pl

from ingest import identifiers
from ingest.declared import SELLER
from ingest.frames import OBSERVED, Parts, source
from ingest.tables.context import Context

SCHEMA = pl.Schema(
    {
        "id": pl.String,
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
        "source": pl.String,
        "extra": pl.String,
        OBSERVED: pl.Date,
    }
)
"""Columns of staged listings: ``id`` of the Listing node, ``seller`` of the Seller node, ``brand`` of the
Brand node."""


def build(rows: pl.DataFrame, context: Context) -> Parts:
    """Return the Brand nodes."""
    parts = Parts()
    identifiers.brand_nodes(parts, rows, source("listings"))
    return parts


def staged(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the listings themselves (schema ``SCHEMA``)."""
    brand, _ = identifiers.brands(pl.col("brand"))
    made = {
        "id": node_id(pl.col(SELLER), pl.col("listing_id")),
        "seller": pl.col(SELLER),
        "brand": brand,
        "source": source("listings"),
        OBSERVED: pl.col("observed_at"),
    }
    return rows.select([made.get(name, pl.col(name)).alias(name) for name in SCHEMA])


def node_id(seller: pl.Expr, listing: pl.Expr) -> pl.Expr:
    """Return ids of Listing nodes: listing ids are unique within a store, not across marketplaces."""
    return pl.concat_str([seller, pl.lit("/"), listing])
