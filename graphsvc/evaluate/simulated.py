"""Markets with known truth: simulated, written as tables, read by ingest like any other data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from graphsvc.evaluate.prediction import Truth
from graphsvc.evaluate.runner import Cell
from graphsvc.evaluate.truth import read_truth
from graphsvc.loading import scanned
from graphsvc.model.errors import BadInput
from graphsvc.model.market import Market
from graphsvc.simulate import SimulationOptions, write_market
from ingest.stage import stage

ACCOUNT_KEY = b"evaluation of simulated accounts"
"""Key of the hashes of accounts that nobody owns."""


def read_market(paths: Sequence[Path], workdir: Path, account_key: bytes = ACCOUNT_KEY) -> Market:
    """Stage tables, scan their listings, and return what detection reads.

    Raises
    ------
    BadInput
        If a table cannot be read: figures on half a market would mislead.
    """
    staged = stage(paths, workdir, account_key)
    if staged.problems:
        raise staged.problems[0]
    return scanned(staged).market()


def options_of(cell: Cell) -> SimulationOptions:
    """Return the options that make the market of a cell.

    Raises
    ------
    BadInput
        If the cell's difficulty, prevalence or size is outside its range.
    """
    return SimulationOptions(
        cell.sellers, cell.seed, cell.difficulty, cell.prevalence, table_format="parquet"
    )


def simulated(cell: Cell) -> tuple[Market, Truth]:
    """Make the market of a cell, and its truth; nothing is left on disk."""
    options = options_of(cell)
    with TemporaryDirectory(prefix="graphsvc-evaluate-") as folder:
        tables, work = Path(folder) / "market", Path(folder) / "work"
        write_market(tables, options)
        market = read_market([tables], work / "market")
        truth = read_truth(tables / "truth", market, work / "truth", ACCOUNT_KEY)
    strangers = market.sellers.join(truth.sellers, on="seller", how="anti")["seller"]
    if len(strangers):
        raise BadInput(
            f"The truth of {cell} does not know store {strangers[0]!r}.", "Simulate the market again."
        )
    return market, truth
