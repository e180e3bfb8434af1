"""Payment accounts of stores, and who holds them."""

from __future__ import annotations

import polars as pl

from graphsvc.model.graph import Label, Rel
from ingest import identifiers
from ingest.declared import SELLER
from ingest.frames import FIRST_SEEN, LAST_SEEN, Kind, Parts, source
from ingest.tables.context import Context


def build(rows: pl.DataFrame, context: Context) -> Parts:
    """Return PaymentAccount and Person nodes, PAID_TO and HELD_BY; no number leaves this function."""
    parts = Parts()
    supplier = source("payment_accounts")
    rows = identifiers.beside(
        rows, identifiers.accounts(rows["kind"], rows["account_no"], context.account_key), "to"
    )
    rows = parts.known(rows, "to_id", "account_no", identifiers.NO_ACCOUNT)
    rows = identifiers.beside(rows, identifiers.people(parts, rows["holder"]), "holder")
    parts.node(
        Label.PAYMENT_ACCOUNT,
        rows,
        id=pl.col("to_id"),
        name=pl.col("to_name"),
        kind=pl.col("to_kind"),
        valid=pl.col("to_valid"),
        institution=pl.col("institution"),
        source=supplier,
    )
    parts.node(Label.PERSON, rows, id=pl.col("holder_id"), name=pl.col("holder_name"), source=supplier)
    parts.relationship(
        Kind(Rel.PAID_TO, Label.SELLER, Label.PAYMENT_ACCOUNT),
        rows,
        start=pl.col(SELLER),
        end=pl.col("to_id"),
        source=supplier,
        firstSeen=FIRST_SEEN,
        lastSeen=LAST_SEEN,
        count=pl.col("transactions"),
        extra=pl.col("extra"),
    )
    parts.relationship(
        Kind(Rel.HELD_BY, Label.PAYMENT_ACCOUNT, Label.PERSON),
        rows,
        start=pl.col("to_id"),
        end=pl.col("holder_id"),
        source=supplier,
        firstSeen=FIRST_SEEN,
        lastSeen=LAST_SEEN,
        asReceived=pl.col("holder"),
    )
    return parts
