"""CSV, semicolon- and tab-separated tables: fast where there are no quotes, and never swallowed by a stray
one."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphsvc.model.errors import BadInput
from ingest.formats.batch import LINE, Batch, Limits, column_names
from ingest.formats.text import ByteStream, Lines, blocks, decoded
from ingest.rejects import Fault

DELIMITERS = (",", ";", "\t")
_QUOTE = '"'


@dataclass(frozen=True)
class _Header:
    columns: list[str]
    delimiter: str


@dataclass(frozen=True)
class _Parsed:
    """Rows of a block as a frame, bad lines, and lines of a record that goes on in the next block."""

    frame: pl.DataFrame
    faults: list[Fault]
    rest: list[str]


def read(stream: ByteStream, limits: Limits, known: Collection[str]) -> Iterator[Batch]:
    """Yield the records of a delimited file; the delimiter is the one that gives most ``known`` columns.

    Records follow RFC 4180 (quotes doubled inside quotes, line ends LF or CRLF). Lines with another number of
    fields than the header, or a quote that is not closed in time, become faults, and reading resumes at
    the next line.

    Raises
    ------
    BadInput
        If there is no header, or as :func:`ingest.formats.text.blocks` says.
    """
    header: _Header | None = None
    rest, numbers = [], np.empty(0, dtype=np.int64)  # type: list[str], NDArray[np.int64]
    for block in blocks(stream, limits):
        lines = decoded(block)
        if header is None:
            header, lines = _header(lines, stream, known)
            if header is None:
                continue
        text, numbers = rest + lines.text, np.concatenate([numbers, lines.numbers])
        parsed = _parse(text, numbers, header, limits, final=False)
        rest = parsed.rest
        numbers = numbers[len(numbers) - len(rest) :]
        yield Batch(parsed.frame, (*lines.faults, *parsed.faults), stream.position)
    if header is None:
        raise BadInput(f"{stream.path}: the file is empty.", "A table begins with a line of column names.")
    if rest:
        parsed = _parse(rest, numbers, header, limits, final=True)
        yield Batch(parsed.frame, tuple(parsed.faults), stream.position)


def _header(lines: Lines, stream: ByteStream, known: Collection[str]) -> tuple[_Header | None, Lines]:
    """Take the header from the first line that is not blank; None when the block holds no such line."""
    first = next((place for place, line in enumerate(lines.text) if line.strip()), None)
    for fault in lines.faults:
        if first is None or fault.line < int(lines.numbers[first]):
            raise BadInput(
                f"{stream.path}, line {fault.line}: {fault.reason}.", "The file must be a UTF-8 text table."
            )
    if first is None:
        return None, lines
    line = lines.text[first].rstrip("\r")
    if "\r" in line:
        raise BadInput(
            f"{stream.path}, line 1: lines end with a bare carriage return.",
            "Save it with LF or CRLF line ends.",
        )
    best: list[str] = []
    delimiter, most = DELIMITERS[0], (-1, -1)
    for candidate in DELIMITERS:
        names = next(csv.reader([line], delimiter=candidate))
        score = (sum(name.strip().lower() in known for name in names), len(names))
        if score > most:
            best, delimiter, most = names, candidate, score
    header = _Header(column_names(best, stream.path), delimiter)
    return header, Lines(lines.text[first + 1 :], lines.numbers[first + 1 :], lines.faults)


def _parse(
    text: list[str], numbers: NDArray[np.int64], header: _Header, limits: Limits, final: bool
) -> _Parsed:
    if any(_QUOTE in line for line in text):
        return _quoted(text, numbers, header, limits, final)
    return _plain(text, numbers, header)


def _plain(text: list[str], numbers: NDArray[np.int64], header: _Header) -> _Parsed:
    """Split lines without quotes, all at once."""
    lines = pl.DataFrame({"line": pl.Series(text, dtype=pl.String).str.strip_suffix("\r"), LINE: numbers})
    width = len(header.columns)
    lines = lines.filter(pl.col("line") != "").with_columns(
        fields=pl.col("line").str.count_matches(header.delimiter, literal=True) + 1
    )
    right = pl.col("fields") == width
    ragged = lines.filter(~right).select(LINE, "line", "fields").iter_rows()
    faults = [_ragged(number, line, fields, width) for number, line, fields in ragged]
    kept = lines.filter(right) if faults else lines
    frame = (
        kept["line"]
        .str.split_exact(header.delimiter, width - 1)
        .struct.rename_fields(header.columns)
        .struct.unnest()
    )
    return _Parsed(frame.with_columns(kept[LINE]), faults, [])


class _Feed:
    """Hands lines to ``csv.reader``, and stops when one record takes too many of them."""

    def __init__(self, lines: Sequence[str], position: int, limits: Limits) -> None:
        self.lines, self.limits = lines, limits
        self.start = self.position = position
        self.size = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if (
            self.ran_out
            or self.position - self.start >= self.limits.quoted_lines
            or self.size > self.limits.quoted_size
        ):
            raise StopIteration
        line = self.lines[self.position]
        self.position += 1
        self.size += len(line)
        return line + "\n"

    @property
    def ran_out(self) -> bool:
        """Whether there are no further lines."""
        return self.position == len(self.lines)

    def next_record(self) -> None:
        """Note that a record has just ended."""
        self.start, self.size = self.position, 0


def _quoted(
    text: list[str], numbers: NDArray[np.int64], header: _Header, limits: Limits, final: bool
) -> _Parsed:
    """Read lines with quotes by ``csv``; a line that breaks the rules is put aside and reading goes on
    after it."""
    width = len(header.columns)
    records: list[list[str]] = []
    starts: list[int] = []
    faults: list[Fault] = []
    position, rest = 0, len(text)
    while position < rest:
        feed = _Feed(text, position, limits)
        try:
            for record in csv.reader(feed, delimiter=header.delimiter, strict=True):
                if len(record) == width:
                    records.append(record)
                    starts.append(feed.start)
                elif record:
                    faults.append(_ragged(int(numbers[feed.start]), text[feed.start], len(record), width))
                    if feed.position > feed.start + 1:
                        # likelier a stray quote than a record: the lines it took may be good ones
                        feed.position = feed.start + 1
                        break
                feed.next_record()
            position = feed.position
        except csv.Error as error:
            unfinished = "unexpected end" in str(error)
            if unfinished and feed.ran_out and not final:
                rest = feed.start
                break
            faults.append(Fault(int(numbers[feed.start]), "", text[feed.start], _reason(str(error), limits)))
            position = feed.start + 1
    columns = zip(*records, strict=True) if records else [()] * width
    frame = pl.DataFrame(
        {
            name: pl.Series(values, dtype=pl.String)
            for name, values in zip(header.columns, columns, strict=True)
        }
    )
    return _Parsed(frame.with_columns(pl.Series(LINE, numbers[starts], dtype=pl.Int64)), faults, text[rest:])


def _ragged(line: int, text: str, fields: int, width: int) -> Fault:
    return Fault(line, "", text, f"has {fields} fields, the header has {width}")


def _reason(error: str, limits: Limits) -> str:
    if "unexpected end" in error:
        within = f"{limits.quoted_lines:,} lines"
        return f"a quote is opened and not closed within {within}; double quotes inside a quoted field"
    if "expected after" in error:
        return "text follows a closing quote; double quotes inside a quoted field"
    if "new-line character" in error:
        return "a bare carriage return outside quotes"
    return f"not CSV: {error}"
