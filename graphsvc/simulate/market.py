"""The doors: a market in memory, or written to a folder chunk by chunk."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import polars as pl
import pyarrow.parquet as pq

from graphsvc.model.errors import BadInput
from graphsvc.model.progress import SILENT, Progress
from graphsvc.model.tables import BY_NAME, TABLES, Kind
from graphsvc.simulate import casework, tables, truth
from graphsvc.simulate.options import FORMATS, SimulationOptions
from graphsvc.simulate.plan import Plan, build

CHUNK = 50_000
"""Stores rendered at a time."""
POLARS = {
    Kind.TEXT: pl.String,
    Kind.CHOICE: pl.String,
    Kind.DATE: pl.Date,
    Kind.INTEGER: pl.Int64,
    Kind.NUMBER: pl.Float64,
}
Frames = Iterator[pl.DataFrame]


@dataclass(frozen=True)
class SimulatedMarket:
    """A market in memory: input ``tables`` and ``truth`` frames by file stem, and their options."""

    tables: Mapping[str, pl.DataFrame]
    truth: Mapping[str, pl.DataFrame]
    options: SimulationOptions


@dataclass(frozen=True)
class Manifest:
    """What was written: rows by path relative to ``directory``."""

    directory: Path
    rows: Mapping[str, int]

    def as_dict(self) -> dict[str, Any]:
        """Return the manifest as plain data."""
        return {"directory": str(self.directory), "rows": dict(self.rows)}


def simulate(options: SimulationOptions) -> SimulatedMarket:
    """Make a market in memory; frames are named and typed as the input contract says."""
    plan = build(options)
    made = {name: pl.concat(list(parts)) for name, parts in _tables(plan)}
    return SimulatedMarket(made, truth.frames(plan), options)


def write_market(directory: Path, options: SimulationOptions, progress: Progress = SILENT) -> Manifest:
    """Write a market's tables, and ``truth/`` beside them, to ``directory`` (made if need be).

    Raises
    ------
    BadInput
        When the directory cannot be written.
    """
    rows: dict[str, int] = {}
    try:
        _claim(directory, options)
        with progress.step("drawing the market"):
            plan = build(options)
        for name, parts in _tables(plan):
            path = directory / f"{name}.{options.table_format}"
            total = _chunks(options) if name in CHUNKED else 1
            with progress.step(f"writing {name}", total=total) as advance:
                rows[path.name] = _write(path, parts, options.table_format, advance)
        for name, frame in truth.frames(plan).items():
            frame.write_csv(directory / "truth" / f"{name}.csv")
            rows[f"truth/{name}.csv"] = frame.height
        _note(directory, options, complete=True)
    except OSError as error:
        raise BadInput(
            f"Cannot write the market to {directory}: {error.strerror or error}.",
            "Choose a folder you may write to, with room.",
        ) from error
    return Manifest(directory, rows)


def _claim(directory: Path, options: SimulationOptions) -> None:
    """Mark the folder as ours and unfinished, and take away tables of an earlier market."""
    (directory / "truth").mkdir(parents=True, exist_ok=True)
    _note(directory, options, complete=False)
    for table in TABLES:
        for ending in FORMATS:
            (directory / f"{table.name}.{ending}").unlink(missing_ok=True)


def _note(directory: Path, options: SimulationOptions, complete: bool) -> None:
    note = {**options.as_dict(), "complete": complete}
    text = json.dumps(note, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    (directory / "truth" / "options.json").write_text(text, encoding="utf-8")


def _chunks(options: SimulationOptions) -> int:
    return -(-options.sellers // CHUNK)


CHUNKED: Mapping[str, Callable[[Plan, int, int, int], pl.DataFrame]] = {
    "sellers": tables.sellers,
    "seller_addresses": tables.seller_addresses,
    "payment_accounts": tables.payment_accounts,
    "seller_warehouses": tables.seller_warehouses,
    "listings": tables.listings,
}


def _tables(plan: Plan) -> Iterator[tuple[str, Frames]]:
    """Yield each table in the contract's order; nothing is rendered before it is asked for."""
    operations, outcomes = casework.operations(plan)
    whole: dict[str, Callable[[], pl.DataFrame]] = {
        "warehouses": lambda: tables.warehouses(plan),
        "test_buys": lambda: casework.test_buys(plan),
        "notices": lambda: casework.notices(plan),
        "operations": lambda: operations,
        "outcomes": lambda: outcomes,
        "known_services": lambda: casework.known_services(plan),
        "authorisations": lambda: casework.authorisations(plan),
    }
    for table in TABLES:
        if table.name in CHUNKED:
            if table.name != "listings" or plan.options.listings_per_seller:
                yield table.name, _rendered(plan, table.name)
        else:
            yield table.name, iter([_typed(table.name, whole[table.name]())])


def _rendered(plan: Plan, name: str) -> Frames:
    size = plan.options.sellers
    for chunk, low in enumerate(range(0, size, CHUNK)):
        yield _typed(name, CHUNKED[name](plan, low, min(size, low + CHUNK), chunk))


def _typed(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Put columns in the contract's order and types."""
    order = [
        *(c.name for c in BY_NAME[name].columns if c.name in frame.columns),
        *(c for c in ("source",) if c in frame.columns),
    ]
    kinds = {c.name: POLARS[c.kind] for c in BY_NAME[name].columns}
    return frame.select([pl.col(c).cast(kinds.get(c, pl.String)) for c in order])


class _Sink(Protocol):
    def add(self, frame: pl.DataFrame) -> None: ...

    def close(self) -> None: ...


class _TextSink:
    def __init__(self, path: Path, table_format: str) -> None:
        self._file, self._csv, self._first = path.open("wb"), table_format == "csv", True

    def add(self, frame: pl.DataFrame) -> None:
        if self._csv:
            frame.write_csv(self._file, include_header=self._first)
        else:
            frame.write_ndjson(self._file)
        self._first = False

    def close(self) -> None:
        self._file.close()


class _ParquetSink:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer: Any = None

    def add(self, frame: pl.DataFrame) -> None:
        table = frame.to_arrow()
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._path, table.schema)
        self._writer.write_table(table)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


def _write(path: Path, parts: Frames, table_format: str, advance: Callable[[int], None]) -> int:
    part = path.with_name(path.name + ".part")
    sink: _Sink = _ParquetSink(part) if table_format == "parquet" else _TextSink(part, table_format)
    rows = 0
    try:
        for frame in parts:
            sink.add(frame)
            rows += frame.height
            advance(1)
    finally:
        sink.close()
    part.replace(path)
    return rows
