"""Validated rows to frames of nodes and relationships, in the columns the model declares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import polars as pl

from graphsvc.model.graph import NODE, REL, Label, Property, Rel, Type
from ingest.formats.batch import LINE

OBSERVED = "#observed"
"""When a node's row was observed: decides which of two contradicting rows holds. Not stored."""

POINT = pl.Struct({"latitude": pl.Float64, "longitude": pl.Float64})
DTYPES: dict[Type, pl.DataType] = {
    Type.STRING: pl.String(),
    Type.STRINGS: pl.List(pl.String),
    Type.INTEGER: pl.Int64(),
    Type.FLOAT: pl.Float64(),
    Type.BOOLEAN: pl.Boolean(),
    Type.DATE: pl.Date(),
    Type.DATETIME: pl.Datetime("us", "UTC"),
    Type.POINT: POINT,
}
"""Column types of the model's property types."""


class Kind(NamedTuple):
    """A relationship type between two labels."""

    type: Rel
    start: Label
    end: Label

    @property
    def folder(self) -> str:
        """A name for files."""
        return f"{self.type}-{self.start}-{self.end}"


@dataclass
class Parts:
    """What one batch of one table says: frames of nodes and of relationships, duplicates and all.

    ``candidates`` are identifiers with all that was read of them, to be compared with others
    (``ingest.resolve``). ``refused`` are rows whose required value turned out to say nothing: frames of ``line``,
    ``column``, ``value`` and ``reason``.
    """

    nodes: list[tuple[Label, pl.DataFrame]] = field(default_factory=list)
    relationships: list[tuple[Kind, pl.DataFrame]] = field(default_factory=list)
    candidates: list[tuple[Label, pl.DataFrame]] = field(default_factory=list)
    refused: list[pl.DataFrame] = field(default_factory=list)

    def known(self, rows: pl.DataFrame, id: str, column: str, reason: str) -> pl.DataFrame:
        """Return the rows that have an ``id``; refuse the others for what stands in ``column``, with the reason."""
        unknown = rows[id].is_null()
        if not unknown.any():
            return rows
        self.refused.append(
            rows.filter(unknown).select(line=LINE, column=pl.lit(column), value=column, reason=pl.lit(reason))
        )
        return rows.filter(~unknown)

    def node(self, label: Label, rows: pl.DataFrame, **columns: pl.Expr) -> None:
        """Add nodes: ``id`` and any of ``name``, ``source``, ``extra``, ``observed`` and the model's
        properties.

        Rows without an id say nothing and are left out.
        """
        observed = columns.pop("observed", pl.lit(None, pl.Date))
        self.nodes.append((label, _shaped(rows, node_schema(label), {**columns, OBSERVED: observed}, ["id"])))

    def relationship(self, kind: Kind, rows: pl.DataFrame, **columns: pl.Expr) -> None:
        """Add relationships: ``start``, ``end``, ``source`` and any of ``firstSeen``, ``lastSeen``,
        ``extra`` and properties."""
        self.relationships.append(
            (kind, _shaped(rows, relationship_schema(kind.type), columns, ["start", "end"]))
        )


def _shaped(
    rows: pl.DataFrame, schema: pl.Schema, columns: Mapping[str, pl.Expr], needed: list[str]
) -> pl.DataFrame:
    strange = columns.keys() - schema.keys()
    if strange:
        raise KeyError(f"not in the model: {', '.join(sorted(strange))}")
    made = [columns.get(name, pl.lit(None)).cast(kind).alias(name) for name, kind in schema.items()]
    return rows.select(made).drop_nulls(needed).unique()


def node_properties(label: Label) -> tuple[Property, ...]:
    """Return all properties a node of a table carries, in order, but those that loading itself adds."""
    own = NODE[label].properties
    return (
        Property("id", Type.STRING),
        Property("name", Type.STRING),
        *own,
        Property("source", Type.STRING),
        Property("extra", Type.STRING),
    )


def relationship_properties(rel: Rel) -> tuple[Property, ...]:
    """Return all properties a relationship of a table carries, in order, but those that loading itself
    adds."""
    return (
        Property("source", Type.STRING),
        Property("firstSeen", Type.DATE),
        Property("lastSeen", Type.DATE),
        *REL[rel].properties,
        Property("extra", Type.STRING),
    )


def node_schema(label: Label) -> pl.Schema:
    """Return the columns of staged node rows."""
    return pl.Schema({p.name: DTYPES[p.type] for p in node_properties(label)} | {OBSERVED: pl.Date()})


def relationship_schema(rel: Rel) -> pl.Schema:
    """Return the columns of staged relationship rows."""
    ends = {"start": pl.String(), "end": pl.String()}
    return pl.Schema(ends | {p.name: DTYPES[p.type] for p in relationship_properties(rel)})


def source(table: str) -> pl.Expr:
    """Return who supplied a row: its ``source``, else the table's name."""
    return pl.col("source").fill_null(table)


FIRST_SEEN = pl.min_horizontal(
    pl.coalesce("first_seen", "last_seen", "observed_at"),
    pl.coalesce("last_seen", "first_seen", "observed_at"),
)
"""Earliest date of a row with ``first_seen``, ``last_seen`` and ``observed_at``: the right one even if
they were swapped."""
LAST_SEEN = pl.max_horizontal(
    pl.coalesce("first_seen", "last_seen", "observed_at"),
    pl.coalesce("last_seen", "first_seen", "observed_at"),
)
"""Latest date, likewise."""
