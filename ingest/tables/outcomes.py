"""What operations led to: arrests, sites and stores closed, goods seized, or nothing."""

from __future__ import annotations

import polars as pl

from graphsvc.model.graph import Label, Rel
from ingest import hashing, places
from ingest.declared import SELLER
from ingest.frames import Kind, Parts, source
from ingest.tables.context import Context

_SAYS = ("operation_id", "kind", SELLER, "address", "value", "currency", "count", "on")


def build(rows: pl.DataFrame, context: Context) -> Parts:
    """Return Outcome, Operation and Address nodes, LED_TO and CONCERNS.

    Outcomes have no id of their own: two rows that say the same are one outcome.
    """
    parts = Parts()
    supplier = source("outcomes")
    rows = places.beside(
        parts, rows, "address", pl.coalesce(SELLER, pl.lit("operation|") + pl.col("operation_id"))
    )
    rows = rows.with_columns(hashing.short(rows.select(_SAYS)).alias("outcome_id"))
    parts.node(Label.OPERATION, rows, id=pl.col("operation_id"), source=supplier)
    parts.node(
        Label.OUTCOME,
        rows,
        id=pl.col("outcome_id"),
        name=pl.col("kind"),
        kind=pl.col("kind"),
        value=pl.col("value"),
        currency=pl.col("currency"),
        count=pl.col("count"),
        on=pl.col("on"),
        source=supplier,
        extra=pl.col("extra"),
        observed=pl.col("observed_at"),
    )
    places.nodes(parts, rows, supplier)
    outcome = pl.col("outcome_id")
    _tie(parts, Kind(Rel.LED_TO, Label.OPERATION, Label.OUTCOME), rows, pl.col("operation_id"), outcome)
    _tie(parts, Kind(Rel.CONCERNS, Label.OUTCOME, Label.SELLER), rows, outcome, pl.col(SELLER))
    _tie(
        parts,
        Kind(Rel.CONCERNS, Label.OUTCOME, Label.ADDRESS),
        rows,
        outcome,
        pl.col(places.ID),
        asReceived=pl.col("address"),
    )
    return parts


def _tie(
    parts: Parts, kind: Kind, rows: pl.DataFrame, start: pl.Expr, end: pl.Expr, **columns: pl.Expr
) -> None:
    seen = pl.coalesce("on", "observed_at")
    parts.relationship(
        kind, rows, start=start, end=end, source=source("outcomes"), firstSeen=seen, lastSeen=seen, **columns
    )
