"""Parquet: read in batches of rows, every column as text."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from graphsvc.model.errors import BadInput
from ingest.formats.batch import LINE, Batch, Limits, column_names
from ingest.formats.text import ByteStream, CutOff


def read(stream: ByteStream, limits: Limits) -> Iterator[Batch]:
    """Yield the rows of a Parquet file, numbered from 1; a compressed one is unpacked to a temporary file
    first.

    Raises
    ------
    BadInput
        If it is no Parquet file, or is damaged.
    """
    with tempfile.TemporaryDirectory(prefix="graphsvc-") as folder:
        path = _unpacked(stream, Path(folder))
        try:
            with pq.ParquetFile(path) as file:
                yield from _batches(file, stream, limits)
        except (pa.ArrowException, OSError, pl.exceptions.PolarsError) as error:
            said = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise BadInput(
                f"{stream.path} cannot be read as Parquet: {said}", "Write the file again."
            ) from error


def _batches(file: Any, stream: ByteStream, limits: Limits) -> Iterator[Batch]:
    names = column_names(file.schema_arrow.names, stream.path)
    size, rows, done = stream.path.stat().st_size, max(file.metadata.num_rows, 1), 0
    empty = cast(pl.DataFrame, pl.from_arrow(file.schema_arrow.empty_table()))
    yield Batch(_as_text(empty, names, 1), (), 0)
    for batch in file.iter_batches(batch_size=limits.rows):
        frame = cast(pl.DataFrame, pl.from_arrow(pa.Table.from_batches([batch])))
        first, done = done + 1, done + frame.height
        yield Batch(_as_text(frame, names, first), (), size * done // rows)


def _as_text(frame: pl.DataFrame, names: list[str], first: int) -> pl.DataFrame:
    columns = [_text(frame[old]).alias(new) for old, new in zip(frame.columns, names, strict=True)]
    numbers = pl.int_range(first, first + frame.height, dtype=pl.Int64, eager=True).alias(LINE)
    return pl.DataFrame([*columns, numbers])


def _text(values: pl.Series) -> pl.Series:
    kind = values.dtype
    if isinstance(kind, pl.Datetime):
        return values.dt.to_string("iso:strict")
    if isinstance(kind, pl.Date):
        return values.dt.to_string("%Y-%m-%d")
    if kind.is_float():
        # ids and counts that pandas turned into floats because some were missing
        whole = (values == values.round()) & (values.abs() < 2**53)
        return values.cast(pl.String).zip_with(
            ~whole.fill_null(False), values.cast(pl.Int64, strict=False).cast(pl.String)
        )
    if isinstance(kind, pl.Struct):
        return values.struct.json_encode()
    if kind.is_nested():
        return pl.Series([None if row is None else str(row.to_list()) for row in values], dtype=pl.String)
    return values.cast(pl.String)


def _unpacked(stream: ByteStream, folder: Path) -> Path:
    if stream.path.suffix.lower() not in {".gz", ".zst"}:
        return stream.path
    path = folder / "table.parquet"
    try:
        with path.open("wb") as out:
            out.writelines(stream)
    except CutOff as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise BadInput(
            f"{stream.path}: the compressed data is cut off or damaged.", "Fetch the file again."
        ) from error
    return path
