"""``graphsvc scan``: suspicion of listings and stores from price and purchase frequency."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer
from rich.table import Table

from graphsvc.cli.context import CONTEXT, LARGEST_COUNT, at_most, told
from graphsvc.connect import account_key, open_store, sole_writer
from graphsvc.loading import LISTINGS, STAGING
from graphsvc.model import market
from graphsvc.model.errors import BadInput
from graphsvc.scan.kernel import Scan, scan
from graphsvc.settings import Settings
from graphsvc.store.driver import Store
from graphsvc.store.local.files import scratch
from ingest.declared import KNOWN, Lookup
from ingest.load import load
from ingest.market import of_scan
from ingest.sources import Format, Source, content_id
from ingest.stage import stage
from ingest.staged import Staged


class Engine(StrEnum):
    """Where the scan runs; the results are the same."""

    POLARS = "polars"
    SPARK = "spark"


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("scan")(told(command))


def command(
    listings: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Folders or files of listings; none: those of the last load.", show_default=False
        ),
    ] = None,
    engine: Annotated[
        Engine, typer.Option("--engine", help="`spark` needs the extra `spark`.")
    ] = Engine.POLARS,
    top: Annotated[
        int,
        typer.Option("--top", min=1, callback=at_most(LARGEST_COUNT), help="Stores and listings to show."),
    ] = 20,
    write: Annotated[bool, typer.Option("--write/--no-write", help="Write the results to the store.")] = True,
) -> None:
    """Judge listings by unit price and purchase frequency, and write what was found to the store."""
    settings = CONTEXT.settings
    with (
        open_store(settings, CONTEXT.progress) as store,
        scratch(settings.home.expanduser() / STAGING, "scan") as folder,
        sole_writer(settings, "scanning listings", store) if write else nullcontext(),
    ):
        given = _given(listings, settings, store, folder) if listings else _kept(settings)
        authorised = store.frame("read/market_authorisations", market.AUTHORISATIONS)
        authorised = authorised.select("seller", "brand").unique()
        with CONTEXT.progress.step("Scanning listings"):
            found = _run(engine, given.files, authorised)
        if write:
            _write(found, given, store, folder / "results")
    for note in given.notes:
        CONTEXT.say(note)
    _emit(found, top) if CONTEXT.json else _show(found, top)


@dataclass(frozen=True)
class _Given:
    """Listings as Parquet with their sellers known, the tables they came in, remarks for a person."""

    files: list[Path]
    staged: Staged | None = None
    notes: tuple[str, ...] = ()


def _kept(settings: Settings) -> _Given:
    folder = settings.home.expanduser() / LISTINGS
    kept = sorted(folder.glob("*.parquet"))
    if not kept:
        raise BadInput(
            f"No listings are kept in {folder}.",
            "Name a table of listings, or load one with `graphsvc ingest`.",
        )
    return _Given(kept)


def _given(paths: list[Path], settings: Settings, store: Store, workdir: Path) -> _Given:
    staged = stage(paths, workdir / "staged", account_key(settings), _known(store), CONTEXT.progress)
    counted = staged.counts.get("listings")
    if counted is None or counted.read == counted.rejected:
        named = ", ".join(map(str, paths))
        nothing = BadInput(
            f"No usable listing in {named}.", "Give a table `listings` of stores that are loaded."
        )
        raise staged.problems[0] if staged.problems else nothing
    file = workdir / "listings.parquet"
    staged.listings.sink_parquet(file)
    notes = (
        *map(str, staged.problems),
        f"{counted.read:,} listings read, {counted.rejected:,} rejected.",
    )
    return _Given([file], staged, notes)


def _run(engine: Engine, files: list[Path], authorised: pl.DataFrame) -> Scan:
    if engine is Engine.POLARS:
        return scan(pl.scan_parquet(files), authorised=authorised)
    from graphsvc.scan import spark

    session = spark.session()
    try:
        return spark.scan(session, spark.read_parquet(session, files), authorised=authorised)
    finally:
        session.stop()


def _known(store: Store) -> Lookup:
    return lambda ids: store.frame("load/known_sellers", KNOWN, ids=ids.to_list())


def _write(found: Scan, given: _Given, store: Store, workdir: Path) -> None:
    """Load what was found, with the tables given if any; the same listings give the same load id."""
    if given.staged is not None:
        load(given.staged.with_scan(found), store, CONTEXT.progress, given.files)
        return
    named = content_id(Source("listings", file, Format.PARQUET) for file in given.files)
    staged = Staged(workdir, named, 1)
    staged.add(of_scan(found.offers, found.sellers, found.suspects, found.suspects.clear()))
    load(staged, store, CONTEXT.progress, given.files)


def _ranked(found: Scan, top: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    danger = pl.col("suspicion") * (1 + pl.col("sales30d").fill_null(0))
    sellers = found.sellers.filter(pl.col("suspectListings") > 0).sort(
        danger, "seller", descending=[True, False]
    )
    loss = pl.col("suspicion") * (1 + pl.col("unit_price") * pl.col("units_sold_30d").fill_null(0))
    listings = found.suspects.sort(loss, "seller", "listing_id", descending=[True, False, False])
    return sellers.head(top), listings.head(top)


def _emit(found: Scan, top: int) -> None:
    sellers, listings = _ranked(found, top)
    CONTEXT.emit({"totals": _totals(found), "sellers": sellers.to_dicts(), "listings": listings.to_dicts()})


def _totals(found: Scan) -> dict[str, Any]:
    return {
        "listings": int(found.sellers["listings"].sum()),
        "suspectListings": int(found.sellers["suspectListings"].sum()),
        "sellers": found.sellers.height,
        "suspectSellers": found.sellers.filter(pl.col("suspectListings") > 0).height,
        "groups": found.groups.height,
    }


def _show(found: Scan, top: int) -> None:
    totals = _totals(found)
    sellers, listings = _ranked(found, top)
    CONTEXT.out.print(
        f"{totals['suspectListings']:,} of {totals['listings']:,} listings are suspicious, "
        f"in {totals['suspectSellers']:,} of {totals['sellers']:,} stores."
    )
    if sellers.is_empty():
        return
    first = Table(
        "store", "suspicion", "suspicious", "listings", "sales 30 d", title="Stores", title_justify="left"
    )
    for row in sellers.iter_rows(named=True):
        first.add_row(
            row["seller"],
            _share(row["suspicion"]),
            str(row["suspectListings"]),
            str(row["listings"]),
            _money(row["sales30d"]),
        )
    second = Table(
        "listing",
        "store",
        "brand",
        "price",
        "of usual",
        "sold 30 d",
        "suspicion",
        title="Listings",
        title_justify="left",
    )
    for row in listings.iter_rows(named=True):
        second.add_row(
            row["listing_id"],
            row["seller"],
            row["brand"] or "?",
            f"{row['unit_price']:,.2f}",
            f"{row['priceRatio']:.0%}",
            "?" if row["units_sold_30d"] is None else f"{row['units_sold_30d']:,}",
            _share(row["suspicion"]),
        )
    for table in (first, second):
        CONTEXT.out.print(table)


def _share(value: float | None) -> str:
    return "?" if value is None else f"{value:.2f}"


def _money(value: float | None) -> str:
    return "?" if value is None else f"{value:,.0f}"
