"""Staged graph to Neo4j over Bolt: what is new is created, what differs is changed, the rest is left alone.

Digests are compared first, so that loading can be repeated, or taken up again after it was cut off, at little cost, and
what is new and changed is counted exactly. The server compares batch by batch and answers only with what is missing or
differs. Nothing is ever deleted. Rows travel as lists of values without their keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import polars as pl
from neo4j.spatial import WGS84Point

from graphsvc.model.errors import Conflict
from graphsvc.model.graph import Label, Property, Type
from graphsvc.model.progress import SILENT, Progress
from graphsvc.store.driver import Slots, Store
from ingest.frames import (
    Kind,
    node_properties,
    node_schema,
    relationship_properties,
    relationship_schema,
)
from ingest.loaded import Loaded, Tally, record
from ingest.merging import onto_stored, onto_stored_relationships
from ingest.staged import Staged

BATCH = 2_500
"""Rows a transaction: the server's work per row grows with what a transaction holds."""
WORKERS = 2
"""Batches under way at once: while the server works on one, the next is made ready."""

_ID, _DIGEST, _START, _END, _ELEMENT = (
    Property(name, Type.STRING) for name in ("id", "digest", "start", "end", "element")
)
What = TypeVar("What", Label, Kind)


def load(staged: Staged, store: Store, progress: Progress = SILENT, paths: Sequence[Path] = ()) -> Loaded:
    """Bring the store up to what was staged.

    Parameters
    ----------
    staged : Staged
        What to load.
    store : Store
        Where to; its schema must be in place (:func:`graphsvc.store.schema.apply`).
    progress : Progress
        Told rows.
    paths : sequence of Path
        Where the data came from, for the Load node.

    Returns
    -------
    Loaded
        Exact counts of what this call created and changed.

    Raises
    ------
    StoreUnavailable
        If the server goes away; what was loaded stays, and loading again completes it.
    """
    loaded = Loaded(staged.load_id)
    record(store, staged.load_id, paths)
    total = staged.merge(progress)
    with progress.step("Loading into Neo4j", total) as advance:
        for label in staged.labels:
            stored = store.read("load/count_nodes", {"LABEL": label})[0]["count"]
            nodes = _Nodes(store, label, staged.load_id, fresh=stored == 0)
            loaded.nodes[label] = Tally()
            for rows, tally in _batches(nodes.load, staged.iter_nodes(label)):
                loaded.nodes[label] += tally
                advance(rows)
        counts = {
            rel: store.read("load/count_relationships", {"TYPE": rel})[0]["count"]
            for rel in sorted({kind.type for kind in staged.kinds})
        }
        for kind in staged.kinds:
            stored = counts[kind.type]
            statements = _Relationships(store, kind, staged.load_id, fresh=stored == 0)
            loaded.relationships[kind] = Tally()
            # neighbours in the store are written together
            frames = (rows.sort("start", "end") for rows in staged.iter_relationships(kind))
            for rows, tally in _batches(statements.load, frames):
                loaded.relationships[kind] += tally
                advance(rows)
    return loaded


def _batches(
    work: Callable[[pl.DataFrame], Tally], frames: Iterable[pl.DataFrame]
) -> Iterator[tuple[int, Tally]]:
    """Run ``work`` on slices of the frames, ``WORKERS`` at a time, holding no more slices than that twice."""
    with ThreadPoolExecutor(WORKERS) as pool:
        waiting: list[tuple[int, Any]] = []
        for rows in frames:
            for part in rows.iter_slices(BATCH):
                waiting.append((part.height, pool.submit(work, part)))
                if len(waiting) > 2 * WORKERS:
                    height, done = waiting.pop(0)
                    yield height, done.result()
        for height, done in waiting:
            yield height, done.result()


@dataclass(frozen=True)
class _Nodes:
    """Loads nodes of one label; ``fresh`` if the store had none, so that nothing need be compared."""

    store: Store
    label: Label
    load_id: str
    fresh: bool

    def load(self, rows: pl.DataFrame) -> Tally:
        new, differing, stored = rows, rows.clear(), rows.clear()
        if not self.fresh:
            keys = {f"{name}s": rows[name].to_list() for name in ("id", "digest")}
            found = self.store.read("load/compare_nodes", self.slots, **keys)[0]["found"]
            new, differing, stored = _split(rows, found, node_schema(self.label))
        self._write("load/create_nodes", new, ())
        changed = _really(onto_stored, differing, stored, self.label)
        self._write("load/change_nodes", changed, (_ELEMENT,))
        services = 0
        if "service" in rows.columns:
            services = new["service"].count() + _renamed(changed, stored)
        return Tally(new.height, changed.height, services)

    @property
    def slots(self) -> Slots:
        return {"LABEL": self.label}

    def _write(self, statement: str, rows: pl.DataFrame, more: tuple[Property, ...]) -> None:
        if not rows.is_empty():
            properties = (*node_properties(self.label), _DIGEST)
            slots: Slots = {**self.slots, "PROPERTIES": properties}
            self.store.write(statement, slots, rows=values(rows, (*properties, *more)), loadId=self.load_id)


@dataclass(frozen=True)
class _Relationships:
    """Loads relationships of one kind; ``fresh`` if the store had none of the type."""

    store: Store
    kind: Kind
    load_id: str
    fresh: bool

    def load(self, rows: pl.DataFrame) -> Tally:
        new, differing, stored = rows, rows.clear(), rows.clear()
        if not self.fresh:
            keys = {f"{name}s": rows[name].to_list() for name in ("start", "end", "id", "digest")}
            found = self.store.read("load/compare_relationships", self.slots, **keys)[0]["found"]
            schema = pl.Schema({"id": pl.String(), **relationship_schema(self.kind.type)})
            new, differing, stored = _split(rows, found, schema)
        made = self._write("load/create_relationships", new, (_START, _END))
        if made and made[0]["count"] != new.height:
            raise Conflict(
                f"{new.height - made[0]['count']:,} {self.kind.type} relationships have lost a "
                f"{self.kind.start} or {self.kind.end}: the store was changed while loading.",
                "Load again.",
            )
        changed = _really(onto_stored_relationships, differing, stored, self.kind)
        self._write("load/change_relationships", changed, (_ELEMENT,))
        return Tally(new.height, changed.height)

    @property
    def slots(self) -> Slots:
        return {"TYPE": self.kind.type, "START": self.kind.start, "END": self.kind.end}

    def _write(self, statement: str, rows: pl.DataFrame, more: tuple[Property, ...]) -> list[dict[str, Any]]:
        if rows.is_empty():
            return []
        properties = (_ID, *relationship_properties(self.kind.type), _DIGEST)
        slots: Slots = {**self.slots, "PROPERTIES": properties}
        return self.store.write(
            statement, slots, rows=values(rows, (*properties, *more)), loadId=self.load_id
        )


def _split(
    rows: pl.DataFrame, found: Sequence[Sequence[Any]], schema: pl.Schema
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return the rows that are not in the store, those that are there with another digest, and what stands there."""
    new = pl.Series([place for place, element, _ in found if element is None], dtype=pl.UInt32)
    there = [(place, element, stored) for place, element, stored in found if element is not None]
    differing = pl.Series([place for place, _, _ in there], dtype=pl.UInt32)
    return (
        rows[new],
        rows[differing],
        _frame([{**stored, "element": element} for _, element, stored in there], schema),
    )


def _really(
    onto: Callable[[pl.DataFrame, pl.DataFrame, What], pl.DataFrame],
    differing: pl.DataFrame,
    stored: pl.DataFrame,
    what: What,
) -> pl.DataFrame:
    """Return the rows that still differ once they are merged onto what is stored, with their ``element``."""
    if differing.is_empty():
        return differing
    before = stored.select("id", "element", pl.col("digest").alias("before"))
    merged = onto(differing, stored, what).join(before, on="id", maintain_order="left")
    return merged.filter(pl.col("digest").ne_missing(pl.col("before"))).drop("before")


def _renamed(changed: pl.DataFrame, stored: pl.DataFrame) -> int:
    """Count the public services that got a name, or another one."""
    if changed.is_empty():
        return 0
    both = changed.select("id", "service").join(stored.select("id", "service"), on="id", suffix="#stored")
    return both.filter(pl.col("service").ne_missing(pl.col("service#stored"))).height


def values(rows: pl.DataFrame, properties: Sequence[Property]) -> list[tuple[Any, ...]]:
    """Return rows as they go to the server, in the order of ``properties``; the slot ``PROPERTIES`` reads them.

    Dates travel as text, which costs less to pack, and points as longitude and latitude.
    """
    return rows.select([_sent(of) for of in properties]).rows()


def _sent(of: Property) -> pl.Expr:
    column = pl.col(of.name)
    if of.type is Type.POINT:
        return pl.concat_list(column.struct.field("longitude"), column.struct.field("latitude")).alias(
            of.name
        )
    if of.type is Type.DATE:
        return column.cast(pl.String)
    return column.dt.to_string("iso:strict") if of.type is Type.DATETIME else column


def _frame(stored: Iterable[Mapping[str, Any]], schema: pl.Schema) -> pl.DataFrame:
    """Return stored property maps as columns, with digest and element id; what staging does not know is left out."""
    known = pl.Schema({**schema, "digest": pl.String(), "element": pl.String()})
    columns: dict[str, list[Any]] = {name: [] for name in known}
    for row in stored:
        for name, found in columns.items():
            found.append(_plain(row.get(name)))
    return pl.DataFrame(columns, schema=known)


def _plain(value: Any) -> Any:
    if hasattr(value, "to_native"):
        return value.to_native()
    if isinstance(value, WGS84Point):
        return {"latitude": value.latitude, "longitude": value.longitude}
    return value
