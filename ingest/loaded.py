"""What a load came to, and the Load node that tells of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from graphsvc.model.graph import Label
from graphsvc.store.driver import Store
from ingest.frames import Kind


@dataclass(frozen=True)
class Tally:
    """What loading some rows came to; ``services`` are new or renamed public services among them."""

    new: int = 0
    changed: int = 0
    services: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.new + other.new, self.changed + other.changed, self.services + other.services)


@dataclass
class Loaded:
    """What a load came to, by node label and kind of relationship."""

    load_id: str
    nodes: dict[Label, Tally] = field(default_factory=dict)
    relationships: dict[Kind, Tally] = field(default_factory=dict)

    @property
    def new(self) -> int:
        """Nodes and relationships created."""
        return sum(tally.new for tally in (*self.nodes.values(), *self.relationships.values()))

    @property
    def changed(self) -> int:
        """Nodes and relationships changed."""
        return sum(tally.changed for tally in (*self.nodes.values(), *self.relationships.values()))


def record(
    store: Store,
    load_id: str,
    paths: Sequence[Path],
    finished: bool = False,
    counts: Mapping[str, object] | None = None,
) -> None:
    """Write the Load node: when a load began and, the first time it came to its end, when that was and its
    counts."""
    now = dt.datetime.now(dt.UTC)
    store.write(
        "load/record",
        id=load_id,
        title=f"Load {load_id}",
        started=now,
        finished=now if finished else None,
        paths=[str(path) for path in paths],
        counts=orjson.dumps(counts).decode() if counts is not None else None,
    )
