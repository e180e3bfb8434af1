"""``graphsvc evaluate``: how well detection does on markets with known truth, beside the usual ways."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from graphsvc.cli.context import CONTEXT, LARGEST_SEED, at_most, told, wrong_usage
from graphsvc.model.errors import BadInput

if TYPE_CHECKING:
    import polars as pl

    from graphsvc.evaluate.baselines import LeidenOptions
    from graphsvc.evaluate.runner import Cell, Detector
    from graphsvc.evaluate.wallets import WalletFigures
    from graphsvc.store.driver import Store

FIRST_SEED = 1000
"""Seeds below are free for writing and tuning detection; measuring starts here."""
TUNING_SEED = 999
IN_SERVER = "leiden-gds"


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("evaluate")(told(evaluate))


def evaluate(
    sellers: Annotated[
        list[int] | None, typer.Option(help="Stores of a market; may be repeated.", min=1)
    ] = None,
    seeds: Annotated[int, typer.Option(help="How many markets of each kind.", min=1)] = 3,
    first_seed: Annotated[
        int, typer.Option(help="Seed of the first market.", min=0, callback=at_most(LARGEST_SEED))
    ] = FIRST_SEED,
    difficulty: Annotated[
        list[str] | None,
        typer.Option(help="easy, normal, hard or 0 to 1; may be repeated [normal and hard]."),
    ] = None,
    prevalence: Annotated[
        list[float] | None, typer.Option(help="Share of stores in rackets; may be repeated [0.06].")
    ] = None,
    baselines: Annotated[
        str, typer.Option(help="Names with commas between them, `all` (but leiden-gds) or `none`.")
    ] = "all",
    wallets: Annotated[
        Path | None,
        typer.Option(help="Folder of tables with groups.csv, to be measured as well.", exists=True),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write the page here, such as docs/evaluation.md.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Measure detection on simulated markets nobody has seen, beside the usual ways.

    Prints the page of figures, or writes it with `--out`.
    """
    from graphsvc.evaluate import ours, report, runner
    from graphsvc.evaluate.simulated import options_of, simulated

    CONTEXT.json = CONTEXT.json or json
    with wrong_usage():
        chosen = _chosen(baselines)
    labelled = _labels(wallets) if wallets else None
    cells = runner.grid(
        sellers or [5000],
        difficulty or ["normal", "hard"],
        prevalence or [0.06],
        range(first_seed, first_seed + seeds),
    )
    with wrong_usage():
        for cell in cells:
            options_of(cell)  # refuses what no market can be made of, before hours of work
    with ExitStack() as stack:
        store = stack.enter_context(_store()) if IN_SERVER in chosen else None
        results = runner.evaluate(
            cells, _Detectors(chosen, store), simulated, {report.OURS: ours.detect_again}, CONTEXT.progress
        )
        figures = _on_wallets(wallets, *labelled, chosen, store) if wallets and labelled else None
    page = report.page(results, _command(), figures)
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(page, encoding="utf-8")
        CONTEXT.say(f"Wrote {out}.")
    if CONTEXT.json:
        CONTEXT.emit(report.as_json(results, figures))
    elif out is None:
        sys.stdout.write(page)


def _chosen(text: str) -> tuple[str, ...]:
    """Return the baselines asked for, in the order of the tables."""
    from graphsvc.evaluate.baselines import baselines

    known = (*baselines(), IN_SERVER)
    if text in {"all", "none"}:
        return known[:-1] if text == "all" else ()
    asked = {name.strip() for name in text.split(",") if name.strip()}
    if unknown := sorted(asked - set(known)):
        raise BadInput(f"There is no baseline {unknown[0]!r}.", f"Choose of: {', '.join(known)}.")
    return tuple(name for name in known if name in asked)


def _store() -> Store:
    from graphsvc.connect import open_store

    return open_store(CONTEXT.settings, CONTEXT.progress)


class _Detectors:
    """The detectors of a cell; Leiden is tuned once for all seeds of one kind of market."""

    def __init__(self, chosen: tuple[str, ...], store: Store | None) -> None:
        self._chosen, self._store = chosen, store
        self._tuned = cache(self._tune)

    def __call__(self, cell: Cell) -> Mapping[str, Detector]:
        from graphsvc.evaluate import ours
        from graphsvc.evaluate.baselines import baselines
        from graphsvc.evaluate.report import OURS

        tuned = None
        if "leiden-modularity" in self._chosen:
            tuned = self._tuned(cell.sellers, cell.difficulty, cell.prevalence)
        known = baselines(tuned, self._store)
        return {OURS: ours.detect, **{name: known[name] for name in self._chosen}}

    def _tune(self, sellers: int, difficulty: str, prevalence: float) -> LeidenOptions:
        from graphsvc.evaluate.baselines import tune_leiden
        from graphsvc.evaluate.runner import Cell
        from graphsvc.evaluate.simulated import simulated

        return tune_leiden(*simulated(Cell(sellers, difficulty, prevalence, TUNING_SEED)))


def _labels(folder: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    from graphsvc.evaluate.wallets import labels

    return labels(folder)


def _on_wallets(
    folder: Path, groups: pl.DataFrame, sellers: pl.DataFrame, chosen: tuple[str, ...], store: Store | None
) -> Mapping[str, WalletFigures]:
    """Measure the same detectors (Leiden as it comes: nothing to tune on) on real stores with reviewed
    groups."""
    from graphsvc.evaluate import ours
    from graphsvc.evaluate.baselines import baselines
    from graphsvc.evaluate.report import CEILING, OURS
    from graphsvc.evaluate.simulated import read_market
    from graphsvc.evaluate.wallets import ceiling, measure

    with TemporaryDirectory(prefix="graphsvc-evaluate-") as work:
        market = read_market([folder], Path(work) / "staged")
    known = baselines(None, store)
    detectors: dict[str, Detector] = {OURS: ours.detect, **{name: known[name] for name in chosen}}
    found = {name: measure(detector(market), groups, sellers) for name, detector in detectors.items()}
    return found | {CEILING: measure(ceiling(market, groups), groups, sellers)}


def _command() -> str:
    """Return the command as it was typed, for the page."""
    return shlex.join(["graphsvc", *sys.argv[1:]])
