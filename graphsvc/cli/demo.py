"""``graphsvc demo``: the main job on a simulated market, from nothing to ranked rackets and a served API."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from graphsvc.cli import detect as detect_command
from graphsvc.cli import ingest as ingest_command
from graphsvc.cli import rackets as rackets_command
from graphsvc.cli.context import CONTEXT, LARGEST_SEED, at_most, told
from graphsvc.cli.serve import serve_forever
from graphsvc.connect import local_neo4j, open_store, sole_writer
from graphsvc.dossier import compose
from graphsvc.dossier.render import form
from graphsvc.loading import STAGING, run_ingest
from graphsvc.rackets import published
from graphsvc.rackets.detect import DetectOptions
from graphsvc.rackets.run import DETECTING, run
from graphsvc.settings import Settings
from graphsvc.simulate import SimulationOptions, write_market
from graphsvc.store.driver import Store
from graphsvc.store.local.files import private_folder, scratch

_SHOWN = 10


def register(app: typer.Typer) -> None:
    """Add the command ``demo``."""
    app.command("demo")(demo)


@told
def demo(
    sellers: Annotated[int, typer.Option(min=1, help="Stores in the simulated market.")] = 5000,
    seed: Annotated[int, typer.Option(min=0, callback=at_most(LARGEST_SEED), help="Seed of the market.")] = 1,
    serve: Annotated[
        bool, typer.Option("--serve/--no-serve", help="Serve the API and the pages afterwards.")
    ] = True,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to serve on; 0 takes a free one.")] = 8000,
) -> None:
    """Simulate a market, load it into Neo4j, find the rackets, write a dossier, and serve it all."""
    settings, say = CONTEXT.settings, CONTEXT.say
    say(("1", "bold"), " Starting Neo4j (the first time this fetches 200 MB)")
    with open_store(settings, CONTEXT.progress):
        pass
    with scratch(settings.home.expanduser() / STAGING, "demo") as folder:
        say(("2", "bold"), f" Simulating a market of {sellers:,} stores (seed {seed})")
        write_market(folder / "market", SimulationOptions(sellers, seed=seed), CONTEXT.progress)
        say(("3", "bold"), " Loading and scanning it")
        report = run_ingest(settings, [folder / "market"], False, CONTEXT.progress)
    if not CONTEXT.json:
        ingest_command.show(report)
    say(("4", "bold"), " Looking for rackets")
    with open_store(settings, CONTEXT.progress) as store:
        with sole_writer(settings, DETECTING, store):
            result = run(store, "native", DetectOptions(), CONTEXT.progress)
        found = published.ranked(store, limit=_SHOWN)
        if CONTEXT.json:
            CONTEXT.emit(
                {"run_id": result.run_id, "seconds": round(result.seconds, 2), **result.findings.figures}
            )
        else:
            detect_command.tell(result)
            rackets_command.show(found)
        if found:
            dossier = _write_dossier(settings, store, found[0].id)
            say(("5", "bold"), f" Dossier of the worst: {dossier}")
    if settings.local:
        running = local_neo4j(settings).status()
        if running is not None:
            say(
                f"Neo4j Browser: {running.browser} "
                "(`graphsvc neo4j browser` says how to sign in; `graphsvc neo4j stop` stops it)"
            )
    if serve:
        serve_forever(settings, port=port)
    else:
        say("Serve it with `graphsvc serve`; see more with `graphsvc rackets` and `graphsvc why SELLER`.")


def _write_dossier(settings: Settings, store: Store, racket: str) -> Path:
    folder = private_folder(settings.home.expanduser() / "dossiers")
    path = folder / f"{racket}.html"
    path.write_bytes(form("html").render(compose(store, racket), "en"))
    return path
