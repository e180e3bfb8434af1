"""The staged graph as detection reads it, and what the scan adds to it."""

from __future__ import annotations

from typing import Protocol

import polars as pl

from graphsvc.model import market as model
from graphsvc.model.graph import IDENTIFIER_LABELS, IDENTIFIER_RELS, Label, Rel
from graphsvc.model.market import Market
from ingest.frames import Kind, Parts
from ingest.tables.listings import node_id

_SOURCE = pl.lit("listings")


class Graph(Protocol):
    """Staged nodes and relationships."""

    @property
    def kinds(self) -> list[Kind]:
        """Kinds of relationships there are."""

    def nodes(self, label: Label) -> pl.DataFrame:
        """Return the nodes of a label."""

    def relationships(self, kind: Kind) -> pl.DataFrame:
        """Return the relationships of a kind."""


def of_scan(
    offers: pl.DataFrame, sellers: pl.DataFrame, suspects: pl.DataFrame, noticed: pl.DataFrame
) -> Parts:
    """Turn what the scan found into nodes and relationships; ``noticed`` are further listings to keep."""
    parts = Parts()
    parts.node(
        Label.SELLER,
        sellers,
        id=pl.col("seller"),
        listings=pl.col("listings"),
        suspectListings=pl.col("suspectListings"),
        sales30d=pl.col("sales30d"),
        suspicion=pl.col("suspicion"),
        titleWords=pl.col("titleWords"),
    )
    parts.relationship(
        Kind(Rel.OFFERS, Label.SELLER, Label.BRAND),
        offers,
        start=pl.col("seller"),
        end=pl.col("brand"),
        source=_SOURCE,
        **{
            name: pl.col(name)
            for name in ("listings", "suspectListings", "unitsSold30d", "sales30d", "priceRatio")
        },
    )
    for rows in (suspects, noticed):
        rows = rows.with_columns(id=node_id(pl.col("seller"), pl.col("listing_id")))
        judged = {name: pl.col(name) for name in ("priceRatio", "suspicion") if name in rows.columns}
        extra = {name: pl.col(name) for name in ("source", "extra") if name in rows.columns}
        parts.node(
            Label.LISTING,
            rows,
            id=pl.col("id"),
            name=pl.col("title"),
            listingId=pl.col("listing_id"),
            title=pl.col("title"),
            category=pl.col("category"),
            unitPrice=pl.col("unit_price"),
            currency=pl.col("currency"),
            unitsSold30d=pl.col("units_sold_30d"),
            listedOn=pl.col("listed_on"),
            url=pl.col("url"),
            **judged,
            **extra,
        )
        seen = pl.col("listed_on")
        for kind, start, end in (
            (Kind(Rel.LISTS, Label.SELLER, Label.LISTING), "seller", "id"),
            (Kind(Rel.OF_BRAND, Label.LISTING, Label.BRAND), "id", "brand"),
        ):
            parts.relationship(
                kind,
                rows,
                start=pl.col(start),
                end=pl.col(end),
                source=_SOURCE,
                firstSeen=seen,
                lastSeen=seen,
            )
    return parts


def of(graph: Graph) -> Market:
    """Return the frames of :class:`graphsvc.model.market.Market`."""
    return Market(
        sellers=graph.nodes(Label.SELLER).select(_as(model.SELLERS, seller="id")).sort("seller"),
        links=_links(graph),
        identifiers=_identifiers(graph),
        similar=_similar(graph),
        offers=_between(
            graph, Kind(Rel.OFFERS, Label.SELLER, Label.BRAND), model.OFFERS, seller="start", brand="end"
        ),
        test_buys=_about(graph, Label.TEST_BUY, Rel.BOUGHT_FROM, model.TEST_BUYS),
        notices=_about(graph, Label.NOTICE, Rel.AGAINST, model.NOTICES),
        authorisations=_between(
            graph,
            Kind(Rel.AUTHORISES, Label.BRAND, Label.SELLER),
            model.AUTHORISATIONS,
            seller="end",
            brand="start",
        ),
        outcomes=_outcomes(graph),
        judgements=pl.DataFrame(schema=model.JUDGEMENTS),
    )


def _as(schema: pl.Schema, **renamed: str) -> list[pl.Expr]:
    return [pl.col(renamed.get(name, name)).cast(kind).alias(name) for name, kind in schema.items()]


def _between(graph: Graph, kind: Kind, schema: pl.Schema, **renamed: str) -> pl.DataFrame:
    return graph.relationships(kind).select(_as(schema, **renamed)).sort(schema.names())


def _links(graph: Graph) -> pl.DataFrame:
    kinds = [kind for kind in graph.kinds if kind.start is Label.SELLER and kind.type in IDENTIFIER_RELS]
    frames = [
        graph.relationships(kind)
        .with_columns(label=pl.lit(kind.end.value), type=pl.lit(kind.type.value))
        .select(_as(model.LINKS, seller="start", identifier="end"))
        for kind in kinds
    ]
    return pl.concat([pl.DataFrame(schema=model.LINKS), *frames]).sort(model.LINKS.names())


def _identifiers(graph: Graph) -> pl.DataFrame:
    frames = [pl.DataFrame(schema=model.IDENTIFIERS)]
    for label in IDENTIFIER_LABELS:
        rows = graph.nodes(label).with_columns(label=pl.lit(label.value)).rename({"id": "identifier"})
        if label is Label.PAYMENT_ACCOUNT:
            rows = rows.join(_holders(graph), on="identifier", how="left")
        frames.append(
            rows.select(
                [
                    (pl.col(name) if name in rows.columns else pl.lit(None)).cast(kind).alias(name)
                    for name, kind in model.IDENTIFIERS.items()
                ]
            )
        )
    return pl.concat(frames).sort("label", "identifier")


def _holders(graph: Graph) -> pl.DataFrame:
    """Return the holder of each account: of several, the first by id."""
    held = graph.relationships(Kind(Rel.HELD_BY, Label.PAYMENT_ACCOUNT, Label.PERSON))
    return held.group_by(pl.col("start").alias("identifier")).agg(pl.col("end").min().alias("holder"))


def _similar(graph: Graph) -> pl.DataFrame:
    frames = [
        graph.relationships(kind).select(_as(model.SIMILAR, a="start", b="end"))
        for kind in graph.kinds
        if kind.type is Rel.SIMILAR_TO
    ]
    return pl.concat([pl.DataFrame(schema=model.SIMILAR), *frames]).sort("a", "b")


def _about(graph: Graph, label: Label, rel: Rel, schema: pl.Schema) -> pl.DataFrame:
    """Return test buys or notices with their store and brand."""
    sellers = graph.relationships(Kind(rel, label, Label.SELLER)).select(id="start", seller="end")
    brands = graph.relationships(Kind(Rel.OF_BRAND, label, Label.BRAND)).select(id="start", brand="end")
    rows = graph.nodes(label).join(sellers.unique(), on="id").join(brands.unique(), on="id", how="left")
    return rows.select(_as(schema)).sort(schema.names())


def _outcomes(graph: Graph) -> pl.DataFrame:
    """Return what operations led to for stores; sites and arrests say nothing of a store."""
    led = (
        graph.relationships(Kind(Rel.LED_TO, Label.OPERATION, Label.OUTCOME))
        .select(operation="start", id="end")
        .unique()
    )
    concerned = (
        graph.relationships(Kind(Rel.CONCERNS, Label.OUTCOME, Label.SELLER))
        .select(id="start", seller="end")
        .unique()
    )
    rows = graph.nodes(Label.OUTCOME).join(led, on="id").join(concerned, on="id")
    return rows.select(_as(model.OUTCOMES)).sort(model.OUTCOMES.names())
