"""What could not be used, and why: one row a value, gathered in a CSV file beside the load."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

REJECTS = pl.Schema(
    {
        "table": pl.String,
        "file": pl.String,
        "line": pl.Int64,
        "column": pl.String,
        "value": pl.String,
        "reason": pl.String,
    }
)
"""Columns of the rejects file. ``line`` is a row number for Parquet; ``column`` is empty when the whole
line is bad."""

ACCOUNT_COLUMNS: frozenset[tuple[str, str]] = frozenset(
    {
        ("payment_accounts", "account_no"),
        ("test_buys", "payment_account_no"),
        ("known_services", "value"),
    }
)
"""(table, column) of cells that hold account numbers: shown masked, wherever they are shown."""
_ACCOUNT_TABLES = frozenset(table for table, _ in ACCOUNT_COLUMNS)
_SHOWN = 200


@dataclass(frozen=True)
class Fault:
    """A line that could not be read: its number, the column if one is to blame, what stands there, the
    reason."""

    line: int
    column: str
    value: str
    reason: str


def shown(value: pl.Expr) -> pl.Expr:
    """Return text cut to what a person needs to recognise it."""
    return pl.when(value.str.len_chars() > _SHOWN).then(value.str.head(_SHOWN) + "…").otherwise(value)


def masked(value: pl.Expr) -> pl.Expr:
    """Return account numbers with all but the last four characters hidden (all, when there are fewer than
    eight)."""
    tail = pl.when(value.str.len_chars() >= 8).then(value.str.tail(4)).otherwise(pl.lit(""))
    return pl.when(value.is_null()).then(None).otherwise(pl.lit("•••") + tail)


def of_faults(table: str, file: Path, faults: Sequence[Fault]) -> pl.DataFrame:
    """Turn unreadable lines of one file into rejects; whole lines of tables with account numbers are not
    shown."""
    hidden = table in _ACCOUNT_TABLES
    return pl.DataFrame(
        [
            (
                table,
                str(file),
                fault.line,
                fault.column,
                "(not shown)" if hidden and fault.value else fault.value,
                fault.reason,
            )
            for fault in faults
        ],
        schema=REJECTS,
        orient="row",
    ).with_columns(shown(pl.col("value")))


def of_refused(table: str, file: Path, refused: pl.DataFrame) -> pl.DataFrame:
    """Turn rows that a table's builder refused (``frames.Parts``) into rejects; account numbers are masked."""
    hidden = pl.lit(table in _ACCOUNT_TABLES) & pl.col("column").is_in(
        sorted(c for t, c in ACCOUNT_COLUMNS if t == table)
    )
    value = pl.when(hidden).then(masked(pl.col("value"))).otherwise(shown(pl.col("value")))
    return refused.select(
        table=pl.lit(table),
        file=pl.lit(str(file)),
        line="line",
        column="column",
        value=value,
        reason="reason",
    ).cast(REJECTS)


class RejectsFile:
    """Appends rejects to a CSV file readable by its owner alone, so that memory does not grow with them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.touch(mode=0o600)
        path.chmod(0o600)
        path.write_bytes(pl.DataFrame(schema=REJECTS).write_csv().encode())

    def add(self, rejects: pl.DataFrame) -> int:
        """Append ``rejects`` (schema ``REJECTS``); return how many rows of input they stand for."""
        if rejects.is_empty():
            return 0
        with self.path.open("ab") as out:
            rejects.sort("line", "column").write_csv(out, include_header=False)
        return rejects.select("file", "line").unique().height
