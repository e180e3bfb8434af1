"""Load tables into the store that the settings mean: what the command line and the client do with a folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

from graphsvc.connect import account_key, local_neo4j, open_store, sole_writer
from graphsvc.model.errors import BadInput, Conflict
from graphsvc.model.graph import Label, Rel
from graphsvc.model.progress import SILENT, Progress
from graphsvc.scan.kernel import scan
from graphsvc.settings import Settings
from graphsvc.store.driver import Store
from graphsvc.store.local.files import private_folder, scratch
from ingest.declared import KNOWN
from ingest.frames import Kind
from ingest.full import load_full
from ingest.load import load
from ingest.loaded import Loaded, Tally, record
from ingest.stage import stage
from ingest.staged import Staged

LISTINGS = "listings"
"""Folder of the home where the listings of the last load are kept, as Parquet."""
STAGING = "staging"
"""Folder of the home where work under way lies; what a killed command left there goes with the next."""
_DOING = "loading tables"
_SELLER, _ADDRESS, _ACCOUNT = Label.SELLER, Label.ADDRESS, Label.PAYMENT_ACCOUNT
_ABOUT: dict[str, tuple[Label | Kind, ...]] = {
    "sellers": (_SELLER,),
    "seller_addresses": tuple(
        Kind(rel, _SELLER, _ADDRESS) for rel in (Rel.SHIPS_FROM, Rel.RETURNS_TO, Rel.REGISTERED_AT)
    ),
    "payment_accounts": (Kind(Rel.PAID_TO, _SELLER, _ACCOUNT),),
    "warehouses": (Label.WAREHOUSE,),
    "seller_warehouses": (Kind(Rel.STOCKS_AT, _SELLER, Label.WAREHOUSE),),
    "listings": (Label.LISTING,),
    "test_buys": (Label.TEST_BUY,),
    "notices": (Label.NOTICE,),
    "operations": (Label.OPERATION,),
    "outcomes": (Label.OUTCOME,),
    "authorisations": (Kind(Rel.AUTHORISES, Label.BRAND, _SELLER),),
}
"""What each table is about: its new and changed rows are those of these nodes and relationships."""


@dataclass(frozen=True)
class TableReport:
    """Rows of a table read and rejected; things it is about that were new or changed in the store."""

    table: str
    read: int
    new: int
    changed: int
    rejected: int


@dataclass(frozen=True)
class IngestReport:
    """What one load did.

    ``nodes`` and ``relationships`` are new and changed ones by label and type; ``conflicts`` things that
    rows describe in contradicting ways, by label, and ``contradicted`` the first few of them; ``problems``
    tables that could not be read to their end.
    """

    load_id: str
    tables: tuple[TableReport, ...]
    nodes: dict[str, tuple[int, int]]
    relationships: dict[str, tuple[int, int]]
    rejects: Path | None
    unknown_columns: dict[str, list[str]]
    ignored: tuple[Path, ...]
    conflicts: dict[str, int]
    contradicted: dict[str, list[str]]
    problems: tuple[BadInput, ...]

    @property
    def failed(self) -> bool:
        """Whether a table was unreadable, or nothing at all could be used."""
        read, rejected = sum(t.read for t in self.tables), sum(t.rejected for t in self.tables)
        return bool(self.problems) or (read > 0 and read == rejected)


def run_ingest(
    settings: Settings,
    paths: Sequence[Path],
    full: bool = False,
    progress: Progress = SILENT,
    similar: bool = True,
) -> IngestReport:
    """Load tables into the store that ``settings`` mean: read, scan the listings, load, tell.

    Parameters
    ----------
    settings : Settings
        Store, home and account key.
    paths : sequence of Path
        Folders and files.
    full : bool
        Use the offline importer; the local store must be empty.
    progress : Progress
        Told of every step.
    similar : bool
        Look for places and firms that are spelled in several ways.

    Raises
    ------
    BadInput
        If there is no table, or ``full`` is asked of a server that is not the local one.
    Conflict
        If ``full`` is asked of a store that holds something, or another process writes into the store.
    StoreUnavailable
        If there is no server that lets us in.
    """
    home = private_folder(settings.home.expanduser())
    key = account_key(settings)
    with scratch(home / STAGING, "load") as folder:
        if full:
            with sole_writer(settings, _DOING):
                _refuse_unless_empty(settings)
                staged = _staged(paths, folder, key, None, progress, similar)
                loaded = load_full(staged, local_neo4j(settings), progress)
                with open_store(settings, progress) as store:
                    return _finish(store, staged, loaded, paths, home)
        with open_store(settings, progress) as store, sole_writer(settings, _DOING, store):
            staged = _staged(paths, folder, key, store, progress, similar)
            loaded = load(staged, store, progress, paths)
            return _finish(store, staged, loaded, paths, home)


def _refuse_unless_empty(settings: Settings) -> None:
    """Refuse before reading tables for minutes, where that can be told without starting a server."""
    if not settings.local:
        raise BadInput("--full fills the local Neo4j only, and NEO4J_URI is set.", "Load without --full.")
    running = local_neo4j(settings).status()
    if running is not None:
        with Store(running.address) as store:
            if not store.read("read/is_empty")[0]["empty"]:
                raise Conflict(
                    "The store is not empty.", "Load without --full, or use another GRAPHSVC_HOME."
                )


def _staged(
    paths: Sequence[Path], folder: Path, key: bytes, store: Store | None, progress: Progress, similar: bool
) -> Staged:
    def lookup(ids: pl.Series) -> pl.DataFrame:
        assert store is not None
        return store.frame("load/known_sellers", KNOWN, ids=ids.to_list())

    staged = stage(paths, folder, key, lookup if store is not None else None, progress, similar=similar)
    return scanned(staged, progress)


def scanned(staged: Staged, progress: Progress = SILENT) -> Staged:
    """Judge the staged listings, if there are any, and stage what was found beside them."""
    if "listings" in staged.counts:
        with progress.step("Scanning listings"):
            authorised = staged.relationships(Kind(Rel.AUTHORISES, Label.BRAND, _SELLER))
            staged.with_scan(
                scan(staged.listings, authorised=authorised.select(seller="end", brand="start").unique())
            )
    return staged


def keep_listings(staged: Staged, home: Path) -> None:
    """Keep the listings of this load, in place of the last one's, for `graphsvc scan` to judge again."""
    folder = private_folder(home / LISTINGS)
    kept = folder / f"{staged.load_id}.parquet"
    fresh = kept.with_suffix(".part")
    staged.listings.sink_parquet(fresh)
    fresh.replace(kept)
    for old in folder.glob("*.parquet"):
        if old != kept:
            old.unlink(missing_ok=True)


def _finish(store: Store, staged: Staged, loaded: Loaded, paths: Sequence[Path], home: Path) -> IngestReport:
    if "listings" in staged.counts:
        keep_listings(staged, home)
    rejects: Path | None = None
    if any(count.rejected for count in staged.counts.values()):
        rejects = private_folder(home / "rejects") / f"{staged.load_id}.csv"
        staged.rejects.replace(rejects)
    report = _report(staged, loaded, rejects)
    record(store, staged.load_id, paths, True, {table.table: asdict(table) for table in report.tables})
    return report


def _report(staged: Staged, loaded: Loaded, rejects: Path | None) -> IngestReport:
    def came_to(table: str) -> Tally:
        if table == "known_services":
            return Tally(new=sum(tally.services for tally in loaded.nodes.values()))
        found = [
            loaded.nodes.get(what, Tally())
            if isinstance(what, Label)
            else loaded.relationships.get(what, Tally())
            for what in _ABOUT[table]
        ]
        return sum(found, Tally())

    tables = []
    for count in staged.counts.values():
        tally = came_to(count.table)
        tables.append(TableReport(count.table, count.read, tally.new, tally.changed, count.rejected))
    types: dict[str, Tally] = {}
    for kind, tally in loaded.relationships.items():
        types[kind.type] = types.get(kind.type, Tally()) + tally
    return IngestReport(
        load_id=staged.load_id,
        tables=tuple(tables),
        nodes={label.value: (tally.new, tally.changed) for label, tally in loaded.nodes.items()},
        relationships={str(rel): (tally.new, tally.changed) for rel, tally in types.items()},
        rejects=rejects,
        unknown_columns={table: sorted(columns) for table, columns in staged.unknown.items() if columns},
        ignored=tuple(staged.ignored),
        conflicts={label.value: count for label, count in staged.conflicts.items()},
        contradicted={label.value: ids for label, ids in staged.contradicted.items()},
        problems=tuple(staged.problems),
    )
