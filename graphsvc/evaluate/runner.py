"""Run detectors over a grid of markets with known truth, and collect every figure. Nothing is kept between
runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import polars as pl

from graphsvc.evaluate import calibration
from graphsvc.evaluate.churn import churn
from graphsvc.evaluate.metrics import contamination_tables, figures, interval
from graphsvc.evaluate.prediction import Prediction, Truth
from graphsvc.model.errors import BadInput
from graphsvc.model.market import Market
from graphsvc.model.progress import SILENT, Progress

Detector = Callable[[Market], Prediction]
Follower = Callable[[Market, Prediction], Prediction]
"""Detects again, keeping the names of an earlier prediction where they still fit."""

Columns = dict[str, type[pl.DataType]]

_PLACE: Columns = {"sellers": pl.Int64, "difficulty": pl.String, "prevalence": pl.Float64}
_CELL: Columns = {**_PLACE, "seed": pl.Int64}
_VALUE: Columns = {"value": pl.Float64}
_COUNTS: Columns = {"innocents": pl.Int64, "inside": pl.Int64}
_POINT: Columns = {"bin": pl.Int64, "count": pl.Int64, "stated": pl.Float64, "observed": pl.Float64}
_MEAN: Columns = {
    "seeds": pl.Int64,
    "of": pl.Int64,
    "mean": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
}


def _strings(*names: str) -> Columns:
    return dict.fromkeys(names, pl.String)


FIGURES = pl.Schema({**_CELL, **_strings("detector", "figure"), **_VALUE})
SWEPT = pl.Schema({**_CELL, **_strings("detector", "by", "what"), **_COUNTS})
CURVES = pl.Schema({**_CELL, **_strings("detector", "of"), **_POINT})
SUMMARY = pl.Schema({**_PLACE, **_strings("detector", "figure"), **_MEAN})


@dataclass(frozen=True, order=True)
class Cell:
    """One simulated market: its size, how hard it is, the share of racket stores, and its seed."""

    sellers: int
    difficulty: str
    prevalence: float
    seed: int

    def row(self) -> dict[str, int | str | float]:
        """Return the columns that name this cell in a frame."""
        return {
            "sellers": self.sellers,
            "difficulty": self.difficulty,
            "prevalence": self.prevalence,
            "seed": self.seed,
        }


MarketSource = Callable[[Cell], tuple[Market, Truth]]
"""Makes the market of a cell, and what is so in it."""


@dataclass(frozen=True)
class Results:
    """What an evaluation found, one row a measurement.

    ``figures``: cell, detector, figure, value (null: not defined); ``swept``: which innocents lie in flagged
    clusters, by hub kind and group kind; ``curves``: reliability of stated probabilities, of members and
    rackets.
    """

    figures: pl.DataFrame
    swept: pl.DataFrame
    curves: pl.DataFrame

    def summary(self, draws: int = 2000) -> pl.DataFrame:
        """Mean of each figure over seeds with its bootstrap interval; figures defined for no seed are left out.

        ``seeds`` is over how many seeds the figure is defined, ``of`` how many were measured.
        """
        keys = ["sellers", "difficulty", "prevalence", "detector", "figure"]
        rows = []
        for key, part in self.figures.sort(*keys, "seed").group_by(keys, maintain_order=True):
            values = part["value"].drop_nulls().to_list()
            if values:
                found = interval(values, draws=draws)
                rows.append((*key, len(values), part.height, found.mean, found.low, found.high))
        return pl.DataFrame(rows, schema=SUMMARY, orient="row")


def grid(
    sellers: Sequence[int], difficulties: Sequence[str], prevalences: Sequence[float], seeds: Sequence[int]
) -> tuple[Cell, ...]:
    """Return every combination, sorted."""
    return tuple(
        sorted(Cell(*combination) for combination in product(sellers, difficulties, prevalences, seeds))
    )


def evaluate(
    cells: Sequence[Cell],
    detectors: Callable[[Cell], Mapping[str, Detector]],
    source: MarketSource,
    followers: Mapping[str, Follower] | None = None,
    progress: Progress = SILENT,
) -> Results:
    """Measure each detector on the market of each cell.

    Parameters
    ----------
    cells : sequence of Cell
        Which markets.
    detectors : callable
        The detectors for a cell by name (tuned ones differ from cell to cell).
    source : callable
        Makes the market and the truth of a cell.
    followers : mapping, optional
        By detector: how to run it again on a thinned market, to see how many names last (``churn``).
    progress : Progress
        Told of every detector run.

    Raises
    ------
    BadInput
        If there are no cells.
    """
    if not cells:
        raise BadInput("There is nothing to evaluate.", "Ask for at least one seed and one size.")
    found: list[dict[str, object]] = []
    swept: list[dict[str, object]] = []
    curves: list[dict[str, object]] = []
    with progress.step("Evaluating markets", len(cells)) as advance:
        for cell in cells:
            market, truth = source(cell)
            for name, detector in detectors(cell).items():
                began = time.perf_counter()
                prediction = detector(market)
                took = time.perf_counter() - began
                key = {**cell.row(), "detector": name}
                measured = {**figures(prediction, truth), "seconds": took}
                if followers and name in followers:
                    again = followers[name](thinned(market), prediction)
                    measured["churn"] = churn(prediction, again).rate
                found += [{**key, "figure": figure, "value": value} for figure, value in measured.items()]
                swept += [{**key, **row} for row in _swept(prediction, truth)]
                curves += [{**key, **row} for row in _curves(prediction, truth)]
            advance(1)
    return Results(
        pl.DataFrame(found, schema=FIGURES),
        pl.DataFrame(swept, schema=SWEPT),
        pl.DataFrame(curves, schema=CURVES),
    )


def thinned(market: Market, share: float = 0.02, seed: int = 0) -> Market:
    """Return the market with a random ``share`` of its links missing: a small change of the data."""
    links = market.links.sort(market.links.columns)
    kept = np.random.default_rng(seed).random(links.height) >= share
    return replace(market, links=links.filter(pl.Series(kept, dtype=pl.Boolean)))


def _swept(prediction: Prediction, truth: Truth) -> list[dict[str, object]]:
    return [
        {"by": by, "what": row[by], "innocents": row["innocents"], "inside": row["inside"]}
        for by, table in contamination_tables(prediction, truth).items()
        for row in table.to_dicts()
    ]


def _curves(prediction: Prediction, truth: Truth) -> list[dict[str, object]]:
    stated = {
        "member": calibration.membership(prediction, truth),
        "racket": calibration.rackets(prediction, truth),
    }
    return [
        {"of": of, **row} for of, pair in stated.items() for row in calibration.reliability(*pair).to_dicts()
    ]
