"""Raw addresses to Address nodes, each distinct one read once a batch by ``ingest.normalise.address``."""

from __future__ import annotations

import polars as pl

from graphsvc.model.graph import Label
from ingest import hashing
from ingest.frames import POINT, Parts
from ingest.normalise import address
from ingest.normalise.placeholder import is_placeholder

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


NO_PLACE = "is no address but a placeholder: write the address or leave the row out"
"""Why a row is refused whose address is required and says nothing."""

_CELLS = 100
"""Coordinates that agree to a hundredth of a degree (a kilometre) say which city's street is meant."""


def beside(parts: Parts, rows: pl.DataFrame, column: str, owner: pl.Expr) -> pl.DataFrame:
    """Put beside the rows what their addresses in ``column`` say, as columns ``place_…``; add the candidates.

    ``postcode``, ``country``, ``lat`` and ``lon`` of the row are taken into account where the table has them;
    coordinates of the row go before those of the text.

    A text that is too little to identify a place (``address.Address.key``) is a place of its ``owner``'s own: kept with
    all it says, shared with nobody. Coordinates beside a street make it a place that others can share. A
    placeholder is no place.
    """
    given = {"raw": column, "postcode": "postcode", "country": "country"}
    texts = rows.select(
        [
            (pl.col(name) if name in rows.columns else pl.lit(None, pl.String)).alias(part)
            for part, name in given.items()
        ]
    )
    distinct = texts.filter(pl.col("raw").is_not_null()).unique()
    distinct = distinct.filter([not is_placeholder(text) for text in distinct["raw"]])
    read = address.parse_many(distinct["raw"], distinct["postcode"], distinct["country"])
    shown = pl.when(pl.col("text") != "").then(pl.col("text")).otherwise(distinct["raw"])
    read = read.with_columns(
        pl.when(pl.col("key") != "").then(hashing.short(read.select("key"))).alias("id"), shown.alias("text")
    )
    shared = read.filter(pl.col("id").is_not_null())
    parts.candidates.append((Label.ADDRESS, shared.select("id", *address.SCHEMA)))
    read = read.rename({name: f"place_{name}" for name in ("id", *address.SCHEMA)})
    joined = texts.join(
        pl.concat([distinct, read], how="horizontal"),
        on=list(given),
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )
    rows = pl.concat([rows, joined.drop("postcode", "country")], how="horizontal")
    rows = _with_own(parts, rows, owner).drop("raw")
    names = [name for name in rows.columns if not name.startswith("place_")]
    return rows.select(
        *names,
        ID,
        *(
            pl.when(pl.col(f"place_{old}") != "").then(pl.col(f"place_{old}")).alias(f"place_{new}")
            for new, old in _PROPERTIES.items()
        ),
        "place_latitude",
        "place_longitude",
    )


def _with_own(parts: Parts, rows: pl.DataFrame, owner: pl.Expr) -> pl.DataFrame:
    """Give ids to the places that their text does not identify; add those that may be likened to others."""
    unshared = pl.col(ID).is_null() & pl.col("place_text").is_not_null()
    if not rows.select(unshared).to_series().any():
        return rows
    point = _location(rows).struct
    named = (pl.col("place_street") != "") | (pl.col("place_compound") != "")
    near = named & (pl.col("place_adcode") == "") & point.field("latitude").is_not_null()
    cell = [(point.field(axis) * _CELLS).round().cast(pl.Int64) for axis in ("latitude", "longitude")]
    whose = rows.filter(unshared).with_columns(
        hashing.short(
            rows.filter(unshared).select(
                pl.when(near).then(pl.lit("near")).otherwise(pl.lit("own")),
                text=pl.when(near).then("place_text").otherwise("raw"),
                north=pl.when(near).then(cell[0]),
                east=pl.when(near).then(cell[1]),
                owner=pl.when(~near).then(owner),
            )
        ).alias(ID)
    )
    likened = whose.filter(named).unique(ID)
    parts.candidates.append(
        (
            Label.ADDRESS,
            likened.select(pl.col(ID).alias("id"), *(pl.col(f"place_{c}").alias(c) for c in address.SCHEMA)),
        )
    )
    ids = rows.select(unshared).to_series()
    return rows.with_columns(rows[ID].scatter(ids.arg_true(), whose[ID]))


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
