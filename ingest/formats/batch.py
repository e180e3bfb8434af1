"""What every reader yields, and the limits that keep its memory bounded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from graphsvc.model.errors import BadInput
from ingest.rejects import Fault

LINE = "#line"
"""Column with the number of the line (Parquet: row) a record begins on; no column of a file can be called
so."""

_NOT_NAME = re.compile(r"[^\w]+")


@dataclass(frozen=True)
class Limits:
    """Bounds on what is held at once.

    ``block`` is how many bytes are read at a time, ``line`` how long a line may be (bytes),
    ``quoted_lines`` and
    ``quoted_size`` over how many lines and characters a quoted CSV record may run before its quote counts
    as stray; ``rows`` is the size of a Parquet batch.
    """

    block: int = 16 << 20
    line: int = 16 << 20
    quoted_lines: int = 1_000
    quoted_size: int = 1 << 20
    rows: int = 100_000


@dataclass(frozen=True)
class Batch:
    """Some records: text columns and ``LINE``; the lines that could not be read; how many bytes of the
    file were read."""

    frame: pl.DataFrame
    faults: tuple[Fault, ...]
    position: int


def column_names(raw: Sequence[str], file: object) -> list[str]:
    """Return header names as columns: lower case, blanks and dashes as ``_``, nameless ones ``column_<n>``.

    Raises
    ------
    BadInput
        If a name appears twice.
    """
    names = [
        _NOT_NAME.sub("_", name.strip().lower()).strip("_") or f"column_{place}"
        for place, name in enumerate(raw, 1)
    ]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BadInput(f"{file}, line 1: column '{twice[0]}' appears twice.", "Rename or remove one of them.")
    return names
