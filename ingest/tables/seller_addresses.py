"""Where stores ship from, take returns and are registered."""

from __future__ import annotations

import polars as pl

from graphsvc.model.graph import Label, Rel
from ingest import places
from ingest.declared import SELLER
from ingest.frames import FIRST_SEEN, LAST_SEEN, Kind, Parts, source
from ingest.tables.context import Context

TYPES = {"ship_from": Rel.SHIPS_FROM, "return": Rel.RETURNS_TO, "registered": Rel.REGISTERED_AT}


def build(rows: pl.DataFrame, context: Context) -> Parts:
    """Return Address nodes and the stores' ties to them, one relationship type a kind."""
    parts = Parts()
    rows = places.beside(parts, rows, "address", pl.col(SELLER))
    rows = parts.known(rows, places.ID, "address", places.NO_PLACE)
    places.nodes(parts, rows, source("seller_addresses"))
    for kind, rel in TYPES.items():
        parts.relationship(
            Kind(rel, Label.SELLER, Label.ADDRESS),
            rows.filter(pl.col("kind") == kind),
            start=pl.col(SELLER),
            end=pl.col(places.ID),
            source=source("seller_addresses"),
            firstSeen=FIRST_SEEN,
            lastSeen=LAST_SEEN,
            asReceived=pl.col("address"),
            count=pl.col("shipments"),
            extra=pl.col("extra"),
        )
    return parts
