"""Addresses: one text into parts, level keys and a canonical form; and how sure we are that two are one place."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache

import polars as pl

from ingest.normalise import address_match, chinese, divisions, notes
from ingest.normalise.comparison import EQUAL, NOTHING, Comparison
from ingest.normalise.text import clean, has_han

LEVELS = ("unit", "building", "compound", "street", "district", "city", "province", "none")
"""How finely a place is known, finest first."""


@dataclass(frozen=True)
class Address:
    """A place as read from a text; every text field is empty where nothing is known.

    Attributes
    ----------
    text : str
        Canonical address; parsing it again gives the same key.
    key : str
        The finest level key: equal keys, equal place. A key that begins with ``?`` names no division.
    level : str
        The finest part known, one of ``LEVELS``.
    adcode : str
        Six-digit code of the division (GB/T 2260), of the finest that is certain.
    number : str
        House number, or lanes (``1538弄``).
    unit : str
        Entrance, floor and room.
    latitude, longitude : float or None
        As written in the text (WGS 84), else of the division.
    unit_key, building_key, compound_key, street_key : str
        Keys of each level; units of one building share ``building_key``.
    """

    text: str = ""
    key: str = ""
    level: str = "none"
    adcode: str = ""
    province: str = ""
    city: str = ""
    district: str = ""
    town: str = ""
    street: str = ""
    number: str = ""
    compound: str = ""
    building: str = ""
    unit: str = ""
    postcode: str = ""
    country: str = ""
    latitude: float | None = None
    longitude: float | None = None
    unit_key: str = ""
    building_key: str = ""
    compound_key: str = ""
    street_key: str = ""


SCHEMA = pl.Schema({f.name: pl.Float64 if f.name in ("latitude", "longitude") else pl.String for f in fields(Address)})
"""Columns of ``parse_many``."""


@lru_cache(maxsize=65536)
def parse(text: str, *, postcode: str | None = None, country: str | None = None) -> Address:
    """Read one address.

    Parameters
    ----------
    text : str
        As received.
    postcode, country : str, optional
        From their own columns; the country as ISO 3166-1 alpha-2.
    """
    stripped = notes.strip(clean(text))
    code = (postcode or "").strip() or stripped.postcode
    return _chinese(stripped, code, country or "CN")


def _chinese(stripped: notes.Stripped, postcode: str, country: str) -> Address:
    place = divisions.read(stripped.text, postcode)
    division = place.division
    province, city, district = divisions.chain(division) if division else ("", "", "")
    rest = stripped.text[place.end :]
    if len(place.candidates) > 1 and not district:
        district = place.candidates[0].name
    zone = "" if district else divisions.zone(rest)
    if zone:
        district, rest = zone, rest[len(zone) :]
    return build(chinese.read(rest), division, (province, city, district), postcode, country, stripped)


def build(
    parts: chinese.Parts, division: divisions.Division | None, names: tuple[str, str, str], postcode: str, country: str, stripped: notes.Stripped
) -> Address:
    """Put parts and division together into an address with its keys."""
    province, city, district = names
    adcode = division.code if division else ""
    area = adcode or f"?{district}"
    building = "".join(_building(b) for b in parts.building)
    unit = (parts.entrance and parts.entrance + "单元") + (parts.floor and parts.floor + "层") + (parts.room and parts.room + "室")
    town = parts.town if parts.town[-1:] in ("镇", "乡", "木") else ""
    street_key = f"{area}|{town}|{parts.street}" if parts.street else ""
    house = parts.number or parts.compound
    compound_key = f"{area}|{town}|{parts.street}|{house}" if house and (parts.street or parts.compound or parts.number) else ""
    known_building = building or unit or parts.number
    building_key = f"{compound_key or street_key or area}|{building}" if known_building else ""
    unit_key = f"{building_key}|{unit}" if unit else ""
    key = unit_key or building_key or compound_key or street_key or (adcode and f"{adcode}|{parts.town}" if parts.town else adcode)
    level = _level(unit_key, building_key, compound_key, street_key, division, parts.town or district)
    text = province + (city if city != province else "") + district + parts.town + parts.village + parts.street
    text += parts.number + ("号" if parts.number and parts.number[-1] not in "弄巷" else "") + parts.compound + building + unit
    return Address(
        text, key, level, adcode, province, city, district, parts.town, parts.street, parts.number, parts.compound, building, unit, postcode, country,
        stripped.latitude if stripped.latitude is not None else division.latitude if division else None,
        stripped.longitude if stripped.longitude is not None else division.longitude if division else None,
        unit_key, building_key, compound_key, street_key,
    )


def _building(label: str) -> str:
    return label if label[-1] in "期区排" else label + ("座" if label.isalpha() else "栋")


def _level(unit: str, building: str, compound: str, street: str, division: divisions.Division | None, district: str) -> str:
    for key, level in ((unit, "unit"), (building, "building"), (compound, "compound"), (street, "street"), (district, "district")):
        if key:
            return level
    return ("province", "city", "district")[division.level - 1] if division else "none"


def parse_many(texts: pl.Series, postcodes: pl.Series | None = None, countries: pl.Series | None = None) -> pl.DataFrame:
    """Read many addresses: one row a text in the same order, columns as the fields of ``Address``; null reads as empty."""
    rows = [
        parse(text or "", postcode=postcode, country=country)
        for text, postcode, country in zip(
            texts, postcodes if postcodes is not None else [None] * len(texts), countries if countries is not None else [None] * len(texts), strict=True
        )
    ]
    return pl.DataFrame({name: [getattr(row, name) for row in rows] for name in SCHEMA}, schema=SCHEMA)


def compare(a: str, b: str) -> Comparison:
    """Return the probability that two addresses are one place, and why."""
    left, right = parse(a), parse(b)
    if not left.key or not right.key:
        return NOTHING
    return EQUAL if left.key == right.key and left.adcode else address_match.compare(left, right)
