"""Stores a brand has authorised."""

from __future__ import annotations

import polars as pl

from graphsvc.model.graph import Label, Rel
from ingest import identifiers
from ingest.declared import SELLER
from ingest.frames import Kind, Parts, source
from ingest.tables.context import Context


def build(rows: pl.DataFrame, context: Context) -> Parts:
    """Return Brand nodes and AUTHORISES."""
    parts = Parts()
    supplier = source("authorisations")
    rows = identifiers.brand_nodes(parts, rows, supplier)
    parts.relationship(
        Kind(Rel.AUTHORISES, Label.BRAND, Label.SELLER),
        rows,
        start=pl.col("brand_id"),
        end=pl.col(SELLER),
        source=supplier,
        firstSeen=pl.coalesce("valid_from", "observed_at"),
        lastSeen=pl.coalesce("valid_from", "observed_at"),
        validFrom=pl.col("valid_from"),
        validTo=pl.col("valid_to"),
        extra=pl.col("extra"),
    )
    return parts
