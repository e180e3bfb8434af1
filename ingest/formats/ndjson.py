"""NDJSON: one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import orjson
import polars as pl

from graphsvc.model.errors import BadInput
from ingest.formats.batch import LINE, Batch, Limits, column_names
from ingest.formats.text import ByteStream, blocks, decoded
from ingest.rejects import Fault

# beyond it a float no longer tells neighbouring integers apart: long account numbers would be damaged
_EXACT = 2.0**53


def read(stream: ByteStream, limits: Limits) -> Iterator[Batch]:
    """Yield the objects of an NDJSON file; numbers and booleans become text, nested values JSON, null
    unknown.

    Raises
    ------
    BadInput
        If the file is empty or one JSON array, or as :func:`ingest.formats.text.blocks` says.
    """
    names: dict[str, str] = {}
    empty = True
    for block in blocks(stream, limits):
        lines = decoded(block)
        records: list[dict[str, str | None]] = []
        numbers: list[int] = []
        faults = list(lines.faults)
        for line, number in zip(lines.text, lines.numbers.tolist(), strict=True):
            if not line.strip():
                continue
            if empty and line.lstrip().startswith("["):
                raise BadInput(
                    f"{stream.path}, line {number}: a JSON array.", "Write one object a line (NDJSON)."
                )
            empty = False
            try:
                records.append(_record(line, names, stream))
                numbers.append(number)
            except orjson.JSONDecodeError as error:
                faults.append(Fault(number, "", line, f"not JSON: {error.msg} at character {error.colno}"))
            except ValueError as error:
                faults.append(Fault(number, "", line, f"not a JSON object: {error}"))
        empty = empty and not faults
        yield Batch(_frame(records, numbers), tuple(faults), stream.position)
    if empty:
        raise BadInput(f"{stream.path}: the file is empty.", "Write one JSON object a line.")


def _record(line: str, names: dict[str, str], stream: ByteStream) -> dict[str, str | None]:
    content = orjson.loads(line)
    if not isinstance(content, dict):
        raise ValueError(f"a {type(content).__name__}")
    long = [name for name, value in content.items() if isinstance(value, float) and abs(value) >= _EXACT]
    if long:
        exact = json.loads(line, parse_int=str, parse_float=str)
        content |= {name: exact[name] for name in long}
    if not names.keys() >= content.keys():
        _learn(content, names, stream)
    return {names[key]: _text(value) for key, value in content.items()}


def _learn(content: Mapping[str, object], names: dict[str, str], stream: ByteStream) -> None:
    fresh = [key for key in content if key not in names]
    names |= dict(zip(fresh, column_names(fresh, stream.path), strict=True))


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def _frame(records: list[dict[str, str | None]], numbers: list[int]) -> pl.DataFrame:
    columns = sorted({key for record in records for key in record})
    return pl.DataFrame(
        {name: pl.Series([record.get(name) for record in records], dtype=pl.String) for name in columns}
        | {LINE: pl.Series(numbers, dtype=pl.Int64)}
    )
