"""Police operations and the authorities that ran them."""

from __future__ import annotations

import polars as pl

from graphsvc.model.graph import Label, Rel
from ingest import identifiers
from ingest.frames import Kind, Parts, source
from ingest.tables.context import Context


def build(rows: pl.DataFrame, context: Context) -> Parts:
    """Return Operation and Authority nodes and RUN_BY."""
    parts = Parts()
    supplier = source("operations")
    key, shown = identifiers.brands(pl.col("authority"))
    rows = rows.with_columns(authority_id=key, authority_name=shown)
    parts.node(
        Label.OPERATION,
        rows,
        id=pl.col("operation_id"),
        name=pl.col("name"),
        jurisdiction=pl.col("jurisdiction"),
        startedOn=pl.col("started_on"),
        endedOn=pl.col("ended_on"),
        source=supplier,
        extra=pl.col("extra"),
        observed=pl.col("observed_at"),
    )
    parts.node(
        Label.AUTHORITY, rows, id=pl.col("authority_id"), name=pl.col("authority_name"), source=supplier
    )
    parts.relationship(
        Kind(Rel.RUN_BY, Label.OPERATION, Label.AUTHORITY),
        rows,
        start=pl.col("operation_id"),
        end=pl.col("authority_id"),
        source=supplier,
        firstSeen=pl.coalesce("started_on", "observed_at"),
        lastSeen=pl.coalesce("ended_on", "started_on", "observed_at"),
    )
    return parts
