"""Any table file to batches of text columns, with the columns the contract asks for made sure of."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from graphsvc.model.errors import BadInput
from graphsvc.model.tables import BY_NAME, COMMON, Table
from ingest.formats import delimited, ndjson, parquet
from ingest.formats.batch import LINE, Batch, Limits
from ingest.formats.text import ByteStream
from ingest.sources import Format, Source


def read(source: Source, limits: Limits | None = None) -> Iterator[Batch]:
    """Yield a table's records in batches, holding one batch at a time whatever the file's size.

    Parameters
    ----------
    source : Source
        File, its table and format; gzip and zstd are recognised by content.
    limits : Limits, optional
        Bounds on memory.

    Yields
    ------
    Batch
        All columns as text, ``LINE``, and the lines that could not be read.

    Raises
    ------
    BadInput
        If the file cannot be read at all, lacks a required column, or breaks off: then after every batch
        before.
    """
    limits = limits or Limits()
    table = BY_NAME[source.table]
    stream = ByteStream(source.path, limits.block)
    checked = False
    try:
        for batch in _batches(source, stream, table, limits):
            # a batch of bad lines alone says nothing about NDJSON's columns
            if not checked and (source.format is not Format.NDJSON or not batch.frame.is_empty()):
                require(table, [name for name in batch.frame.columns if name != LINE], source)
                checked = True
            yield batch
    except OSError as error:
        raise BadInput(
            f"{source.path} cannot be read: {error.strerror or error}.", "Check the file and its permissions."
        ) from error


def _batches(source: Source, stream: ByteStream, table: Table, limits: Limits) -> Iterator[Batch]:
    if source.format is Format.CSV:
        return delimited.read(stream, limits, {column.name for column in (*table.columns, *COMMON)})
    if source.format is Format.NDJSON:
        return ndjson.read(stream, limits)
    return parquet.read(stream, limits)


def require(table: Table, found: list[str], source: Source) -> None:
    """Make sure that the required columns are there.

    Raises
    ------
    BadInput
        Naming the file, the missing column, what was found, and the nearest name found.
    """
    for name in table.required:
        if name not in found:
            spare = [other for other in found if other not in {column.name for column in table.columns}]
            near = get_close_matches(name, spare, 1)
            hint = f"Is it '{near[0]}'? Rename that column." if near else "Add the column."
            raise BadInput(
                f"{source.path}, line 1: column '{name}' is missing; found: {', '.join(found) or 'none'}.",
                hint,
            )
