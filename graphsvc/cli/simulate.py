"""``graphsvc simulate``: writes a market with known truth."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from graphsvc.cli.context import CONTEXT, told, wrong_usage
from graphsvc.model.errors import Conflict
from graphsvc.simulate import Manifest, SimulationOptions, write_market

OWN_MARK = Path("truth") / "options.json"
"""A folder that holds this file was written by this command and may be overwritten."""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("simulate")(told(simulate))


def simulate(
    directory: Annotated[
        Path, typer.Argument(help="Folder to write the tables to; `truth/` is written beside them.")
    ],
    sellers: Annotated[int, typer.Option("--sellers", help="Number of stores.")] = 20_000,
    seed: Annotated[int, typer.Option("--seed", help="Same seed and options: the same bytes.")] = 0,
    difficulty: Annotated[
        str, typer.Option("--difficulty", help="easy, normal, hard, or a number from 0 to 1.")
    ] = "normal",
    prevalence: Annotated[
        float, typer.Option("--prevalence", help="Share of stores that belong to rackets, 0 to 0.5.")
    ] = 0.06,
    days: Annotated[int, typer.Option("--days", help="Days of trade observed.")] = 365,
    listings_per_seller: Annotated[
        int, typer.Option("--listings-per-seller", help="Mean number of listings a store; 0 leaves them out.")
    ] = 8,
    table_format: Annotated[str, typer.Option("--format", help="csv, ndjson or parquet.")] = "csv",
    clashing_ids: Annotated[
        bool, typer.Option("--clashing-ids", help="Let marketplaces reuse each other's seller ids.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Write into a folder that holds other files.")
    ] = False,
) -> None:
    """Write a simulated market as tables, with the truth beside them."""
    with wrong_usage():
        options = SimulationOptions(
            sellers=sellers,
            seed=seed,
            difficulty=difficulty,
            prevalence=prevalence,
            days=days,
            listings_per_seller=listings_per_seller,
            table_format=table_format,
            clashing_ids=clashing_ids,
        )
    _make_room(directory, force)
    manifest = write_market(directory, options, CONTEXT.progress)
    if CONTEXT.json:
        CONTEXT.emit({**manifest.as_dict(), "options": options.as_dict()})
    else:
        _show(manifest)


def _make_room(directory: Path, force: bool) -> None:
    if directory.exists() and not directory.is_dir():
        raise Conflict(f"{directory} is a file.", "Name a folder.")
    empty = not directory.is_dir() or not any(directory.iterdir())
    if not empty and not force and not (directory / OWN_MARK).is_file():
        raise Conflict(
            f"{directory} is not empty and was not written by `graphsvc simulate`.",
            "Name another folder, or add --force.",
        )


def _show(manifest: Manifest) -> None:
    table = Table("table", "rows", title=f"Market in {manifest.directory}", title_justify="left")
    table.columns[1].justify = "right"
    for name, rows in manifest.rows.items():
        table.add_row(name, f"{rows:,}")
    CONTEXT.out.print(table)
