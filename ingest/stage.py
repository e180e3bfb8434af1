"""Tables to staged graph: read, validate, normalise, put aside by id, and merge what belongs together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import polars as pl

from graphsvc.model.errors import BadInput
from graphsvc.model.progress import SILENT, Advance, Progress
from ingest.declared import SELLER, Declared, Lookup, key
from ingest.formats.batch import LINE, Batch, Limits
from ingest.frames import Parts
from ingest.normalise import bulk
from ingest.reading import read
from ingest.rejects import REJECTS, RejectsFile, of_refused
from ingest.resolving import resolve_staged
from ingest.sources import Source, Sources, content_id, find
from ingest.staged import Staged, TableCount
from ingest.tables import BUILDERS, listings
from ingest.tables.context import Context
from ingest.validate import Validated, validate

# columns grow about so much between disk and memory; a bucket is sized so that it fits in memory several
# times over
_GROWTH = {".gz": 6, ".zst": 6, ".parquet": 4}
_BUCKET = 512 << 20
_Item = TypeVar("_Item")


def stage(
    paths: Sequence[Path],
    workdir: Path,
    account_key: bytes,
    known_sellers: Lookup | None = None,
    progress: Progress = SILENT,
    limits: Limits | None = None,
    similar: bool = True,
) -> Staged:
    """Read tables and stage the graph they describe.

    Parameters
    ----------
    paths : sequence of Path
        Folders and files.
    workdir : Path
        An empty folder for staged rows; the caller removes it when done.
    account_key : bytes
        Key of the hashes of payment accounts.
    known_sellers : callable, optional
        Finds sellers of the store that the data set refers to without declaring them.
    progress : Progress
        Told the bytes read.
    limits : Limits, optional
        Bounds on memory while reading.
    similar : bool
        Look for places and firms that are spelled in several ways (:mod:`ingest.resolving`).

    Returns
    -------
    Staged
        Tables that cannot be read are in its ``problems``; what was read of them before that is staged.

    Raises
    ------
    BadInput
        If there is no table at all.
    """
    sources = find(paths)
    workdir.mkdir(parents=True, exist_ok=True)
    staged = Staged(workdir, content_id(sources.files), _buckets(sources))
    staged.ignored, staged.problems = list(sources.ignored), list(sources.problems)
    declared = Declared(known_sellers)
    job = _Job(staged, declared, Context(account_key), RejectsFile(staged.rejects), limits)
    with bulk.helpers():
        with progress.step("Reading tables", sources.size) as advance:
            for source in sources.files:
                job.run(source, advance)
        if similar:
            resolve_staged(staged, progress)
    return staged


class _Job:
    """What reading one file after the other has in common."""

    def __init__(
        self,
        staged: Staged,
        declared: Declared,
        context: Context,
        rejects: RejectsFile,
        limits: Limits | None,
    ) -> None:
        self.staged, self.declared, self.context, self.rejects, self.limits = (
            staged,
            declared,
            context,
            rejects,
            limits,
        )

    def run(self, source: Source, advance: Advance) -> None:
        """Stage one file; a failure is kept as a problem, with all that came before it."""
        count = self.staged.counts.setdefault(source.table, TableCount(source.table))
        position = 0
        try:
            checked = _ahead((batch, validate(batch, source)) for batch in read(source, self.limits))
            for made in _ahead(self._make(batch, valid, source) for batch, valid in checked):
                self.staged.unknown.setdefault(source.table, set()).update(made.unknown)
                self._stage(source.table, made)
                rejected = self.rejects.add(made.rejects)
                count.read += made.rows.height + rejected
                count.rejected += rejected
                advance(made.position - position)
                position = made.position
        except BadInput as problem:
            self.staged.problems.append(problem)

    def _make(self, batch: Batch, checked: Validated, source: Source) -> _Made:
        """Normalise a batch and turn it into nodes and relationships."""
        rows, rejects = checked.rows, checked.rejects
        if "seller_id" in rows.columns:
            rows, undeclared = self._sellers(rows, source)
            rejects = pl.concat([rejects, undeclared])
        parts = Parts() if rows.is_empty() else BUILDERS[source.table](rows, self.context)
        if parts.refused:
            refused = pl.concat(parts.refused)
            rows = rows.filter(~pl.col(LINE).is_in(refused["line"].implode()))
            rejects = pl.concat([rejects, of_refused(source.table, source.path, refused)])
        return _Made(rows, parts, rejects, checked.unknown, batch.position)

    def _sellers(self, rows: pl.DataFrame, source: Source) -> tuple[pl.DataFrame, pl.DataFrame]:
        if source.table != "sellers":
            resolved = self.declared.resolve(rows, source)
            return resolved.rows, resolved.rejects
        rows = rows.with_columns(key(pl.col("marketplace"), pl.col("seller_id")).alias(SELLER))
        self.declared.add(rows.select(sellerId="seller_id", marketplace="marketplace", id=SELLER))
        return rows, pl.DataFrame(schema=REJECTS)

    def _stage(self, table: str, made: _Made) -> None:
        self.staged.add(made.parts)
        if made.rows.is_empty():
            return
        if table == "listings":
            self.staged.add_listings(listings.staged(made.rows))
        elif table in {"test_buys", "notices"}:
            self.staged.keep_listings(made.rows)


@dataclass(frozen=True)
class _Made:
    """What became of a batch: its good ``rows``, the ``parts`` of the graph they describe, and what was rejected."""

    rows: pl.DataFrame
    parts: Parts
    rejects: pl.DataFrame
    unknown: tuple[str, ...]
    position: int


def _ahead(batches: Iterator[_Item]) -> Iterator[_Item]:
    """Yield the same items, each made ready while the one before is worked on."""
    # whoever makes them ready shares the caller's helpers
    context = copy_context()

    def following() -> _Item | None:
        return context.run(lambda: next(batches, None))

    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(following)
        while (batch := coming.result()) is not None:
            coming = pool.submit(following)
            yield batch


def _buckets(sources: Sources) -> int:
    size = sum(
        source.path.stat().st_size * _GROWTH.get(source.path.suffix.lower(), 1) for source in sources.files
    )
    return 1 + size // _BUCKET
