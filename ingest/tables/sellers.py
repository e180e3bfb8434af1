"""Stores, and the identifiers a store is registered with."""

from __future__ import annotations

import polars as pl

from graphsvc.model.graph import Label, Rel
from ingest import identifiers
from ingest.declared import SELLER
from ingest.frames import Kind, Parts, source
from ingest.tables.context import Context


def build(rows: pl.DataFrame, context: Context) -> Parts:
    """Return Seller, Phone, Email, Licence and Person nodes and what ties the store to them."""
    parts = Parts()
    supplier = source("sellers")
    parts.node(
        Label.SELLER,
        rows,
        id=pl.col(SELLER),
        name=pl.coalesce("store_name", "registered_name"),
        sellerId=pl.col("seller_id"),
        marketplace=pl.col("marketplace"),
        storeName=pl.col("store_name"),
        registeredName=pl.col("registered_name"),
        openedOn=pl.col("opened_on"),
        closedOn=pl.col("closed_on"),
        status=pl.col("status"),
        url=pl.col("url"),
        source=supplier,
        extra=pl.col("extra"),
        observed=pl.col("observed_at"),
    )
    phones = identifiers.beside(rows, identifiers.phones(rows["phone"]), "to").explode("to_id", "to_valid")
    parts.node(
        Label.PHONE,
        phones,
        id=pl.col("to_id"),
        name=pl.col("to_id"),
        valid=pl.col("to_valid"),
        source=supplier,
    )
    _tie(parts, Kind(Rel.USES_PHONE, Label.SELLER, Label.PHONE), phones, "phone")
    emails = identifiers.beside(rows, identifiers.emails(rows["email"]), "to")
    parts.node(Label.EMAIL, emails, id=pl.col("to_id"), name=pl.col("to_id"), source=supplier)
    _tie(parts, Kind(Rel.USES_EMAIL, Label.SELLER, Label.EMAIL), emails, "email")
    licences = identifiers.beside(rows, identifiers.licences(rows["licence_no"]), "to")
    parts.node(Label.LICENCE, licences, id=pl.col("to_id"), name=pl.col("to_id"), source=supplier)
    _tie(parts, Kind(Rel.LICENSED_AS, Label.SELLER, Label.LICENCE), licences, "licence_no")
    people = identifiers.beside(rows, identifiers.people(parts, rows["registered_name"]), "to")
    parts.node(Label.PERSON, people, id=pl.col("to_id"), name=pl.col("to_name"), source=supplier)
    _tie(parts, Kind(Rel.REGISTERED_BY, Label.SELLER, Label.PERSON), people, "registered_name")
    return parts


def _tie(parts: Parts, kind: Kind, rows: pl.DataFrame, column: str) -> None:
    parts.relationship(
        kind,
        rows,
        start=pl.col(SELLER),
        end=pl.col("to_id"),
        source=source("sellers"),
        firstSeen=pl.col("observed_at"),
        lastSeen=pl.col("observed_at"),
        asReceived=pl.col(column),
    )
