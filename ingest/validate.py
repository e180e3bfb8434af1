"""The contract of the tables, column by column and all rows at once: good rows go on, bad ones are told
why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import orjson
import polars as pl

from graphsvc.model.tables import BY_NAME, COMMON, Column, Kind
from ingest.formats.batch import LINE, Batch
from ingest.rejects import ACCOUNT_COLUMNS, REJECTS, masked, of_faults, shown
from ingest.sources import Source

LONGEST = 2_000
"""Characters a cell may have: the store's indexes hold keys of 8 kB, and no identifier is longer."""

_BLANK = " \t\n\r\x0b\x0c\u00a0\u2000\u2001\u2002\u2003\u2009\u200b\u3000\ufeff"
_CONTROL = r"[\x00-\x1f\x7f-\x9f]"
_BREAKS = r"[\t\n\r\x0b\x0c\x85]+"
_DATE = (
    r"^(\d{4}-\d{2}-\d{2}|\d{8})"
    r"([T ]\d{2}:?\d{2}(:?\d{2}([.,]\d+)?)?( ?(Z|[+-]\d{2}(:?\d{2})?))?)?$"
)
_INTEGER = r"^[+-]?\d+(\.0*)?$"
_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$"
_EARLIEST, _LATEST = pl.date(1000, 1, 1), pl.date(9999, 12, 31)


@dataclass(frozen=True)
class Validated:
    """Rows that keep the rules, typed, with every column of the contract, ``extra`` and ``LINE``; and the
    rejects.

    ``unknown`` are the columns the contract does not know.
    """

    rows: pl.DataFrame
    rejects: pl.DataFrame
    unknown: tuple[str, ...]


@dataclass(frozen=True)
class _Read:
    """A column as read: the values, and per row the reason why there is none (null: there is none, or all
    is well)."""

    values: pl.Series
    reasons: pl.Series | None


def validate(batch: Batch, source: Source) -> Validated:
    """Type a batch of text columns by the table's contract.

    Text is trimmed, and line breaks and tabs inside become one space; empty means unknown. A row with any
    bad value is rejected whole, and each of its bad values is told.
    """
    table = BY_NAME[source.table]
    columns = (*table.columns, *COMMON)
    frame = batch.frame
    known = {column.name for column in columns}
    unknown = tuple(name for name in frame.columns if name not in known and name != LINE)
    read = {column.name: _column(frame, column) for column in columns}
    bad = [
        _rejects(source, frame, name, one.reasons) for name, one in read.items() if one.reasons is not None
    ]
    rejects = pl.concat([of_faults(source.table, source.path, batch.faults), *bad])
    rows = pl.DataFrame([frame[LINE], *(one.values.alias(name) for name, one in read.items())])
    rows = rows.with_columns(_extra(frame, unknown, source.table))
    if bad:
        rows = rows.filter(~pl.col(LINE).is_in(pl.concat(bad)["line"].implode()))
    return Validated(rows, rejects, unknown)


def _column(frame: pl.DataFrame, column: Column) -> _Read:
    if column.name not in frame.columns:
        return _Read(pl.Series(column.name, [None] * frame.height, dtype=_TYPES[column.kind]), None)
    raw = frame[column.name].str.strip_chars(_BLANK)
    raw = raw.set(raw == "", None)
    raw, wrong = _cleaned(raw, column.required)
    read = _READERS[column.kind](raw, column)
    checks = [wrong, _longer(raw), read.reasons]
    if column.required and raw.null_count():
        checks.append(_reason(raw.is_null(), "is missing"))
    found = [check for check in checks if check is not None]
    if not found:
        return read
    reasons = pl.select(pl.coalesce(found)).to_series()
    return _Read(read.values, reasons if reasons.null_count() < len(reasons) else None)


def _cleaned(raw: pl.Series, required: bool) -> tuple[pl.Series, pl.Series | None]:
    """Replace line breaks by spaces; drop other control characters, or refuse them in what rows are known
    by."""
    if not raw.str.contains(_CONTROL).any():
        return raw, None
    raw = raw.str.replace_all(_BREAKS, " ")
    dirty = raw.str.contains(_CONTROL)
    if required:
        return raw, _reason(dirty, "holds a control character")
    clean = raw.str.replace_all(_CONTROL, "").str.strip_chars(_BLANK)
    return clean.set(clean == "", None), None


def _longer(raw: pl.Series) -> pl.Series | None:
    long = raw.str.len_bytes() > LONGEST
    if not long.any():
        return None
    return _reason(raw.str.len_chars() > LONGEST, f"is longer than {LONGEST:,} characters")


def _reason(where: pl.Series, text: str) -> pl.Series:
    return pl.select(pl.when(where).then(pl.lit(text))).to_series()


def _text(raw: pl.Series, column: Column) -> _Read:
    return _Read(raw, None)


def _date(raw: pl.Series, column: Column) -> _Read:
    shaped = raw.str.contains(_DATE)
    digits = raw.str.replace_all("-", "", literal=True).str.head(8)
    dates = digits.set(~shaped, None).str.to_date("%Y%m%d", strict=False)
    dates = pl.select(pl.when(pl.lit(dates).is_between(_EARLIEST, _LATEST)).then(dates)).to_series()
    return _checked(raw, dates, "is not a date (ISO 8601: YYYY-MM-DD)")


def _integer(raw: pl.Series, column: Column) -> _Read:
    plain = _ascii(raw)
    whole = plain.set(~plain.str.contains(_INTEGER), None).str.replace(r"\.0*$", "").str.strip_prefix("+")
    return _bounded(raw, whole.cast(pl.Int64, strict=False), column, "is not a whole number")


def _number(raw: pl.Series, column: Column) -> _Read:
    plain = _ascii(raw)
    number = (
        plain.set(~plain.str.contains(_NUMBER), None).str.strip_prefix("+").cast(pl.Float64, strict=False)
    )
    number = number.set(number.is_infinite(), None)
    return _bounded(raw, number, column, "is not a number (decimal point, no thousands separators)")


def _choice(raw: pl.Series, column: Column) -> _Read:
    chosen = raw.str.to_lowercase()
    chosen = chosen.set(~chosen.is_in(column.choices), None)
    return _checked(raw, chosen, f"is none of {', '.join(column.choices)}")


def _ascii(raw: pl.Series) -> pl.Series:
    """Return full-width digits and signs as plain ones."""
    return raw.str.normalize("NFKC") if raw.str.contains(r"[^\x00-\x7f]").any() else raw


def _checked(raw: pl.Series, values: pl.Series, text: str) -> _Read:
    failed = raw.is_not_null() & values.is_null()
    return _Read(values, _reason(failed, text) if failed.any() else None)


def _bounded(raw: pl.Series, values: pl.Series, column: Column, text: str) -> _Read:
    read = _checked(raw, values, text)
    reasons = [] if read.reasons is None else [read.reasons]
    if column.minimum is not None and (low := values < column.minimum).any():
        reasons.append(_reason(low, f"is below {column.minimum:g}"))
    if column.maximum is not None and (high := values > column.maximum).any():
        reasons.append(_reason(high, f"is above {column.maximum:g}"))
    return _Read(values, pl.select(pl.coalesce(reasons)).to_series() if reasons else None)


_TYPES = {
    Kind.TEXT: pl.String,
    Kind.DATE: pl.Date,
    Kind.INTEGER: pl.Int64,
    Kind.NUMBER: pl.Float64,
    Kind.CHOICE: pl.String,
}
_READERS: dict[Kind, Callable[[pl.Series, Column], _Read]] = {
    Kind.TEXT: _text,
    Kind.DATE: _date,
    Kind.INTEGER: _integer,
    Kind.NUMBER: _number,
    Kind.CHOICE: _choice,
}


def _rejects(source: Source, frame: pl.DataFrame, name: str, reasons: pl.Series) -> pl.DataFrame:
    bad = pl.DataFrame([frame[LINE].alias("line"), frame[name].alias("value"), reasons.alias("reason")])
    value = masked(pl.col("value")) if (source.table, name) in ACCOUNT_COLUMNS else shown(pl.col("value"))
    return (
        bad.filter(pl.col("reason").is_not_null())
        .select(
            table=pl.lit(source.table),
            file=pl.lit(str(source.path)),
            line="line",
            column=pl.lit(name),
            value=value.fill_null(""),
            reason="reason",
        )
        .cast(REJECTS)
    )


def _extra(frame: pl.DataFrame, unknown: tuple[str, ...], table: str) -> pl.Series:
    """Return the unknown columns of each row as one JSON object; account numbers must not survive in it."""
    if not unknown:
        return pl.Series("extra", [None] * frame.height, dtype=pl.String)
    accounts = next((name for of, name in ACCOUNT_COLUMNS if of == table and name in frame.columns), None)
    secrets = frame[accounts].to_list() if accounts else [None] * frame.height
    rows = zip(secrets, frame.select(unknown).iter_rows(), strict=True)
    return pl.Series("extra", [_json(unknown, cells, secret) for secret, cells in rows], dtype=pl.String)


def _json(names: tuple[str, ...], cells: tuple[str | None, ...], secret: str | None) -> str | None:
    kept = {name: cell.strip() for name, cell in zip(names, cells, strict=True) if cell and cell.strip()}
    if secret and (bare := secret.strip()):
        kept = {name: cell.replace(bare, "•••") for name, cell in kept.items()}
    return orjson.dumps(kept, option=orjson.OPT_SORT_KEYS).decode() if kept else None
