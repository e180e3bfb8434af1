"""Takedown notices of brands against stores."""

from __future__ import annotations

import polars as pl

from graphsvc.model.graph import Label, Rel
from ingest import identifiers
from ingest.declared import SELLER
from ingest.frames import Kind, Parts, source
from ingest.tables.context import Context


def build(rows: pl.DataFrame, context: Context) -> Parts:
    """Return Notice and Brand nodes, AGAINST and OF_BRAND."""
    parts = Parts()
    supplier = source("notices")
    rows = identifiers.brand_nodes(parts, rows, supplier)
    parts.node(
        Label.NOTICE,
        rows,
        id=pl.col("notice_id"),
        filedOn=pl.col("filed_on"),
        outcome=pl.col("outcome"),
        reason=pl.col("reason"),
        listingId=pl.col("listing_id"),
        source=supplier,
        extra=pl.col("extra"),
        observed=pl.col("observed_at"),
    )
    seen = pl.coalesce("filed_on", "observed_at")
    for kind, end in (
        (Kind(Rel.AGAINST, Label.NOTICE, Label.SELLER), SELLER),
        (Kind(Rel.OF_BRAND, Label.NOTICE, Label.BRAND), "brand_id"),
    ):
        parts.relationship(
            kind,
            rows,
            start=pl.col("notice_id"),
            end=pl.col(end),
            source=supplier,
            firstSeen=seen,
            lastSeen=seen,
        )
    return parts
