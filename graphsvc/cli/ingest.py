"""``graphsvc ingest``: tables to the graph."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from graphsvc.cli.context import CONTEXT, told
from graphsvc.loading import IngestReport, TableReport, run_ingest


def register(app: typer.Typer) -> None:
    """Add ``ingest``."""

    @app.command()
    @told
    def ingest(
        paths: Annotated[list[Path], typer.Argument(help="Folders of tables, or single tables.")],
        full: Annotated[
            bool, typer.Option("--full", help="First bulk load of an empty local store.")
        ] = False,
        similar: Annotated[
            bool, typer.Option(help="Look for places that are spelled in several ways.")
        ] = True,
    ) -> None:
        """Load tables (CSV, NDJSON, Parquet; .gz, .zst) into the graph."""
        report = run_ingest(CONTEXT.settings, paths, full, CONTEXT.progress, similar)
        if CONTEXT.json:
            CONTEXT.emit(_as_json(report))
        else:
            show(report)
        if report.failed:
            raise typer.Exit(1)


def show(report: IngestReport) -> None:
    """Print a report for a person; with ``--quiet`` only what could not be read."""
    table = Table("table", title=f"Load {report.load_id}", title_justify="left")
    for name in ("read", "new", "changed", "rejected"):
        table.add_column(name, justify="right")
    for row in report.tables:
        table.add_row(row.table, *(f"{n:,}" for n in (row.read, row.new, row.changed, row.rejected)))
    if not CONTEXT.quiet:
        CONTEXT.out.print(table)
        for row in report.tables:
            if row.table == "listings" and row.read > row.rejected:
                CONTEXT.out.print(_fate_of_listings(row), soft_wrap=True)
    say = CONTEXT.say
    for name, columns in report.unknown_columns.items():
        say(f"{name}: unknown columns kept as extra: {', '.join(columns)}")
    for row in report.tables:
        if not (row.read or report.problems):
            say(f"{row.table}: no rows")
    for path in report.ignored:
        say(f"{path}: not a table, left aside")
    for label, count in report.conflicts.items():
        named = ", ".join(report.contradicted[label]) + (
            ", …" if count > len(report.contradicted[label]) else ""
        )
        say(f"{label}: {count:,} described in contradicting ways ({named}); what was observed last holds")
    if report.rejects is not None:
        rejected = sum(row.rejected for row in report.tables)
        say(f"{rejected:,} rows were rejected, and why: {report.rejects}")
    for problem in report.problems:
        CONTEXT.err.print(f"Error: {problem}", style="red", soft_wrap=True)


def _fate_of_listings(row: TableReport) -> str:
    """Say what became of the listings, of which only a few are new in the store."""
    return (
        f"listings: all {row.read - row.rejected:,} usable ones count in the figures of their stores; only suspicious, "
        f"bought and noticed ones are stored one by one ({row.new:,} new, {row.changed:,} changed)."
    )


def _as_json(report: IngestReport) -> dict[str, object]:
    def counted(found: dict[str, tuple[int, int]]) -> dict[str, dict[str, int]]:
        return {name: {"new": new, "changed": changed} for name, (new, changed) in found.items()}

    return {
        "load_id": report.load_id,
        "tables": [asdict(table) for table in report.tables],
        "nodes": counted(report.nodes),
        "relationships": counted(report.relationships),
        "rejects": str(report.rejects) if report.rejects else None,
        "unknown_columns": report.unknown_columns,
        "ignored": [str(path) for path in report.ignored],
        "conflicts": report.conflicts,
        "contradicted": report.contradicted,
        "problems": [{"message": problem.message, "remedy": problem.remedy} for problem in report.problems],
    }
