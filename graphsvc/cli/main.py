"""The command ``graphsvc``: the commands, each imported when it is asked for, and the options they share."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

import graphsvc
from graphsvc.cli.context import CONTEXT, fail, unforeseen

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": (
        "demo",
        "Simulate a market, load it into Neo4j, find the rackets, write a dossier, and serve it all.",
    ),
    "ingest": ("ingest", "Load tables (CSV, NDJSON, Parquet; .gz, .zst) into the graph."),
    "detect": ("rackets", "Find and rank rackets in what is loaded, and publish the result."),
    "rackets": ("rackets", "List the ranked rackets of the published run, harmless groups last."),
    "why": ("rackets", "Explain why a store is in its racket, or why two stores are linked."),
    "dossier": (
        "dossier",
        "Write the dossier of a racket. The export is audited under your user name.",
    ),
    "serve": (
        "serve",
        "Serve the API and the pages. In the local mode without a key yet, one is made and shown once.",
    ),
    "scan": (
        "scan",
        "Judge listings by unit price and purchase frequency, and write what was found to the store.",
    ),
    "normalise": ("normalise", "Show how a value is read: its parts and keys, one JSON object a line."),
    "compare": (
        "normalise",
        "Show how probable it is that two values are the same place, account or party, and why.",
    ),
    "doctor": (
        "doctor",
        "Check versions, Java, store, Graph Data Science, disk, memory and secrets; say how to mend them.",
    ),
    "simulate": ("simulate", "Write a simulated market as tables, with the truth beside them."),
    "evaluate": (
        "evaluate",
        "Measure detection on simulated markets nobody has seen, beside the usual ways.",
    ),
    "neo4j": ("neo4j", "The local Neo4j, with Graph Data Science and Browser."),
    "keys": ("keys", "Make, list and revoke API keys."),
    "audit": ("keys", "The audit of reads and changes."),
}
"""Commands in the order of ``--help``: the module of ``graphsvc.cli`` whose ``register(app)`` makes each, and the first
lines of its help, so that listing them imports none (a test compares them)."""


class _Lazy(TyperGroup):
    """Imports the module of a command when it is run or asked for its own help."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        listed = {name: TyperCommand(name, help=summary) for name, (_, summary) in COMMANDS.items()}
        self.commands = {**listed, **self.commands}
        self._listing = False

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS or self._listing:
            return super().get_command(ctx, cmd_name)
        part = typer.Typer()
        part.callback()(lambda: None)
        import_module(f"graphsvc.cli.{COMMANDS[cmd_name][0]}").register(part)
        return typer.main.get_group(part).get_command(ctx, cmd_name)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        self._listing = True
        super().format_help(ctx, formatter)
        self._listing = False


app = typer.Typer(
    name="graphsvc",
    cls=_Lazy,
    help="Find production rackets behind stores selling fakes, and hand police a ranked, explained dossier.\n\n"
    "Start with `graphsvc demo`.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"graphsvc {graphsvc.__version__}")
        raise typer.Exit


@app.callback()
def root(
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress bars, no remarks.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Machine-readable JSON on standard output.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Hold the options that every command shares."""
    CONTEXT.quiet, CONTEXT.json = quiet, json


def main() -> None:
    """Run the command line; whatever fails is told in one line."""
    try:
        app()
    except Exception as error:
        fail(unforeseen(error))
        sys.exit(1)
