"""``graphsvc neo4j start|stop|status|browser``: the local Neo4j."""

from __future__ import annotations

import os
import sys
import webbrowser
from typing import Annotated, Any

import typer

from graphsvc.cli.browser_kit import instructions, write_kit
from graphsvc.cli.context import CONTEXT, told
from graphsvc.connect import local_neo4j
from graphsvc.model.errors import StoreUnavailable
from graphsvc.settings import Settings
from graphsvc.store.local import LocalNeo4j, Running

group = typer.Typer(no_args_is_help=True, help="The local Neo4j, with Graph Data Science and Browser.")


def register(app: typer.Typer) -> None:
    """Add the commands to ``graphsvc``."""
    app.add_typer(group, name="neo4j")


@group.command()
@told
def start() -> None:
    """Start the local Neo4j, or find the one that runs."""
    local = _local(CONTEXT.settings)
    _show(local, local.start(CONTEXT.progress))


@group.command()
@told
def stop() -> None:
    """Stop the local Neo4j cleanly."""
    local = _local(CONTEXT.settings)
    with CONTEXT.progress.step("Stopping Neo4j"):
        stopped = local.stop()
    if CONTEXT.json:
        CONTEXT.emit({"stopped": stopped})
    CONTEXT.say("Stopped." if stopped else "It does not run.")


@group.command()
@told
def status() -> None:
    """Say whether the local Neo4j runs, and where; exit code 1 if it does not."""
    local = _local(CONTEXT.settings)
    running = local.status()
    if running is None:
        if CONTEXT.json:
            CONTEXT.emit({"running": False})
        CONTEXT.say("It does not run. Start it with `graphsvc neo4j start`.")
        raise typer.Exit(1)
    _show(local, running)


@group.command()
@told
def browser(
    show_password: Annotated[bool, typer.Option("--show-password", help="Print the password.")] = False,
    open_it: Annotated[
        bool, typer.Option("--open/--no-open", help="Open it where there is a display.")
    ] = True,
) -> None:
    """Open Neo4j Browser, and say how to sign in."""
    local = _local(CONTEXT.settings)
    running = local.start(CONTEXT.progress)
    _show(local, running, running.address.password if show_password else None)
    for line in browser_kit(CONTEXT.settings):
        CONTEXT.say(line)
    if open_it and not CONTEXT.json and _has_display():
        webbrowser.open(running.browser)


def browser_kit(settings: Settings) -> list[str]:
    """Lay the investigators' kit into the home, and return what to tell a person about it."""
    folder = settings.home.expanduser() / "browser"
    write_kit(folder)
    return instructions(folder)


def _local(settings: Settings) -> LocalNeo4j:
    if settings.neo4j_uri is not None:
        raise StoreUnavailable(
            f"NEO4J_URI is set: the store is {settings.neo4j_uri}, and no local Neo4j is used.",
            "Unset NEO4J_URI to use the local one.",
        )
    return local_neo4j(settings)


def _show(local: LocalNeo4j, running: Running, password: str | None = None) -> None:
    facts: dict[str, Any] = {
        "running": True,
        "version": running.version,
        "bolt": running.address.uri,
        "browser": running.browser,
        "user": running.address.user,
        "password_file": str(local.password_file),
        "pid": running.pid,
    }
    if password is not None:
        facts["password"] = password
    if CONTEXT.json:
        CONTEXT.emit(facts)
        return
    names = {"version": "Neo4j", "bolt": "Bolt", "browser": "Browser", "user": "User"}
    names |= {"password_file": "Password in", "password": "Password", "pid": "Process"}
    for key, name in names.items():
        if key in facts:
            CONTEXT.out.print(f"{name:<12} {facts[key]}", soft_wrap=True)


def _has_display() -> bool:
    return sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
