"""``graphsvc keys`` and ``graphsvc audit``: who may read, and proof of who did."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from rich.table import Table

from graphsvc.casework import audit, keys
from graphsvc.casework.access import Role
from graphsvc.cli.console import styled
from graphsvc.cli.context import CONTEXT, told, wrong_usage
from graphsvc.connect import open_store

keys_app = typer.Typer(help="Make, list and revoke API keys.", no_args_is_help=True)
audit_app = typer.Typer(help="The audit of reads and changes.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the groups ``keys`` and ``audit``."""
    app.add_typer(keys_app, name="keys")
    app.add_typer(audit_app, name="audit")


@keys_app.command("create")
@told
def create(
    name: Annotated[str, typer.Argument(help="Whose key it is, such as 'Putian liaison'.")],
    role: Annotated[Role, typer.Option(help="What the key is for.")],
    jurisdiction: Annotated[
        list[str] | None, typer.Option(help="Division code a liaison is bound to; may be repeated.")
    ] = None,
    brand: Annotated[
        list[str] | None, typer.Option(help="Brand a brand member is bound to; may be repeated.")
    ] = None,
    days: Annotated[int, typer.Option(help="How many days the key is good for: 1 to 3660.")] = 365,
) -> None:
    """Make a key and show it, this once."""
    request = keys.KeyRequest(name, role, tuple(jurisdiction or ()), tuple(brand or ()), days)
    with wrong_usage():
        keys.check(request)
    with open_store(CONTEXT.settings, CONTEXT.progress) as store:
        issued = keys.issue(store, request)
    if CONTEXT.json:
        CONTEXT.emit({"token": issued.token, **_shown(issued.key)})
        return
    CONTEXT.say("Keep this key; it cannot be shown again:")
    typer.echo(issued.token)


@keys_app.command("list")
@told
def list_() -> None:
    """List all keys; their secrets are not kept."""
    with open_store(CONTEXT.settings, CONTEXT.progress) as store:
        found = keys.list_keys(store)
    if CONTEXT.json:
        CONTEXT.emit([_shown(key) for key in found])
        return
    table = Table("prefix", "name", "role", "bound to", "made", "good until", "state")
    for key in found:
        bound = ", ".join((*key.jurisdictions, *key.brands)) or "–"
        table.add_row(
            key.prefix,
            key.name,
            key.role,
            bound,
            f"{key.created_at:%Y-%m-%d}",
            f"{key.expires_at:%Y-%m-%d}",
            key.state(datetime.now(UTC)),
        )
    CONTEXT.out.print(table)


@keys_app.command("revoke")
@told
def revoke(
    prefix: Annotated[str, typer.Argument(help="The key's prefix, as `graphsvc keys list` shows it.")],
) -> None:
    """Revoke a key; it is refused from the next request on."""
    with open_store(CONTEXT.settings, CONTEXT.progress) as store:
        key = keys.revoke(store, prefix)
    if CONTEXT.json:
        CONTEXT.emit(_shown(key))
    else:
        CONTEXT.say(f"Revoked: {key.prefix} ({key.name}).")


@audit_app.command("verify")
@told
def verify() -> None:
    """Walk the audit and say whether an entry was changed, dropped or slipped in (exit code 1 if so)."""
    with open_store(CONTEXT.settings, CONTEXT.progress) as store:
        verdict = audit.check(store)
    if CONTEXT.json:
        CONTEXT.emit({"intact": verdict.broken is None, **asdict(verdict)})
    elif verdict.broken is None:
        CONTEXT.out.print(
            f"The audit holds: {verdict.entries:,} entries, the last hash is {verdict.head}.",
            soft_wrap=True,
        )
    else:
        CONTEXT.err.print(
            styled(
                ("The audit is broken", "red"),
                f" at entry {verdict.broken.sequence}: {verdict.broken.what}.",
            ),
            soft_wrap=True,
        )
    if verdict.broken is not None:
        raise typer.Exit(1)


def _shown(key: keys.ApiKey) -> dict[str, Any]:
    return {**asdict(key), "state": key.state(datetime.now(UTC))}
