"""The command ``graphsvc``: the root group and the options that all commands share."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

import graphsvc
from graphsvc.cli.context import CONTEXT, fail, unforeseen
from graphsvc.cli.lazy import LazyGroup

app = typer.Typer(
    name="graphsvc",
    cls=LazyGroup,
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
