"""``graphsvc dossier``: one racket as a document."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import Annotated

import typer

from graphsvc.casework import audit
from graphsvc.casework.access import Principal, Role
from graphsvc.cli.context import CONTEXT, one_of, told
from graphsvc.connect import open_store
from graphsvc.dossier import compose
from graphsvc.dossier.render import FORMATS, form
from graphsvc.model.errors import BadInput


def register(app: typer.Typer) -> None:
    """Add the command ``dossier``."""
    app.command("dossier")(dossier)


@told
def dossier(
    racket: Annotated[str, typer.Argument(help="Id of the racket, as `graphsvc rackets` shows it.")],
    format: Annotated[
        str, typer.Option(callback=one_of(FORMATS), help=f"One of: {', '.join(FORMATS)}.")
    ] = "json",
    out: Annotated[Path | None, typer.Option(help="File to write; without it, standard output.")] = None,
    lang: Annotated[
        str, typer.Option(callback=one_of(("en", "zh")), help="Language of HTML: en or zh.")
    ] = "en",
) -> None:
    """Write the dossier of a racket. The export is audited under your user name."""
    chosen = form(format)
    with open_store(CONTEXT.settings, CONTEXT.progress) as store:
        composed = compose(store, racket)
        content = chosen.render(composed, lang)
        audit.record(
            store,
            Principal("local", _user(), Role.ADMIN),
            "dossier.export",
            racket,
            format=format,
            run=composed.run.id,
            sha256=composed.content_sha256,
        )
    if out is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    try:
        out.write_bytes(content)
    except OSError as error:
        raise BadInput(f"{out} cannot be written: {error.strerror}.", "Give another `--out`.") from error
    CONTEXT.say(f"Wrote {out} ({len(content):,} bytes).")


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown user"
