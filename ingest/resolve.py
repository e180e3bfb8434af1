# ruff: noqa: E501 - patterns, tables and reasons are easier to read in one line
"""Which identifiers are perhaps, or certainly, one: blocking, comparison, merges.

Blocking: two addresses are compared only if they share a block, that is the same numbers and either the same city or
the same street; blocks hold at most ``BLOCK`` rows (a larger one is walked with a window in sorted order), so work grows
linearly with the rows. Probabilities come from ``ingest.normalise``.

Thresholds: at ``MERGE`` (0.98) one in fifty merges of the least certain kind would be wrong, and a wrong merge cannot be
seen any more; numbers must also agree in full. From ``SIMILAR`` (0.5) a pair is more likely one place than two and is
kept as soft evidence. Below that it is nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import TypeVar

import polars as pl

from ingest.normalise import address, address_match, divisions, name
from ingest.normalise.address import Address
from ingest.normalise.comparison import Comparison
from ingest.normalise.name import Name
from ingest.normalise.text import pinyin

MERGE = 0.98
SIMILAR = 0.5
BLOCK = 40
"""Rows of a block that are compared all with all; beyond it, each row with its ``WINDOW`` next ones in sorted order."""
WINDOW = 8

Row = TypeVar("Row", Address, Name)

PAIRS = pl.Schema({"a": pl.String, "b": pl.String, "probability": pl.Float64, "why": pl.String})
MERGES = pl.Schema({"old": pl.String, "kept": pl.String})


def similar(addresses: pl.DataFrame) -> pl.DataFrame:
    """Return pairs of addresses that are more likely one place than two.

    Parameters
    ----------
    addresses : DataFrame
        Columns of ``address.parse_many`` and ``id`` (unique).

    Returns
    -------
    DataFrame
        ``a``, ``b`` (ids, a < b), ``probability``, ``why``; sorted by ids; the same whatever the order of rows.
    """
    rows = _addresses(addresses)
    return _pairs(rows, _address_blocks, address_match.compare, lambda row: row.text)


def merges(addresses: pl.DataFrame, pairs: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return which addresses are certainly one, as a map from the id that goes to the id that stays.

    Only rows whose house, building and unit are equal merge, with a probability of at least ``MERGE``, into the row that
    says more. A row that fits two different places equally stays as it is.
    """
    rows = _addresses(addresses)
    pairs = similar(addresses) if pairs is None else pairs
    ranked = sorted(rows, key=lambda i: (_incompleteness(rows[i]), i))
    return _merges(ranked, pairs, lambda a, b: _same_numbers(rows[a], rows[b]))


def similar_names(names: pl.DataFrame) -> pl.DataFrame:
    """Return pairs of names that are more likely one party than two; columns ``id, canonical, key, kind``."""
    return _pairs(_names(names), _name_blocks, name.compare_names, lambda row: row.key)


def merges_names(names: pl.DataFrame, pairs: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return which firms are certainly one; persons never merge beyond an equal canonical form."""
    rows = _names(names)
    pairs = similar_names(names) if pairs is None else pairs
    ranked = sorted(rows, key=lambda i: (-len(rows[i].canonical), i))
    return _merges(ranked, pairs, lambda a, b: rows[a].kind == rows[b].kind == "firm")


def _addresses(frame: pl.DataFrame) -> dict[str, Address]:
    columns = list(address.SCHEMA)
    records = frame.select("id", *columns).sort("id").iter_rows()
    return {record[0]: Address(*record[1:]) for record in records}


def _names(frame: pl.DataFrame) -> dict[str, Name]:
    return {r[0]: Name(*r[1:]) for r in frame.select("id", "canonical", "key", "kind").sort("id").iter_rows()}


def _address_blocks(row: Address) -> list[Hashable]:
    """Return the blocks of an address: everything that two texts of one place share, whatever slipped elsewhere."""
    if not (row.street or row.compound):
        return []
    city = row.adcode[:4] if row.country == "CN" else f"{row.country}{row.postcode[:3]}"
    street = address_match.romanised(row.street)
    details = (row.number, _core(row.building), row.unit.rpartition("单元")[2])
    blocks: list[Hashable] = []
    if row.number:
        blocks.append(("street", city, street, row.number))
        blocks.append(("anywhere", street, *details))
        if row.building or row.unit:
            blocks.append(("numbers", city, *details))
        else:
            blocks.append(("house", row.adcode, row.number, street[:2]))
            blocks.append(("house end", row.adcode, row.number, street[-5:]))
    if row.compound:
        blocks.append(("compound", city, pinyin(row.compound)[:6], *details[1:]))
    if street and not row.number:
        blocks.append(("street only", city, street, *details[1:]))
    return blocks


def _core(building: str) -> str:
    return building.rstrip("栋座")


def _name_blocks(row: Name) -> list[Hashable]:
    """Return the blocks of a name: its sound, and the sound of its first and of its last characters."""
    if not row.key:
        return []
    if row.kind != "firm":
        return [
            ("sound", "".join(sorted(pinyin(row.key).replace(" ", "")))),
            (
                "words",
                *sorted(w[0] for w in row.key.split())[:3],
                max(row.key.split(), key=lambda w: (len(w), w)),
            ),
        ]
    core = pinyin(divisions.without_places(row.key)).replace(" ", "")
    return [("start", core[:6]), ("end", core[-8:]), ("sound", pinyin(row.key).replace(" ", "")[:14])]


def _pairs(
    rows: dict[str, Row],
    blocks: Callable[[Row], list[Hashable]],
    compare: Callable[[Row, Row], Comparison],
    order: Callable[[Row], str],
) -> pl.DataFrame:
    """Compare what shares a block and keep pairs from ``SIMILAR`` up."""
    members: dict[Hashable, list[str]] = {}
    for identity, row in rows.items():
        for block in blocks(row):
            members.setdefault(block, []).append(identity)
    seen: set[tuple[str, str]] = set()
    found: list[tuple[str, str, float, str]] = []
    pair: tuple[str, str]
    for ids in members.values():
        for pair in _within(ids, rows, order):
            if pair not in seen:
                seen.add(pair)
                result = compare(rows[pair[0]], rows[pair[1]])
                if result.probability >= SIMILAR:
                    found.append((*pair, result.probability, "; ".join(result.reasons)))
    return pl.DataFrame(sorted(found), schema=PAIRS, orient="row")


def _within(
    ids: Sequence[str], rows: dict[str, Row], order: Callable[[Row], str]
) -> Iterator[tuple[str, str]]:
    if len(ids) <= BLOCK:
        ordered, reach = sorted(ids), BLOCK
    else:
        ordered, reach = sorted(ids, key=lambda i: (order(rows[i]), i)), WINDOW
    for place, first in enumerate(ordered):
        for second in ordered[place + 1 : place + 1 + reach]:
            yield (first, second) if first < second else (second, first)


def _incompleteness(row: Address) -> tuple[int, bool, int]:
    """Return how little a row says: coarse division, romanised street, short text."""
    missing = int(row.adcode[4:] == "00") + int(row.adcode[2:] == "0000") if row.adcode else 3
    return missing, any(c.isascii() and c.isalpha() for c in row.street), -len(row.text)


def _same_numbers(a: Address, b: Address) -> bool:
    return bool(a.number or a.building or a.unit) and (a.number, a.building, a.unit) == (
        b.number,
        b.building,
        b.unit,
    )


def _merges(ranked: Sequence[str], pairs: pl.DataFrame, allowed: Callable[[str, str], bool]) -> pl.DataFrame:
    """Merge each row, best first, into the one better row it certainly is; rows that fit two kept rows stay.

    No chains: a row merges into a kept row only by their own comparison, never by way of a third.
    """
    certain: dict[str, set[str]] = {}
    for a, b in pairs.filter(pl.col("probability") >= MERGE).select("a", "b").sort("a", "b").iter_rows():
        if allowed(a, b):
            certain.setdefault(a, set()).add(b)
            certain.setdefault(b, set()).add(a)
    kept: set[str] = set()
    merged: dict[str, str] = {}
    for identity in ranked:
        targets = certain.get(identity, set()) & kept
        if len(targets) == 1:
            merged[identity] = targets.pop()
        else:
            kept.add(identity)
    return pl.DataFrame(sorted(merged.items()), schema=MERGES, orient="row")
