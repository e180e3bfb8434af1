"""Raw addresses to Address nodes, each distinct one read once a batch by ``ingest.normalise.address``."""

from __future__ import annotations

import polars as pl

from graphsvc.model.graph import Label
from ingest import hashing
from ingest.frames import POINT, Parts
from ingest.normalise import address

ID = "place_id"
"""Column with the id of the Address node."""

_PROPERTIES = {
    "text": "text",
    "adcode": "adcode",
    "province": "province",
    "city": "city",
    "district": "district",
    "street": "street",
    "number": "number",
    "building": "building",
    "unit": "unit",
    "postcode": "postcode",
    "country": "country",
    "level": "level",
    "unitKey": "unit_key",
    "buildingKey": "building_key",
    "compoundKey": "compound_key",
    "streetKey": "street_key",
}


def beside(parts: Parts, rows: pl.DataFrame, column: str) -> pl.DataFrame:
    """Put beside the rows what their addresses in ``column`` say, as columns ``place_…``; add the candidates.

    ``postcode``, ``country``, ``lat`` and ``lon`` of the row are taken into account where the table has them;
    coordinates of the row go before those of the text.
    """
    given = {"raw": column, "postcode": "postcode", "country": "country"}
    texts = rows.select(
        [
            (pl.col(name) if name in rows.columns else pl.lit(None, pl.String)).alias(part)
            for part, name in given.items()
        ]
    )
    distinct = texts.filter(pl.col("raw").is_not_null()).unique()
    read = address.parse_many(distinct["raw"], distinct["postcode"], distinct["country"])
    # an address of which nothing could be read is known by its text
    key = pl.when(pl.col("key") != "").then(pl.col("key")).otherwise(pl.lit("text|") + distinct["raw"])
    shown = pl.when(pl.col("text") != "").then(pl.col("text")).otherwise(distinct["raw"])
    read = read.with_columns(hashing.short(read.select(key)).alias("id"), shown.alias("text"))
    parts.candidates.append((Label.ADDRESS, read.select("id", *address.SCHEMA)))
    read = read.select(
        pl.col("id").alias(ID),
        *(
            pl.when(pl.col(old) != "").then(pl.col(old)).alias(f"place_{new}")
            for new, old in _PROPERTIES.items()
        ),
        pl.col("latitude").alias("place_latitude"),
        pl.col("longitude").alias("place_longitude"),
    )
    joined = texts.join(
        pl.concat([distinct, read], how="horizontal"),
        on=list(given),
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )
    return pl.concat([rows, joined.drop(*given)], how="horizontal")


def nodes(parts: Parts, rows: pl.DataFrame, source: pl.Expr, service: pl.Expr | None = None) -> None:
    """Add the Address nodes of rows that went through :func:`beside`."""
    more = {} if service is None else {"service": service}
    parts.node(
        Label.ADDRESS,
        rows,
        id=pl.col(ID),
        name=pl.col("place_text"),
        source=source,
        location=_location(rows),
        **{name: pl.col(f"place_{name}") for name in _PROPERTIES},
        **more,
    )


def _location(rows: pl.DataFrame) -> pl.Expr:
    """Return the point of a place: both coordinates of the row, else both of the text or division, else
    none."""
    pairs = [("lat", "lon"), ("place_latitude", "place_longitude")]
    points = [
        pl.when(pl.col(lat).is_not_null() & pl.col(lon).is_not_null())
        .then(pl.struct(pl.col(lat).alias("latitude"), pl.col(lon).alias("longitude")))
        .otherwise(pl.lit(None, POINT))
        for lat, lon in pairs
        if lat in rows.columns
    ]
    return pl.coalesce(points)
