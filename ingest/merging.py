"""Several statements about one thing to one: a pure function of the set of statements, whatever their
order."""

from __future__ import annotations

import polars as pl

from graphsvc.model.graph import IDENTIFIER_LABELS, Label
from ingest import hashing
from ingest.frames import OBSERVED, Kind, node_properties, relationship_properties

LASTING: frozenset[Label] = frozenset({*IDENTIFIER_LABELS, Label.BRAND, Label.AUTHORITY})
"""Labels whose properties follow from their id: once known they stay, and only gaps are filled."""

_LOWEST = frozenset({"firstSeen", "validFrom", "asReceived", "extra"})
_NAMED = {Label.SELLER: "sellerId", Label.LISTING: "listingId"}


def alike_and_not(rows: pl.DataFrame, *key: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows whose key no other row contradicts, each once, and the different rows of the other keys.

    Most keys are there once: only the others are compared in all columns.
    """
    several = _shared(rows, key)
    if not several.any():
        return rows, rows.clear()
    many = rows.filter(several).unique()
    differing = _shared(many, key)
    return pl.concat([rows.filter(~several), many.filter(~differing)]), many.filter(differing)


def _shared(rows: pl.DataFrame, key: tuple[str, ...]) -> pl.Series:
    return rows[key[0]].is_duplicated() if len(key) == 1 else rows.select(key).is_duplicated()


def merge_nodes(label: Label, rows: pl.DataFrame) -> pl.DataFrame:
    """Return one row an id, sorted by id, with a readable ``name`` and its ``digest``.

    Of contradicting rows, each property holds the value observed last; ties are settled by content.
    """
    merged, many = alike_and_not(rows, "id")
    if many.height:
        rest = sorted(name for name in many.columns if name not in {"id", OBSERVED})
        one = (
            many.sort([OBSERVED, *rest], nulls_last=False)
            .group_by("id")
            .agg(pl.exclude("id").drop_nulls().last())
            .select(rows.columns)
        )
        merged = pl.concat([merged, one])
    return finish_nodes(label, merged.drop(OBSERVED).sort("id"))


def finish_nodes(label: Label, rows: pl.DataFrame) -> pl.DataFrame:
    """Fill ``name`` where none is known, and add ``digest``."""
    spare = [pl.col("name"), pl.col(_NAMED.get(label, "id")), pl.col("id")]
    rows = rows.with_columns(pl.coalesce(spare).alias("name"))
    names = [p.name for p in node_properties(label)]
    return rows.select(*names, hashing.short(rows.select(names)).alias("digest"))


def merge_relationships(kind: Kind, rows: pl.DataFrame) -> pl.DataFrame:
    """Return one row a statement (start, end, source), sorted by id, with its ``id`` and ``digest``.

    The statement was first seen at the earliest date and last at the latest; counts of repeated statements
    are not added up, since the same parcels may be told twice: the highest holds.
    """
    key = ["start", "end", "source"]
    merged, many = alike_and_not(rows, *key)
    if many.height:
        rest = [pl.col(name) for name in rows.columns if name not in key]
        made = [column.min() if column.meta.output_name() in _LOWEST else column.max() for column in rest]
        merged = pl.concat([merged, many.group_by(key).agg(made).select(rows.columns)])
    said = merged.select(pl.lit(kind.folder).alias("kind"), *key)
    merged = merged.with_columns(hashing.short(said).alias("id"))
    return finish_relationships(kind, merged).sort("id")


def finish_relationships(kind: Kind, rows: pl.DataFrame) -> pl.DataFrame:
    """Add ``digest``."""
    names = ["id", *(p.name for p in relationship_properties(kind.type))]
    return rows.select("start", "end", *names, hashing.short(rows.select(names)).alias("digest"))


def conflicts(rows: pl.DataFrame) -> pl.Series:
    """Return the ids whose rows contradict each other in a property other than who said it and when, sorted."""
    shared = rows.filter(rows["id"].is_duplicated())
    _, many = alike_and_not(shared.drop(OBSERVED, "source", "extra"), "id")
    if many.is_empty():
        return rows["id"].clear()
    distinct = many.group_by("id").agg(pl.exclude("id").drop_nulls().n_unique())
    return distinct.filter(pl.any_horizontal(pl.exclude("id") > 1))["id"].sort()


def onto_stored(new: pl.DataFrame, stored: pl.DataFrame, label: Label) -> pl.DataFrame:
    """Return node rows as they are to stand in the store, where ``stored`` rows (same ids and columns)
    stand now.

    What is known is never forgotten. Newer values of things win; those of identifiers fill gaps, but a
    service is renamed.
    """
    names = [p.name for p in node_properties(label)]
    spare = _NAMED.get(label, "id")
    # a name that only repeats the id must not replace a real one
    new = new.with_columns(
        pl.when((pl.col("name") != pl.col("id")) & (pl.col("name") != pl.col(spare)))
        .then("name")
        .alias("name")
    )
    both = new.select(names).join(stored.select(names), on="id", suffix="#stored", how="inner")
    columns = []
    for name in names[1:]:
        pair = [pl.col(name), pl.col(f"{name}#stored")]
        columns.append(
            pl.coalesce(pair[::-1] if label in LASTING and name != "service" else pair).alias(name)
        )
    return finish_nodes(label, both.select("id", *columns))


def onto_stored_relationships(new: pl.DataFrame, stored: pl.DataFrame, kind: Kind) -> pl.DataFrame:
    """Return relationship rows as they are to stand in the store; see :func:`onto_stored` and
    :func:`merge_relationships`."""
    names = [p.name for p in relationship_properties(kind.type)]
    both = new.select("start", "end", "id", *names).join(
        stored.select("id", *names), on="id", suffix="#stored", how="inner"
    )
    columns = []
    for name in names:
        pair = [pl.col(name), pl.col(f"{name}#stored")]
        if name in _LOWEST:
            columns.append(pl.min_horizontal(pair).alias(name))
        elif name in {"lastSeen", "validTo", "count"}:
            columns.append(pl.max_horizontal(pair).alias(name))
        else:
            columns.append(pl.coalesce(pair).alias(name))
    return finish_relationships(kind, both.select("start", "end", "id", *columns))
