"""Staged graph to Neo4j over Bolt: what is new is created, what differs is changed, the rest is left alone.

Digests are compared first, so that loading can be repeated, or taken up again after it was cut off, at little cost, and
what is new and changed is counted exactly. Digests of a data set that is large beside the store are read in one go; the
server compares what they leave open, and all of a small one, and answers with what stands there. Only properties that
differ are written, and nothing is ever deleted. Rows travel as lists of values without their keys.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any, Protocol, TypeVar

import polars as pl
from neo4j.spatial import WGS84Point

from graphsvc.model.errors import Conflict
from graphsvc.model.graph import Label, Property, Type
from graphsvc.model.progress import SILENT, Advance, Progress
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

READ_FOR = 4
"""Stored nodes or relationships worth reading for each that is to be loaded: looking one up costs so much more."""

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
            count = store.read("load/count_nodes", {"LABEL": label})[0]["count"]
            nodes = _Nodes(store, label, staged.load_id)
            known = _stored(store, "load/stored_nodes", nodes.slots, count, staged.height(label))
            loaded.nodes[label] = _brought(nodes, known, staged.iter_nodes(label), advance)
        counts = {
            rel: store.read("load/count_relationships", {"TYPE": rel})[0]["count"]
            for rel in sorted({kind.type for kind in staged.kinds})
        }
        for kind in staged.kinds:
            statements = _Relationships(store, kind, staged.load_id)
            known = _stored(
                store, "load/stored_relationships", statements.slots, counts[kind.type], staged.height(kind)
            )
            # neighbours in the store are written together
            frames = (rows.sort("start", "end") for rows in staged.iter_relationships(kind))
            loaded.relationships[kind] = _brought(statements, known, frames, advance)
        if loaded.new or loaded.changed:
            store.refresh_statistics()
    return loaded


class _Loader(Protocol):
    """Loads batches of one label or kind."""

    def create(self, rows: pl.DataFrame) -> Tally:
        """Add what is known not to be in the store."""

    def compare(self, rows: pl.DataFrame) -> Tally:
        """Let the server compare; add what is missing, change what differs."""


def _brought(loader: _Loader, known: _Stored, frames: Iterable[pl.DataFrame], advance: Advance) -> Tally:
    """Load frames in batches, ``WORKERS`` at a time, holding no more batches than that twice."""
    tally = Tally()
    with ThreadPoolExecutor(WORKERS) as pool:
        waiting: list[tuple[int, Future[Tally]]] = []
        for rows in frames:
            new, unsure = known.split(rows)
            advance(rows.height - new.height - unsure.height)
            for work, left in ((loader.create, new), (loader.compare, unsure)):
                for part in left.iter_slices(BATCH):
                    waiting.append((part.height, pool.submit(work, part)))
                    if len(waiting) > 2 * WORKERS:
                        height, done = waiting.pop(0)
                        tally += done.result()
                        advance(height)
        for height, done in waiting:
            tally += done.result()
            advance(height)
    return tally


@dataclass(frozen=True)
class _Stored:
    """Hashes of the ids that the store holds, and of ids with digests; both None where they were not read.

    Memory is sixteen bytes for each. They are hashed with a seed of this load: what falls together by accident (one
    load in 200,000, at ten million rows) does not the next time.
    """

    ids: pl.Series | None
    contents: pl.Series | None
    seed: int

    def split(self, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return the rows that the store lacks, and those that the server must compare; the others are in it."""
        if self.ids is None or self.contents is None:
            return rows.clear(), rows
        rows = rows.filter(~rows.select("id", "digest").hash_rows(self.seed).is_in(self.contents.implode()))
        there = rows.select("id").hash_rows(self.seed).is_in(self.ids.implode())
        return rows.filter(~there), rows.filter(there)


def _stored(store: Store, name: str, slots: Slots, stored: int, staged: int) -> _Stored:
    """Read what the store holds, if that is little beside what is to be loaded."""
    seed = secrets.randbits(63)
    if stored > READ_FOR * staged:
        return _Stored(None, None, seed)
    schema = pl.Schema({"id": pl.String, "digest": pl.String})
    found = store.packed(name, schema, slots) if stored else pl.DataFrame(schema=schema)
    return _Stored(found.select("id").hash_rows(seed), found.hash_rows(seed), seed)


@dataclass(frozen=True)
class _Nodes:
    """Loads nodes of one label."""

    store: Store
    label: Label
    load_id: str

    def create(self, rows: pl.DataFrame) -> Tally:
        self._write("load/create_nodes", rows, self.properties)
        return Tally(rows.height, 0, rows["service"].count() if "service" in rows.columns else 0)

    def compare(self, rows: pl.DataFrame) -> Tally:
        keys = {f"{name}s": rows[name].to_list() for name in ("id", "digest")}
        found = self.store.read("load/compare_nodes", self.slots, **keys)[0]["found"]
        new, differing, stored = _split(rows, found, node_schema(self.label))
        created = self.create(new)
        changed = _really(onto_stored, differing, stored, self.label)
        self._write("load/change_nodes", changed, _moved(changed, stored, self.properties), _ELEMENT)
        renamed = _renamed(changed, stored) if "service" in rows.columns else 0
        return created + Tally(0, changed.height, renamed)

    @property
    def slots(self) -> Slots:
        return {"LABEL": self.label}

    @property
    def properties(self) -> tuple[Property, ...]:
        return (*node_properties(self.label), _DIGEST)

    def _write(
        self, statement: str, rows: pl.DataFrame, properties: tuple[Property, ...], *more: Property
    ) -> None:
        if not rows.is_empty():
            slots: Slots = {**self.slots, "PROPERTIES": properties}
            self.store.write(statement, slots, rows=values(rows, (*properties, *more)), loadId=self.load_id)


@dataclass(frozen=True)
class _Relationships:
    """Loads relationships of one kind.

    While one batch is written, others are compared: two that write at once lock each other's nodes, and one of them
    starts again a second later.
    """

    store: Store
    kind: Kind
    load_id: str
    writing: Lock = field(default_factory=Lock)

    def create(self, rows: pl.DataFrame) -> Tally:
        made = self._write("load/create_relationships", rows, self.properties, _START, _END)
        if made and made[0]["count"] != rows.height:
            raise Conflict(
                f"{rows.height - made[0]['count']:,} {self.kind.type} relationships have lost a "
                f"{self.kind.start} or {self.kind.end}: the store was changed while loading.",
                "Load again.",
            )
        return Tally(rows.height)

    def compare(self, rows: pl.DataFrame) -> Tally:
        keys = {f"{name}s": rows[name].to_list() for name in ("start", "end", "id", "digest")}
        found = self.store.read("load/compare_relationships", self.slots, **keys)[0]["found"]
        schema = pl.Schema({"id": pl.String(), **relationship_schema(self.kind.type)})
        new, differing, stored = _split(rows, found, schema)
        created = self.create(new)
        changed = _really(onto_stored_relationships, differing, stored, self.kind)
        self._write("load/change_relationships", changed, _moved(changed, stored, self.properties), _ELEMENT)
        return created + Tally(0, changed.height)

    @property
    def slots(self) -> Slots:
        return {"TYPE": self.kind.type, "START": self.kind.start, "END": self.kind.end}

    @property
    def properties(self) -> tuple[Property, ...]:
        return (_ID, *relationship_properties(self.kind.type), _DIGEST)

    def _write(
        self, statement: str, rows: pl.DataFrame, properties: tuple[Property, ...], *more: Property
    ) -> list[dict[str, Any]]:
        if rows.is_empty():
            return []
        slots: Slots = {**self.slots, "PROPERTIES": properties}
        packed = values(rows, (*properties, *more))
        with self.writing:
            return self.store.write(statement, slots, rows=packed, loadId=self.load_id)


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


def _moved(
    changed: pl.DataFrame, stored: pl.DataFrame, properties: tuple[Property, ...]
) -> tuple[Property, ...]:
    """Return the properties in which any of the rows differs from what is stored: the others need no writing."""
    there = changed.select("id").join(stored, on="id", maintain_order="left")
    return tuple(of for of in properties if changed[of.name].ne_missing(there[of.name]).any())


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
