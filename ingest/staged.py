"""A data set as the graph it describes, on disk: duplicates merged bucket by bucket, each statement once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import polars as pl

from graphsvc.model.errors import BadInput
from graphsvc.model.graph import Label, Rel
from graphsvc.model.market import Market
from graphsvc.model.progress import SILENT, Progress
from ingest import market
from ingest.declared import SELLER
from ingest.frames import OBSERVED, Kind, Parts, node_schema, relationship_schema
from ingest.merging import LASTING, alike_and_not, conflicts, merge_nodes, merge_relationships
from ingest.spill import Spill
from ingest.tables import listings

_AT_ONCE = 2
"""Labels and kinds merged at once: while Python hashes the rows of one, Polars sorts those of the other."""


class Scan(Protocol):
    """What the scan of listings found; see ``graphsvc.scan.kernel.Scan``."""

    @property
    def offers(self) -> pl.DataFrame:
        """Per seller and brand."""

    @property
    def sellers(self) -> pl.DataFrame:
        """Per seller."""

    @property
    def suspects(self) -> pl.DataFrame:
        """Listings worth keeping."""


@dataclass
class TableCount:
    """Rows of one table: read, rejected, and what they came to in the store (new and changed nodes and
    relationships)."""

    table: str
    read: int = 0
    rejected: int = 0


_EXAMPLES = 3
"""Contradicted things that are named."""


class Staged:
    """Validated, normalised rows, merged on demand.

    Attributes
    ----------
    load_id : str
        Follows from the content of the input files.
    counts : dict
        Rows read and rejected by table.
    rejects : Path
        CSV file of what was rejected (schema ``ingest.rejects.REJECTS``).
    problems : list of BadInput
        Tables that could not be read, wholly or from some line on.
    ignored : list of Path
        Files of the folders that are no tables.
    unknown : dict
        Columns the contract does not know, by table.
    conflicts : dict
        How many things (not identifiers) rows describe in contradicting ways, by label; filled as labels
        are merged. ``contradicted`` names the first few.
    """

    def __init__(self, workdir: Path, load_id: str, buckets: int = 1) -> None:
        self.workdir, self.load_id, self.buckets = workdir, load_id, buckets
        self.counts: dict[str, TableCount] = {}
        self.rejects = workdir / "rejects.csv"
        self.problems: list[BadInput] = []
        self.ignored: list[Path] = []
        self.unknown: dict[str, set[str]] = {}
        self.conflicts: dict[Label, int] = {}
        self.contradicted: dict[Label, list[str]] = {}
        self._nodes: dict[Label, Spill] = {}
        self._relationships: dict[Kind, Spill] = {}
        self._candidates: dict[Label, Spill] = {}
        self._listings = Spill(workdir / "listings", ("id",), buckets)
        self._kept = Spill(workdir / "kept", ("id",), buckets)
        self._rows: dict[str, int] = {}
        self._scannable = False

    @property
    def labels(self) -> list[Label]:
        """Labels of the staged nodes, in the model's order."""
        return [label for label in Label if label in self._nodes]

    @property
    def kinds(self) -> list[Kind]:
        """Relationship types with their ends, in the model's order."""
        order = list(Rel)
        return sorted(self._relationships, key=lambda kind: (order.index(kind.type), kind.start, kind.end))

    def add(self, parts: Parts) -> None:
        """Put what a batch says aside."""
        for label, frame in parts.nodes:
            if not frame.is_empty():
                spill = self._nodes.setdefault(
                    label, Spill(self.workdir / "nodes" / label, ("id",), self.buckets)
                )
                spill.add(frame)
                self._rows.pop(label, None)
        for kind, frame in parts.relationships:
            if not frame.is_empty():
                folder = self.workdir / "relationships" / kind.folder
                spill = self._relationships.setdefault(
                    kind, Spill(folder, ("start", "end", "source"), self.buckets)
                )
                spill.add(frame)
                self._rows.pop(kind.folder, None)

        for label, frame in parts.candidates:
            folder = self.workdir / "candidates" / label
            self._candidates.setdefault(label, Spill(folder, ("id",), self.buckets)).add(frame)

    def candidates(self, label: Label) -> pl.DataFrame:
        """Return the identifiers of a label with all that was read of them, each id once, sorted."""
        if label not in self._candidates:
            return pl.DataFrame(schema={"id": pl.String})
        frames = [
            rows.unique().sort(rows.columns, nulls_last=True).unique("id", keep="first", maintain_order=True)
            for rows in self._candidates[label].read()
        ]
        return pl.concat(frames).sort("id") if frames else pl.DataFrame(schema={"id": pl.String})

    def rename(self, label: Label, renamed: pl.DataFrame) -> None:
        """Let nodes of a label (column ``old``) become others of it (``kept``): their relationships go
        over, and known services."""
        if renamed.is_empty():
            return
        other = {"old": renamed["old"], "new": renamed["kept"]}
        kept = pl.col("id").replace(**other)
        service = [name for name in ("service", "source") if name in node_schema(label)]
        for rows in self._restart(self._nodes, label):
            gone = pl.col("id").is_in(renamed["old"].implode())
            parts = Parts()
            if "service" in rows.columns:
                passed = rows.filter(gone & pl.col("service").is_not_null())
                parts.node(label, passed, id=kept, **{name: pl.col(name) for name in service})
            self.add(Parts([(label, rows.filter(~gone)), *parts.nodes]))
        for kind in [kind for kind in self.kinds if label in (kind.start, kind.end)]:
            ends = [
                pl.col(end).replace(**other)
                for end, of in (("start", kind.start), ("end", kind.end))
                if of is label
            ]
            for rows in self._restart(self._relationships, kind):
                self.add(Parts(relationships=[(kind, rows.with_columns(ends))]))

    def _restart(self, spills: dict[Any, Spill], what: Label | Kind) -> Iterator[pl.DataFrame]:
        """Yield all rows of a spill while a new one takes its place."""
        old = spills.pop(what, None)
        if old is not None:
            old.flush()
            yield from old.move(old.folder.with_name(f"{old.folder.name}.before")).read()

    def add_listings(self, rows: pl.DataFrame) -> None:
        """Put listings aside for the scan."""
        self._listings.add(rows)

    def keep_listings(self, rows: pl.DataFrame) -> None:
        """Note listings that test buys or notices name (columns ``SELLER`` and ``listing_id``)."""
        named = rows.select(id=listings.node_id(pl.col(SELLER), pl.col("listing_id"))).drop_nulls().unique()
        self._kept.add(named)

    def merge(self, progress: Progress = SILENT) -> int:
        """Merge everything staged now; return how many nodes and relationships there are."""
        spills: dict[str, Label | Kind] = {label: label for label in self.labels}
        spills |= {kind.folder: kind for kind in self.kinds}
        with progress.step("Merging", len(spills)) as advance, ThreadPoolExecutor(_AT_ONCE) as pool:
            for _ in pool.map(self._merge, spills, spills.values()):
                advance(1)
        return sum(self._rows[name] for name in spills)

    def iter_nodes(self, label: Label) -> Iterator[pl.DataFrame]:
        """Yield the nodes of a label, each once, bucket by bucket, sorted by id within: properties and
        ``digest``."""
        yield from map(pl.read_parquet, self.node_files(label))

    def iter_relationships(self, kind: Kind) -> Iterator[pl.DataFrame]:
        """Yield the relationships of a kind likewise: ``start``, ``end``, properties and ``digest``."""
        yield from map(pl.read_parquet, self.relationship_files(kind))

    def node_files(self, label: Label) -> list[Path]:
        """Return the Parquet files of what :meth:`iter_nodes` yields."""
        return self._merge(label, label) if label in self._nodes else []

    def relationship_files(self, kind: Kind) -> list[Path]:
        """Return the Parquet files of what :meth:`iter_relationships` yields."""
        return self._merge(kind.folder, kind) if kind in self._relationships else []

    def height(self, what: Label | Kind) -> int:
        """Return how many nodes or relationships there are."""
        name = what if isinstance(what, Label) else what.folder
        self._merge(name, what)
        return self._rows[name]

    def _merge(self, name: str, what: Label | Kind) -> list[Path]:
        """Merge every bucket once, and remember it on disk."""
        folder = self.workdir / "merged" / name
        if name not in self._rows:
            folder.mkdir(parents=True, exist_ok=True)
            spill = self._nodes[what] if isinstance(what, Label) else self._relationships[what]
            height, found = 0, pl.Series(dtype=pl.String)
            for place, rows in enumerate(spill.read()):
                if isinstance(what, Label):
                    found = found.append(conflicts(rows)) if what not in LASTING else found
                    merged = merge_nodes(what, rows)
                else:
                    merged = merge_relationships(what, rows)
                height += merged.height
                merged.write_parquet(folder / f"{place:05d}.parquet", compression="lz4", statistics=False)
            if isinstance(what, Label) and not found.is_empty():
                self.conflicts[what] = found.len()
                self.contradicted[what] = found.sort().head(_EXAMPLES).to_list()
            self._rows[name] = height
        return sorted(folder.glob("*.parquet"))

    def nodes(self, label: Label) -> pl.DataFrame:
        """Return all nodes of a label at once."""
        frames = list(self.iter_nodes(label))
        return pl.concat(frames) if frames else merge_nodes(label, pl.DataFrame(schema=node_schema(label)))

    def relationships(self, kind: Kind) -> pl.DataFrame:
        """Return all relationships of a kind at once."""
        frames = list(self.iter_relationships(kind))
        return (
            pl.concat(frames)
            if frames
            else merge_relationships(kind, pl.DataFrame(schema=relationship_schema(kind.type)))
        )

    @property
    def listings(self) -> pl.LazyFrame:
        """The listings for the scan, each once (the row observed last): schema
        ``ingest.tables.listings.SCHEMA``."""
        folder = self.workdir / "merged" / "listings"
        if not self._scannable:
            folder.mkdir(parents=True, exist_ok=True)
            pl.DataFrame(schema=listings.SCHEMA).drop(OBSERVED).write_parquet(folder / "empty.parquet")
            for place, rows in enumerate(self._listings.read()):
                listed, many = alike_and_not(rows, "id")
                rest = [name for name in rows.columns if name != OBSERVED]
                last = many.sort([OBSERVED, *rest]).unique("id", keep="last")
                pl.concat([listed, last]).drop(OBSERVED).sort("id").write_parquet(
                    folder / f"{place:05d}.parquet", compression="lz4"
                )
            self._scannable = True
        return pl.scan_parquet(folder / "*.parquet")

    def with_scan(self, scan: Scan) -> Staged:
        """Add what the scan found: OFFERS, listings worth keeping with LISTS and OF_BRAND, and the
        sellers' figures.

        Listings that test buys or notices name are kept as well.
        """
        named = pl.concat([pl.DataFrame(schema={"id": pl.String}), *self._kept.read()]).unique()
        noticed = self.listings.join(named.lazy(), on="id", how="semi").collect()
        self.add(market.of_scan(scan.offers, scan.sellers, scan.suspects, noticed))
        return self

    def market(self) -> Market:
        """Return what detection reads, as it would be read from a store that holds this data set and
        nothing else."""
        return market.of(self)
