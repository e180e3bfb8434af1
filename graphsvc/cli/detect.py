"""``graphsvc detect``: find and rank rackets."""

from __future__ import annotations

from typing import Annotated

import typer

from graphsvc.cli.console import some
from graphsvc.cli.context import CONTEXT, LARGEST_SEED, at_most, one_of, told
from graphsvc.cli.rackets import SHOWN, show
from graphsvc.connect import open_store, sole_writer
from graphsvc.rackets import published
from graphsvc.rackets.detect import DetectOptions
from graphsvc.rackets.engines import ENGINES
from graphsvc.rackets.run import DETECTING, Published, run


def register(app: typer.Typer) -> None:
    """Add the command ``detect``."""
    app.command("detect")(detect)


@told
def detect(
    engine: Annotated[
        str, typer.Option(callback=one_of(ENGINES), help=f"Partition engine: {', '.join(ENGINES)}.")
    ] = "native",
    seed: Annotated[
        int,
        typer.Option(
            min=0,
            callback=at_most(LARGEST_SEED),
            help="Seed: same data, seed and engine give the same rackets.",
        ),
    ] = 1,
) -> None:
    """Find and rank rackets in what is loaded, and publish the result."""
    settings = CONTEXT.settings
    with open_store(settings, CONTEXT.progress) as store:
        with sole_writer(settings, DETECTING, store):
            result = run(store, engine, DetectOptions(seed=seed), CONTEXT.progress)
        if CONTEXT.json:
            CONTEXT.emit(
                {
                    "run_id": result.run_id,
                    "seconds": round(result.seconds, 2),
                    **result.findings.figures,
                    "contradictions": result.findings.contradictions.to_dicts(),
                }
            )
            return
        tell(result)
        show(published.ranked(store, limit=SHOWN))


def tell(result: Published) -> None:
    """Say what a run found, in one line, and which words of people contradict each other."""
    figures = result.findings.figures
    CONTEXT.say(
        f"Run {result.run_id}: {figures['suspects']:,} suspected rackets among {figures['groups']:,} groups of linked "
        f"stores ({figures['stores_grouped']:,} of {figures['stores']:,} stores) in {result.seconds:.1f} s."
    )
    apart = result.findings.contradictions
    if apart.is_empty():
        return
    named = some([f"{a} and {b}" for a, b in apart.iter_rows()])
    CONTEXT.say(
        f"Judged different and, by other judgements or an operation, the same: {named}. They stay apart. "
        "`graphsvc why` of the two shows what was said; POST /v1/judgements/ID/revocation takes a judgement back."
    )
