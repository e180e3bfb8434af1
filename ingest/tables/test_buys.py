"""Test buys: what was bought, from whom, where it came from and who was paid."""

from __future__ import annotations

import polars as pl

from graphsvc.model.graph import Label, Rel
from ingest import identifiers, places
from ingest.declared import SELLER
from ingest.frames import Kind, Parts, source
from ingest.tables.context import Context

_BUY = Label.TEST_BUY


def build(rows: pl.DataFrame, context: Context) -> Parts:
    """Return TestBuy nodes with their ties; where a sample came from and who was paid ties the store as
    well."""
    parts = Parts()
    supplier = source("test_buys")
    rows = places.beside(parts, rows, "origin_address", pl.col(SELLER))
    unknown = pl.Series("kind", [None] * rows.height, dtype=pl.String)
    rows = identifiers.beside(
        rows, identifiers.accounts(unknown, rows["payment_account_no"], context.account_key), "to"
    )
    rows = identifiers.brand_nodes(parts, rows, supplier)
    parts.node(
        _BUY,
        rows,
        id=pl.col("test_buy_id"),
        boughtOn=pl.col("bought_on"),
        verdict=pl.col("verdict"),
        examiner=pl.col("examiner"),
        examinedOn=pl.col("examined_on"),
        trackingNo=pl.col("tracking_no"),
        listingId=pl.col("listing_id"),
        source=supplier,
        extra=pl.col("extra"),
        observed=pl.col("observed_at"),
    )
    places.nodes(parts, rows, supplier)
    parts.node(Label.PAYMENT_ACCOUNT, rows, id=pl.col("to_id"), name=pl.col("to_name"), source=supplier)
    buy, seller = pl.col("test_buy_id"), pl.col(SELLER)
    _tie(parts, Kind(Rel.BOUGHT_FROM, _BUY, Label.SELLER), rows, buy, seller)
    _tie(parts, Kind(Rel.OF_BRAND, _BUY, Label.BRAND), rows, buy, pl.col("brand_id"))
    _tie(parts, Kind(Rel.PAID_TO, _BUY, Label.PAYMENT_ACCOUNT), rows, buy, pl.col("to_id"))
    _tie(
        parts,
        Kind(Rel.SENT_FROM, _BUY, Label.ADDRESS),
        rows,
        buy,
        pl.col(places.ID),
        asReceived=pl.col("origin_address"),
    )
    own = rows.with_columns(source=pl.lit("test_buys"))
    _tie(parts, Kind(Rel.PAID_TO, Label.SELLER, Label.PAYMENT_ACCOUNT), own, seller, pl.col("to_id"))
    _tie(
        parts,
        Kind(Rel.SHIPS_FROM, Label.SELLER, Label.ADDRESS),
        own,
        seller,
        pl.col(places.ID),
        asReceived=pl.col("origin_address"),
    )
    return parts


def _tie(
    parts: Parts, kind: Kind, rows: pl.DataFrame, start: pl.Expr, end: pl.Expr, **columns: pl.Expr
) -> None:
    seen = pl.coalesce("bought_on", "observed_at")
    parts.relationship(
        kind, rows, start=start, end=end, source=source("test_buys"), firstSeen=seen, lastSeen=seen, **columns
    )
