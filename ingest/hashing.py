"""Short, stable hashes of columns: ids of statements, digests of contents. Never of secrets: those are
keyed."""

from __future__ import annotations

from hashlib import blake2b

import polars as pl

_BETWEEN, _NOTHING = "\x1f", "\x00"


def text(value: str) -> str:
    """Return 16 hex digits (BLAKE2b, 64 bits) of one text."""
    return blake2b(value.encode(), digest_size=8).hexdigest()


def short(columns: pl.DataFrame) -> pl.Series:
    """Return 16 hex digits for each row of ``columns``: equal rows have equal hashes, in every version and
    process.

    Numbers, dates and points are hashed by their decimal text.
    """
    if columns.width == 0 or columns.is_empty():
        return pl.Series("hash", [None] * columns.height, dtype=pl.String)
    cells = [_cell(columns.schema[name], pl.col(name)).fill_null(_NOTHING) for name in columns.columns]
    rows = columns.select(pl.concat_str(cells, separator=_BETWEEN).cast(pl.Binary)).to_series()
    hashes = [blake2b(row, digest_size=8).digest() for row in rows.to_list()]
    return pl.Series("hash", hashes, dtype=pl.Binary).bin.encode("hex")


def _cell(kind: pl.DataType, column: pl.Expr) -> pl.Expr:
    if isinstance(kind, pl.Struct):
        return pl.concat_str(
            [column.struct.field(part.name).cast(pl.String) for part in kind.fields], separator=" "
        )
    if isinstance(kind, pl.List):
        return column.list.join(_BETWEEN)
    return column.cast(pl.String)
