"""Which stores keep goods in which warehouse."""

from __future__ import annotations

import polars as pl

from graphsvc.model.graph import Label, Rel
from ingest.declared import SELLER
from ingest.frames import FIRST_SEEN, LAST_SEEN, Kind, Parts, source
from ingest.tables.context import Context


def build(rows: pl.DataFrame, context: Context) -> Parts:
    """Return STOCKS_AT, and the Warehouse nodes in case no table describes them."""
    parts = Parts()
    supplier = source("seller_warehouses")
    parts.node(Label.WAREHOUSE, rows, id=pl.col("warehouse_id"), source=supplier)
    parts.relationship(
        Kind(Rel.STOCKS_AT, Label.SELLER, Label.WAREHOUSE),
        rows,
        start=pl.col(SELLER),
        end=pl.col("warehouse_id"),
        source=supplier,
        firstSeen=FIRST_SEEN,
        lastSeen=LAST_SEEN,
        count=pl.col("parcels"),
        extra=pl.col("extra"),
    )
    return parts
