"""Warehouses and where they are."""

from __future__ import annotations

import polars as pl

from graphsvc.model.graph import Label, Rel
from ingest import places
from ingest.frames import Kind, Parts, source
from ingest.tables.context import Context


def build(rows: pl.DataFrame, context: Context) -> Parts:
    """Return Warehouse and Address nodes and LOCATED_AT."""
    parts = Parts()
    supplier = source("warehouses")
    rows = places.beside(parts, rows, "address", pl.lit("warehouse|") + pl.col("warehouse_id"))
    parts.node(
        Label.WAREHOUSE,
        rows,
        id=pl.col("warehouse_id"),
        name=pl.col("name"),
        operator=pl.col("operator"),
        kind=pl.col("kind"),
        source=supplier,
        extra=pl.col("extra"),
        observed=pl.col("observed_at"),
    )
    places.nodes(parts, rows, supplier)
    parts.relationship(
        Kind(Rel.LOCATED_AT, Label.WAREHOUSE, Label.ADDRESS),
        rows,
        start=pl.col("warehouse_id"),
        end=pl.col(places.ID),
        source=supplier,
        firstSeen=pl.col("observed_at"),
        lastSeen=pl.col("observed_at"),
        asReceived=pl.col("address"),
    )
    return parts
