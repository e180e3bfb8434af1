"""The market as detection sees it: columns, not rows. Built from the store or straight from staged tables."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

SELLERS = pl.Schema(
    {
        "seller": pl.String,
        "name": pl.String,
        "marketplace": pl.String,
        "openedOn": pl.Date,
        "closedOn": pl.Date,
        "status": pl.String,
        "listings": pl.Int64,
        "suspectListings": pl.Int64,
        "sales30d": pl.Float64,
        "suspicion": pl.Float64,
        "titleWords": pl.String,
    }
)
LINKS = pl.Schema(
    {
        "seller": pl.String,
        "identifier": pl.String,
        "label": pl.String,
        "type": pl.String,
        "firstSeen": pl.Date,
        "lastSeen": pl.Date,
    }
)
IDENTIFIERS = pl.Schema(
    {
        "identifier": pl.String,
        "label": pl.String,
        "name": pl.String,
        "kind": pl.String,
        "service": pl.String,
        "adcode": pl.String,
        "level": pl.String,
        "buildingKey": pl.String,
        "compoundKey": pl.String,
        "holder": pl.String,
    }
)
SIMILAR = pl.Schema({"a": pl.String, "b": pl.String, "probability": pl.Float64})
OFFERS = pl.Schema(
    {
        "seller": pl.String,
        "brand": pl.String,
        "listings": pl.Int64,
        "suspectListings": pl.Int64,
        "unitsSold30d": pl.Int64,
        "sales30d": pl.Float64,
        "priceRatio": pl.Float64,
    }
)
TEST_BUYS = pl.Schema({"seller": pl.String, "brand": pl.String, "verdict": pl.String, "boughtOn": pl.Date})
NOTICES = pl.Schema({"seller": pl.String, "brand": pl.String, "outcome": pl.String, "filedOn": pl.Date})
AUTHORISATIONS = pl.Schema(
    {"seller": pl.String, "brand": pl.String, "validFrom": pl.Date, "validTo": pl.Date}
)
OUTCOMES = pl.Schema({"operation": pl.String, "seller": pl.String, "kind": pl.String, "on": pl.Date})
JUDGEMENTS = pl.Schema({"kind": pl.String, "a": pl.String, "b": pl.String})


@dataclass(frozen=True)
class Market:
    """All that detection reads, as Polars frames with the schemas of this module (one row a fact).

    ``links`` holds store-to-identifier facts; ``identifier`` and ``seller`` are node ids; ``label`` is the
    identifier's node label, ``type`` the relationship type. ``similar`` are uncertain identities between
    identifiers. ``offers`` is the scan's roll-up per store and brand.
    """

    sellers: pl.DataFrame
    links: pl.DataFrame
    identifiers: pl.DataFrame
    similar: pl.DataFrame
    offers: pl.DataFrame
    test_buys: pl.DataFrame
    notices: pl.DataFrame
    authorisations: pl.DataFrame
    outcomes: pl.DataFrame
    judgements: pl.DataFrame
