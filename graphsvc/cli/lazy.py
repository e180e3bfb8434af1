"""The root group: it knows its commands by name and help, and imports one when it is called.

Importing all commands takes seconds (scipy, Polars, dictionaries); hardly a command needs a part of that.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

COMMANDS = {
    "demo": (
        "demo",
        "Simulate a market, load it into Neo4j, find the rackets, write a dossier, and serve it all.",
    ),
    "ingest": ("ingest", "Load tables (CSV, NDJSON, Parquet; .gz, .zst) into the graph."),
    "detect": ("detect", "Find and rank rackets in what is loaded, and publish the result."),
    "rackets": ("rackets", "List the ranked rackets of the published run, harmless groups last."),
    "why": ("rackets", "Explain why a store is in its racket, or why two stores are linked."),
    "dossier": ("dossier", "Write the dossier of a racket. The export is audited under your user name."),
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
"""Module of ``graphsvc.cli`` and help line of each command, in the order of ``--help``."""


class LazyGroup(TyperGroup):
    """Lists stubs, which have a name and a help line; calling one puts the real command in its place."""

    def __init__(self, *, commands: Any = None, **options: Any) -> None:
        stubs = {name: TyperCommand(name, help=line) for name, (_, line) in COMMANDS.items()}
        super().__init__(commands={**stubs, **(commands or {})}, **options)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Import what is called, be it to run it, to show its help or to complete its options."""
        if args and args[0] in COMMANDS:
            self.commands[args[0]] = load(COMMANDS[args[0]][0])[args[0]]
        return super().resolve_command(ctx, args)


def load(module: str) -> dict[str, Any]:
    """Return the commands, by name, that a module of ``graphsvc.cli`` registers."""
    app = typer.Typer(rich_markup_mode="markdown")
    import_module(f"graphsvc.cli.{module}").register(app)
    return dict(typer.main.get_group(app).commands)


def every() -> dict[str, Any]:
    """Return all commands by name, imported, in the order of ``--help``."""
    modules = dict.fromkeys(module for module, _ in COMMANDS.values())
    return {name: command for module in modules for name, command in load(module).items()}
