"""Identifiers known to serve the public."""

from __future__ import annotations

import polars as pl

from graphsvc.model.graph import Label
from ingest import identifiers, places
from ingest.frames import Parts, source
from ingest.tables.context import Context

UNNAMED = "public service"
"""The service of a row that names none."""


def build(rows: pl.DataFrame, context: Context) -> Parts:
    """Return the identifiers with ``service`` set, whether a store uses them or not."""
    parts = Parts()
    supplier = source("known_services")
    rows = rows.with_columns(pl.col("service").fill_null(UNNAMED))
    service = pl.col("service")
    of = {str(kind): part for (kind,), part in rows.partition_by("kind", as_dict=True).items()}
    if (found := of.get("payment_account")) is not None:
        unknown = pl.Series("kind", [None] * found.height, dtype=pl.String)
        found = identifiers.beside(
            found, identifiers.accounts(unknown, found["value"], context.account_key), "to"
        )
        found = parts.known(found, "to_id", "value", identifiers.NO_ACCOUNT)
        parts.node(
            Label.PAYMENT_ACCOUNT,
            found,
            id=pl.col("to_id"),
            name=pl.col("to_name"),
            service=service,
            source=supplier,
        )
    if (found := of.get("phone")) is not None:
        found = identifiers.beside(found, identifiers.phones(found["value"]), "to").explode(
            "to_id", "to_valid"
        )
        found = parts.known(found, "to_id", "value", identifiers.NO_PHONE)
        parts.node(
            Label.PHONE,
            found,
            id=pl.col("to_id"),
            name=pl.col("to_id"),
            valid=pl.col("to_valid"),
            service=service,
            source=supplier,
        )
    if (found := of.get("address")) is not None:
        found = places.beside(parts, found, "value", pl.lit("known_services"))
        found = parts.known(found, places.ID, "value", places.NO_PLACE)
        places.nodes(parts, found, supplier, service=service)
    if (found := of.get("warehouse")) is not None:
        parts.node(Label.WAREHOUSE, found, id=pl.col("value"), service=service, source=supplier)
    return parts
