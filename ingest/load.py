"""Staged graph to Neo4j over Bolt: what is new is created, what differs is changed, the rest is left alone.

Every batch is compared with the store by digests first, so that loading can be repeated, or taken up again
after it was cut off, and what is new and changed is counted exactly. Nothing is ever deleted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from neo4j.spatial import WGS84Point

from graphsvc.model.errors import Conflict
from graphsvc.model.graph import Label
from graphsvc.model.progress import SILENT, Progress
from graphsvc.store.driver import Slots, Store
from ingest.frames import POINT, Kind, node_schema, relationship_schema
from ingest.loaded import Loaded, Tally, record
from ingest.merging import onto_stored, onto_stored_relationships
from ingest.staged import Staged

BATCH = 10_000
"""Rows a transaction: larger ones gain little and hold more of the server's memory."""
WORKERS = 2
"""Batches under way at once: while the server works on one, the next is made ready."""

_DIGEST = {"digest": pl.String(), "loadId": pl.String()}


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
            fresh = store.read("load/count_nodes", {"LABEL": label})[0]["count"] == 0
            nodes = _Nodes(store, label, staged.load_id, fresh)
            loaded.nodes[label] = Tally()
            for rows, tally in _batches(nodes.load, staged.iter_nodes(label)):
                loaded.nodes[label] += tally
                advance(rows)
        empty = {
            rel: store.read("load/count_relationships", {"TYPE": rel})[0]["count"] == 0
            for rel in sorted({kind.type for kind in staged.kinds})
        }
        for kind in staged.kinds:
            statements = _Relationships(store, kind, staged.load_id, empty[kind.type])
            loaded.relationships[kind] = Tally()
            # neighbours in the store are written together
            frames = (rows.sort("start", "end") for rows in staged.iter_relationships(kind))
            for rows, tally in _batches(statements.load, frames):
                loaded.relationships[kind] += tally
                advance(rows)
    return loaded


def _batches(work: Any, frames: Iterable[pl.DataFrame]) -> Iterator[tuple[int, Tally]]:
    """Run ``work`` on slices of the frames, ``WORKERS`` at a time, holding no more slices than that twice."""
    with ThreadPoolExecutor(WORKERS) as pool:
        waiting: list[tuple[int, Any]] = []
        for rows in frames:
            for part in rows.iter_slices(BATCH):
                waiting.append((part.height, pool.submit(work, part)))
                if len(waiting) > WORKERS:
                    height, done = waiting.pop(0)
                    yield height, done.result()
        for height, done in waiting:
            yield height, done.result()


@dataclass(frozen=True)
class _Nodes:
    """Loads nodes of one label; ``fresh`` if the store had none, so that nothing need be looked up."""

    store: Store
    label: Label
    load_id: str
    fresh: bool

    def load(self, rows: pl.DataFrame) -> Tally:
        slots: Slots = {"LABEL": self.label}
        found = (
            {}
            if self.fresh
            else _digests(self.store.read("load/node_digests", slots, ids=rows["id"].to_list()))
        )
        new, differing = _split(rows, found)
        if not new.is_empty():
            self.store.write("load/create_nodes", slots, rows=properties(new, self.load_id))
        changed, services = self._changed(differing, found)
        if not changed.is_empty():
            self.store.write("load/change_nodes", slots, rows=properties(changed, self.load_id))
        named = new["service"].count() if "service" in new.columns else 0
        return Tally(new.height, changed.height, named + services)

    def _changed(self, differing: pl.DataFrame, found: Mapping[str, str | None]) -> tuple[pl.DataFrame, int]:
        if differing.is_empty():
            return differing, 0
        answer = self.store.read("load/stored_nodes", {"LABEL": self.label}, ids=differing["id"].to_list())
        stored = _frame([row["properties"] for row in answer], node_schema(self.label))
        changed = _really(onto_stored(differing, stored, self.label), found)
        if "service" not in changed.columns:
            return changed, 0
        before = changed.select("id", "service").join(
            stored.select("id", "service"), on="id", suffix="#stored"
        )
        return changed, before.filter(pl.col("service").ne_missing(pl.col("service#stored"))).height


@dataclass(frozen=True)
class _Relationships:
    """Loads relationships of one kind; ``fresh`` if the store had none of the type."""

    store: Store
    kind: Kind
    load_id: str
    fresh: bool

    def load(self, rows: pl.DataFrame) -> Tally:
        slots: Slots = {"TYPE": self.kind.type, "START": self.kind.start, "END": self.kind.end}
        found = (
            {}
            if self.fresh
            else _digests(self.store.read("load/relationship_digests", slots, rows=_keys(rows)))
        )
        new, differing = _split(rows, found)
        if not new.is_empty():
            made = self.store.write("load/create_relationships", slots, rows=_statements(new, self.load_id))[
                0
            ]["count"]
            if made != new.height:
                raise Conflict(
                    f"{new.height - made:,} {self.kind.type} relationships have lost a {self.kind.start} "
                    f"or {self.kind.end}: "
                    "the store was changed while loading.",
                    "Load again.",
                )
        changed = self._changed(differing, found, slots)
        if not changed.is_empty():
            self.store.write("load/change_relationships", slots, rows=_statements(changed, self.load_id))
        return Tally(new.height, changed.height)

    def _changed(
        self, differing: pl.DataFrame, found: Mapping[str, str | None], slots: Slots
    ) -> pl.DataFrame:
        if differing.is_empty():
            return differing
        answer = self.store.read("load/stored_relationships", slots, rows=_keys(differing))
        schema = pl.Schema({"id": pl.String(), **relationship_schema(self.kind.type)})
        stored = _frame([row["properties"] for row in answer], schema)
        return _really(onto_stored_relationships(differing, stored, self.kind), found)


def _digests(rows: Iterable[Mapping[str, Any]]) -> dict[str, str | None]:
    return {row["id"]: row["digest"] for row in rows}


def _split(rows: pl.DataFrame, found: Mapping[str, str | None]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows that are not in the store, and those that are there with another digest."""
    if not found:
        return rows, rows.clear()
    there = rows["id"].is_in(list(found))
    same = pl.Series(
        [found.get(i) == d for i, d in rows.select("id", "digest").iter_rows()], dtype=pl.Boolean
    )
    return rows.filter(~there), rows.filter(there & ~same)


def _really(merged: pl.DataFrame, found: Mapping[str, str | None]) -> pl.DataFrame:
    """Return the rows that still differ once they are merged onto what is stored."""
    same = pl.Series([found[i] == d for i, d in merged.select("id", "digest").iter_rows()], dtype=pl.Boolean)
    return merged.filter(~same)


def properties(rows: pl.DataFrame, load_id: str) -> list[dict[str, Any]]:
    """Return rows as the property maps that go to the server: known values only, points as points, the
    load's id."""
    maps = [{name: value for name, value in row.items() if value is not None} for row in rows.to_dicts()]
    places = [name for name, kind in rows.schema.items() if kind == POINT]
    for row in maps:
        row["loadId"] = load_id
        for name in places:
            if name in row:
                row[name] = WGS84Point((row[name]["longitude"], row[name]["latitude"]))
    return maps


def _statements(rows: pl.DataFrame, load_id: str) -> list[dict[str, Any]]:
    said = properties(rows.drop("start", "end"), load_id)
    ends = rows.select("start", "end").iter_rows()
    return [
        {"start": a, "end": b, "id": p["id"], "properties": p} for (a, b), p in zip(ends, said, strict=True)
    ]


def _keys(rows: pl.DataFrame) -> list[dict[str, Any]]:
    return rows.select("start", "end", "id").to_dicts()


def _frame(stored: Iterable[Mapping[str, Any]], schema: pl.Schema) -> pl.DataFrame:
    """Return stored property maps as columns; what staging does not know is left out."""
    columns: dict[str, list[Any]] = {name: [] for name in schema}
    for row in stored:
        for name, values in columns.items():
            values.append(_plain(row.get(name)))
    return pl.DataFrame(columns, schema=schema)


def _plain(value: Any) -> Any:
    if hasattr(value, "to_native"):
        return value.to_native()
    if isinstance(value, WGS84Point):
        return {"latitude": value.latitude, "longitude": value.longitude}
    return value
