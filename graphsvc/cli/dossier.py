"""``graphsvc dossier``: one racket as a document."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated

import typer

from graphsvc.casework import audit
from graphsvc.casework.access import Principal, Role
from graphsvc.cli.context import CONTEXT, one_of, told
from graphsvc.connect import open_store
from graphsvc.dossier import compose
from graphsvc.dossier.render import FORMATS, form
from graphsvc.model.errors import NotFound
from graphsvc.rackets import published
from graphsvc.store.driver import Store


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
    """Write the dossier of a racket. The export is audited under your user name.

    An id that an earlier run gave is followed to the racket that took its stores over.
    """
    chosen = form(format)
    with open_store(CONTEXT.settings, CONTEXT.progress) as store:
        racket = _followed(store, racket)
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
    CONTEXT.write(content, out)


class RacketSplit(NotFound):
    """An earlier run had a racket of this id, and the published run has several in its place."""

    code = "racket-split"
    status = 410


class RacketDissolved(NotFound):
    """An earlier run had a racket of this id, and the published run has none in its place."""

    code = "racket-dissolved"
    status = 410


def _followed(store: Store, racket: str) -> str:
    """Return an id of the published run: the one given, or its only successor, which is said.

    Raises
    ------
    RacketSplit, RacketDissolved
        If it has several successors, or none.
    """
    found = published.whereabouts(store, racket)
    if isinstance(found, published.RacketSummary):
        return found.id
    if not found:
        raise RacketDissolved(
            f"Racket '{racket}' is no longer found.", "See the ranked list: `graphsvc rackets`."
        )
    if len(found) > 1:
        raise RacketSplit(f"Racket '{racket}' was split.", f"Ask for one of: {', '.join(found)}.")
    CONTEXT.say(f"Racket {racket} is now {found[0]}.")
    return found[0]


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown user"
