# ruff: noqa: E501 - patterns, tables and reasons are easier to read in one line
"""Which identifiers are perhaps, or certainly, one: blocking, comparison, merges.

Blocking: two addresses are compared only if they share a block, that is the same numbers and either the same city or
the same street; blocks hold at most ``BLOCK`` rows (a larger one is walked with a window in sorted order), so work grows
linearly with the rows. Blocks are columns of hashes; only rows that share one are looked at again, ``CHUNK`` pairs at a
time. Probabilities come from ``ingest.normalise``.

Thresholds: at ``MERGE`` (0.98) one in fifty merges of the least certain kind would be wrong, and a wrong merge cannot be
seen any more; numbers must also agree in full. From ``SIMILAR`` (0.5) a pair is more likely one place than two and is
kept as soft evidence. Below that it is nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

import polars as pl

from ingest.normalise import address, address_match, bulk, divisions, name
from ingest.normalise.address import Address
from ingest.normalise.comparison import Weighing
from ingest.normalise.name import Name
from ingest.normalise.text import pinyin

MERGE = 0.98
SIMILAR = 0.5
BLOCK = 40
"""Rows of a block that are compared all with all; beyond it, each row with its ``WINDOW`` next ones in sorted order."""
WINDOW = 8
CHUNK = 200_000
"""Rows or pairs that are objects at once; the rest are columns."""

PAIRS = pl.Schema({"a": pl.String, "b": pl.String, "probability": pl.Float64, "why": pl.String})
MERGES = pl.Schema({"old": pl.String, "kept": pl.String})
_NAME = ("canonical", "key", "kind")

_Found = tuple[float, str] | None


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
    rows = addresses.select("id", *address.SCHEMA).sort("text", "id")
    return _pairs(rows, _blocks_of_addresses, _compared_addresses)


def merges(addresses: pl.DataFrame, pairs: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return which addresses are certainly one, as a map from the id that goes to the id that stays.

    Only rows whose house, building and unit are equal merge, with a probability of at least ``MERGE``, into the row that
    says more. A row that fits two different places equally stays as it is.
    """
    pairs = similar(addresses) if pairs is None else pairs
    records = _certain(addresses, pairs).select("id", *address.SCHEMA).iter_rows()
    rows = {record[0]: Address(*record[1:]) for record in records}
    ranked = sorted(rows, key=lambda i: (_incompleteness(rows[i]), i))
    return _merges(ranked, pairs, lambda a, b: _same_numbers(rows[a], rows[b]))


def similar_names(names: pl.DataFrame) -> pl.DataFrame:
    """Return pairs of names that are more likely one party than two; columns ``id, canonical, key, kind``."""
    return _pairs(names.select("id", *_NAME).sort("key", "id"), _blocks_of_names, _compared_names)


def merges_names(names: pl.DataFrame, pairs: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return which firms are certainly one; persons never merge beyond an equal canonical form."""
    pairs = similar_names(names) if pairs is None else pairs
    rows = {
        record[0]: Name(*record[1:]) for record in _certain(names, pairs).select("id", *_NAME).iter_rows()
    }
    ranked = sorted(rows, key=lambda i: (-len(rows[i].canonical), i))
    return _merges(ranked, pairs, lambda a, b: rows[a].kind == rows[b].kind == "firm")


def _certain(rows: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that might merge, sorted by id."""
    certain = pairs.filter(pl.col("probability") >= MERGE)
    return rows.filter(pl.col("id").is_in(pl.concat([certain["a"], certain["b"]]).implode())).sort("id")


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


def _blocks_of_addresses(values: pl.DataFrame) -> pl.DataFrame:
    return _hashed([_address_blocks(Address(*value)) for value in values.iter_rows()])


def _blocks_of_names(values: pl.DataFrame) -> pl.DataFrame:
    return _hashed([_name_blocks(Name(*value)) for value in values.iter_rows()])


def _hashed(blocks: list[list[Hashable]]) -> pl.DataFrame:
    named = pl.Series("block", [list(map(repr, found)) for found in blocks], dtype=pl.List(pl.String))
    return named.list.eval(pl.element().hash(seed=0)).to_frame()


def _compared_addresses(values: pl.DataFrame) -> pl.DataFrame:
    return _weighed(values, lambda a, b: address_match.weigh(Address(*a), Address(*b)))


def _compared_names(values: pl.DataFrame) -> pl.DataFrame:
    return _weighed(values, lambda a, b: name.weigh(Name(*a), Name(*b)))


def _weighed(values: pl.DataFrame, weigh: Callable[[Sequence[Any], Sequence[Any]], Weighing]) -> pl.DataFrame:
    half = values.width // 2
    rows = [_told(weigh(row[:half], row[half:])) for row in values.iter_rows()]
    return bulk.columns(rows, {name: PAIRS[name] for name in ("probability", "why")})


def _told(weighing: Weighing) -> _Found:
    if weighing.probability < SIMILAR:
        return None
    result = weighing.result()
    return result.probability, "; ".join(result.reasons)


def _pairs(rows: pl.DataFrame, blocks: bulk.Work, compared: bulk.Work) -> pl.DataFrame:
    """Compare what shares a block and keep pairs from ``SIMILAR`` up; rows come in the order of windows."""
    ids, values = rows["id"], rows.drop("id")
    found = [pl.DataFrame(schema=PAIRS)]
    for part in _candidates(ids, values, blocks).iter_slices(CHUNK):
        sides = [
            values[part[side]].rename({column: f"{side} {column}" for column in values.columns})
            for side in "ab"
        ]
        told = bulk.run(compared, pl.concat(sides, how="horizontal"))
        named = pl.DataFrame({"a": ids.gather(part["a"]), "b": ids.gather(part["b"])})
        found.append(pl.concat([named, told], how="horizontal").drop_nulls("probability"))
    return pl.concat(found).sort("a", "b")


def _candidates(ids: pl.Series, values: pl.DataFrame, blocks: bulk.Work) -> pl.DataFrame:
    """Return the places of rows that share a block, each pair once, first the one whose id is lower."""
    parts = [pl.DataFrame(schema={"place": pl.UInt32, "block": pl.UInt64})]
    for start in range(0, values.height, CHUNK):
        made = bulk.run(blocks, values.slice(start, CHUNK))
        parts.append(made.with_row_index("place", start).explode("block").drop_nulls())
    members = pl.concat(parts).unique().sort("block", "place")
    members = members.with_columns(size=pl.len().over("block")).filter(pl.col("size") > 1)
    pairs = [pl.DataFrame(schema={"place": pl.UInt32, "other": pl.UInt32})]
    for step in range(1, BLOCK):
        near = pl.col("block") == pl.col("block").shift(-step)
        within = (pl.col("size") <= BLOCK) | (step <= WINDOW)
        pairs.append(
            members.select("place", near & within, other=pl.col("place").shift(-step))
            .filter("block")
            .drop("block")
        )
    both = pl.concat(pairs).unique()
    rank = ids.rank("ordinal")
    first, second = rank.gather(both["place"]), rank.gather(both["other"])
    lower = first < second
    return both.select(
        a=pl.when(lower).then("place").otherwise("other"), b=pl.when(lower).then("other").otherwise("place")
    ).sort("a", "b")


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
