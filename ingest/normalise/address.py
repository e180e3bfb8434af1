"""Addresses: one text into parts, level keys and a canonical form; and how sure we are that two are one place."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import polars as pl

from ingest.normalise import address_match, bulk, chinese, divisions, gazetteer, latin, notes, romanised
from ingest.normalise.comparison import EQUAL, NOTHING, Comparison
from ingest.normalise.text import clean, has_han

LEVELS = ("unit", "building", "compound", "street", "district", "city", "province", "none")
"""How finely a place is known, finest first."""


class Address(NamedTuple):
    """A place as read from a text; every text field is empty where nothing is known.

    Attributes
    ----------
    text : str
        Canonical address; parsing it again gives the same key.
    key : str
        The finest level key: equal keys, equal place. Empty, as all keys are, where the text is too little to
        identify a place (1号, a district alone, a street without any division); one that begins with ``?`` names a
        county of which there are several, one that begins with ``P`` a postcode instead of a division.
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


SCHEMA = pl.Schema(
    {name: pl.Float64 if name in ("latitude", "longitude") else pl.String for name in Address._fields}
)
"""Columns of ``parse_many``."""


TOO_LITTLE = Comparison(0.0, ("one of them is too little to identify a place",))
"""No street and no compound: the same text stands for places all over the country."""


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
    land = (country or "").strip().upper()
    code = clean(postcode or "").replace(" ", "")
    first, odd = _read(clean(text), code, land)
    return first if not odd else _settled(first, clean(text), code, land)


def _read(value: str, postcode: str, country: str) -> tuple[Address, bool]:
    """Read clean text once; the flag tells whether reading the canonical text might give another key."""
    stripped = notes.strip(value)
    code = postcode or stripped.postcode
    if has_han(value) or not any(c.isalpha() for c in value):
        return _chinese(stripped, code, country or "CN")
    if country in ("CN", "HK", "MO", "TW") or (not country and romanised.looks_chinese(stripped.text)):
        return _romanised(stripped, code, country or "CN"), True
    return _latin(stripped, code, country), True


def _settled(first: Address, value: str, postcode: str, country: str) -> Address:
    """Read the canonical text again until it gives the key it was made from; what never settles stays as it came."""
    latest = first
    for _ in range(6):
        again, _ = _read(clean(latest.text), postcode or latest.postcode, country)
        if (again.key, again.text) == (latest.key, latest.text):
            return latest._replace(
                latitude=first.latitude, longitude=first.longitude, postcode=first.postcode
            )
        latest = again
    text = notes.strip(value).text
    key = f"~{chinese.prepare(text)}" if first.key else ""
    return Address(text=text, key=key, postcode=postcode, country=first.country)


def _chinese(stripped: notes.Stripped, postcode: str, country: str) -> tuple[Address, bool]:
    place = divisions.read(stripped.text, postcode)
    division = place.division
    province, city, district = gazetteer.chain(division) if division else ("", "", "")
    rest = stripped.text[place.end :]
    if len(place.candidates) > 1 and not district:
        district = place.candidates[0].name
    if not district and division and division.code.startswith("71"):
        district = divisions.township(rest)
        rest = rest[len(district) :]
    zone = "" if district else divisions.zone(rest)
    if zone:
        district, rest = zone, rest[len(zone) :]
    parts = chinese.read(rest)
    address = build(parts, division, (province, city, district), postcode, country, stripped)
    return address, len(place.candidates) != 1 or not chinese.plain(parts)


def _romanised(stripped: notes.Stripped, postcode: str, country: str) -> Address:
    parts, candidates = romanised.read(stripped.text)
    division = gazetteer.common(candidates)
    names = gazetteer.chain(division) if division else ("", "", "")
    if len(candidates) > 1 and not names[2]:
        names = (*names[:2], candidates[0].name if len({c.name for c in candidates}) == 1 else "")
    return build(parts, division, names, postcode, country, stripped)


def _latin(stripped: notes.Stripped, postcode: str, country: str) -> Address:
    parts = latin.read(stripped.text, country, postcode.replace(" ", ""))
    area = f"{parts.country or '?'}:{parts.postcode or ' '.join(filter(None, (parts.city, parts.state.lower())))}"
    street_key = f"{area}|{parts.street}" if parts.street else ""
    house = parts.number or parts.name
    compound_key = f"{street_key or area}|{house}" if house else ""
    unit = " ".join(
        filter(None, (parts.floor and f"floor {parts.floor}", parts.room and f"unit {parts.room}"))
    )
    building = " ".join(filter(None, (parts.building, parts.wing)))
    building_key = (
        f"{compound_key or street_key or area}|{building}" if building or unit or parts.number else ""
    )
    unit_key = f"{building_key}|{unit}" if unit else ""
    known = bool(parts.city or parts.postcode)
    level = _level(unit_key, building_key, compound_key, street_key, None, "")
    if not (known and (parts.street or parts.name)):
        unit_key = building_key = compound_key = street_key = ""
    key = unit_key or building_key or compound_key or street_key
    level = "city" if level == "none" and known else level
    line = " ".join(filter(None, (parts.number, parts.street)))
    pieces = (
        parts.name,
        line,
        parts.building and f"building {parts.building}",
        parts.wing,
        parts.floor and f"floor {parts.floor}",
        parts.room and f"unit {parts.room}",
    )
    tail = (
        parts.city,
        " ".join(filter(None, (parts.state, parts.postcode.upper()))),
        latin.LAND_NAMES.get(parts.country, parts.country),
    )
    text = ", ".join(piece for piece in (*(_title(p) for p in (*pieces, tail[0])), *tail[1:]) if piece)
    return Address(
        text,
        key,
        level,
        "",
        parts.state,
        parts.city,
        "",
        "",
        parts.street,
        parts.number,
        parts.name,
        building,
        unit,
        parts.postcode.upper(),
        parts.country,
        stripped.latitude,
        stripped.longitude,
        unit_key,
        building_key,
        compound_key,
        street_key,
    )


def _title(text: str) -> str:
    return " ".join(word if word[:1].isdigit() else word.capitalize() for word in text.split())


def build(
    parts: chinese.Parts,
    division: gazetteer.Division | None,
    names: tuple[str, str, str],
    postcode: str,
    country: str,
    stripped: notes.Stripped,
) -> Address:
    """Put parts and division together into an address with its keys."""
    province, city, district = names
    adcode = division.code if division else ""
    known = bool(city or (district and not divisions.zone(district)))
    by_postcode = not known and bool(gazetteer.of_postcode(postcode))
    area = f"P{postcode}" if by_postcode else adcode or f"?{district}"
    # the districts of Taiwan have no code of their own
    area += district if adcode.startswith("71") else ""
    building = "".join(_building(b) for b in parts.building)
    unit = (
        (parts.entrance and parts.entrance + "单元")
        + (parts.floor and parts.floor + "层")
        + (parts.room and parts.room + "室")
    )
    town = parts.town if parts.town[-1:] in ("镇", "乡", "木") else ""
    street_key = f"{area}|{town}|{parts.street}" if parts.street else ""
    relation = address_match.relation(parts.compound) if parts.number else ""
    house = parts.number + relation or parts.compound
    compound_key = (
        f"{area}|{town}|{parts.street}|{house}"
        if house and (parts.street or parts.compound or parts.number)
        else ""
    )
    known_building = building or unit or parts.number
    building_key = f"{compound_key or street_key or area}|{building}" if known_building else ""
    unit_key = f"{building_key}|{unit}" if unit else ""
    level = _level(unit_key, building_key, compound_key, street_key, division, parts.town or district)
    if not (_named(parts.street, parts.compound) and (known or by_postcode)):
        unit_key = building_key = compound_key = street_key = ""
    key = unit_key or building_key or compound_key or street_key
    text = f"{postcode} " if by_postcode and key else ""
    text += (
        province + (city if city != province else "") + district + parts.town + parts.village + parts.street
    )
    text += (
        parts.number
        + ("号" if parts.number and parts.number[-1] not in "弄巷" else "")
        + parts.compound
        + building
        + unit
    )
    return Address(
        text,
        key,
        level,
        adcode,
        province,
        city,
        district,
        parts.town,
        parts.street,
        parts.number,
        parts.compound,
        building,
        unit,
        postcode,
        country,
        stripped.latitude if stripped.latitude is not None else division.latitude if division else None,
        stripped.longitude if stripped.longitude is not None else division.longitude if division else None,
        unit_key,
        building_key,
        compound_key,
        street_key,
    )


def _named(street: str, compound: str) -> bool:
    """Whether a street or a compound is named: neither 对面 (opposite) nor 丰巢柜 (parcel locker) names one."""
    unnamed = compound == address_match.relation(compound) or chinese.PARCEL_POINT.fullmatch(compound)
    return bool(street) or not unnamed


def _building(label: str) -> str:
    return label if label[-1] in "期区排" else label + ("座" if label.isalpha() else "栋")


def _level(
    unit: str, building: str, compound: str, street: str, division: gazetteer.Division | None, district: str
) -> str:
    for key, level in (
        (unit, "unit"),
        (building, "building"),
        (compound, "compound"),
        (street, "street"),
        (district, "district"),
    ):
        if key:
            return level
    return ("province", "city", "district")[division.level - 1] if division else "none"


def read_all(values: pl.DataFrame) -> pl.DataFrame:
    """Return the fields of ``Address`` for rows of text, postcode and country (empty where not given), in order."""
    read = parse.__wrapped__
    rows = [
        read(text, postcode=code or None, country=land or None) for text, code, land in values.iter_rows()
    ]
    return bulk.columns(rows, SCHEMA)


def parse_many(
    texts: pl.Series, postcodes: pl.Series | None = None, countries: pl.Series | None = None
) -> pl.DataFrame:
    """Read many addresses: one row a text in the same order, columns as the fields of ``Address``; null reads as empty.

    Every distinct value is read once; above ``bulk.MANY`` of them other processes help, with the same result.
    """
    columns = pl.DataFrame(
        {
            "text": texts.cast(pl.String),
            "postcode": pl.Series([None] * len(texts), dtype=pl.String)
            if postcodes is None
            else postcodes.cast(pl.String),
            "country": pl.Series([None] * len(texts), dtype=pl.String)
            if countries is None
            else countries.cast(pl.String),
        }
    ).fill_null("")
    distinct = columns.unique(maintain_order=True)
    read = bulk.run(read_all, distinct)
    names = {name: f"read {name}" for name in SCHEMA}
    joined = columns.join(
        pl.concat([distinct, read.rename(names)], how="horizontal"),
        on=["text", "postcode", "country"],
        how="left",
        maintain_order="left",
    )
    return joined.select(pl.col(before).alias(after) for after, before in names.items())


def compare(a: str, b: str) -> Comparison:
    """Return the probability that two addresses are one place, and why.

    Equal texts are one place only if they identify one; of those that do not, what names a street or a compound is
    compared by it.
    """
    left, right = parse(a), parse(b)
    if not all(place.key or _named(place.street, place.compound) for place in (left, right)):
        return TOO_LITTLE if left.text and right.text else NOTHING
    return EQUAL if left.key == right.key != "" else address_match.compare(left, right)
