"""Every figure of one prediction against the truth, and its interval over seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from graphsvc.evaluate import calibration, partition, ranking
from graphsvc.evaluate.prediction import Prediction, Truth

RAIDS = (10, 50, 100)
"""Numbers of raids and depths of the ranking that are reported."""


@dataclass(frozen=True)
class Interval:
    """A mean with its percentile bootstrap interval."""

    mean: float
    low: float
    high: float


def figures(prediction: Prediction, truth: Truth) -> dict[str, float | None]:
    """Measure a prediction; None where a figure is not defined.

    Not defined is what asks for something that is not there whoever predicts (no true rackets, fewer than k stores),
    and what is said of answers when there are none (precision of no pairs, contamination of no flagged cluster,
    calibration of nothing stated). Finding none of the rackets there are is 0, so that it counts in every mean.

    Names
    -----
    ``bcubed_*``: over stores of true rackets; ``bcubed_all_*``: over all stores, honest groups counting as
    groups; ``pair_*``: over pairs with a store of a true racket; ``ari``: adjusted Rand index over all
    stores; ``found``: share of true rackets met with Jaccard ≥ 0.5; ``store_ap``, ``racket_ap``: average
    precision of the two rankings; ``store_p@k``, ``racket_p@k``; ``captured@k``, ``hit@k``: stores of true
    rackets, and innocents, in the first k raids; ``contamination``: innocents among the stores of clusters
    holding at least two stores of true rackets; ``member_ece``, ``racket_ece``: expected calibration error;
    ``rackets``: how many were predicted.
    """
    return {**_grouping(prediction, truth), **_ranking(prediction, truth), **_calibration(prediction, truth)}


def _grouping(prediction: Prediction, truth: Truth) -> dict[str, float | None]:
    rows = partition.items(prediction, truth)
    out: dict[str, float | None] = {}
    for name, agreement in (
        ("bcubed", partition.bcubed(rows)),
        ("bcubed_all", partition.bcubed(rows, guilty_only=False)),
        ("pair", partition.pairwise(rows)),
    ):
        out |= {
            f"{name}_precision": agreement.precision,
            f"{name}_recall": agreement.recall,
            f"{name}_f1": agreement.f1,
        }
    return out | {
        "ari": partition.adjusted_rand(rows),
        "found": partition.rackets_found(rows),
        "contamination": partition.contamination(rows),
        "rackets": float(prediction.rackets.height),
    }


def _ranking(prediction: Prediction, truth: Truth) -> dict[str, float | None]:
    scores, guilty = ranking.store_ranking(prediction, truth)
    sought = bool(guilty.any())
    table = ranking.racket_table(prediction, truth)
    group_scores, relevant = table["score"].to_numpy().astype(float), table["relevant"].to_numpy()
    out: dict[str, float | None] = {
        "store_ap": ranking.average_precision(scores, guilty),
        "racket_ap": _found_or_zero(ranking.average_precision(group_scores, relevant), sought),
    }
    for k in RAIDS:
        enough = sought and k <= len(scores)
        out[f"store_p@{k}"] = ranking.precision_at(scores, guilty, k) if enough else None
        out[f"racket_p@{k}"] = ranking.precision_at(group_scores, relevant, k) if sought else None
        out[f"captured@{k}"], out[f"hit@{k}"] = ranking.captured(table, k)
    return out


def _found_or_zero(value: float | None, sought: bool) -> float | None:
    """Count an average over no hits as 0 where there was something to hit."""
    return 0.0 if value is None and sought else value


def _calibration(prediction: Prediction, truth: Truth) -> dict[str, float | None]:
    return {
        "member_ece": calibration.calibration_error(
            calibration.reliability(*calibration.membership(prediction, truth))
        ),
        "racket_ece": calibration.calibration_error(
            calibration.reliability(*calibration.rackets(prediction, truth))
        ),
    }


def interval(values: Sequence[float], level: float = 0.95, draws: int = 2000, seed: int = 0) -> Interval:
    """Mean of ``values`` (one a seed) with its percentile bootstrap interval (Efron 1979).

    Raises
    ------
    ValueError
        If there are no values.
    """
    if not values:
        raise ValueError("no values to average")
    data = np.asarray(values, dtype=float)
    means = np.random.default_rng(seed).choice(data, size=(draws, len(data))).mean(axis=1)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(data.mean()), float(low), float(high))


def contamination_tables(prediction: Prediction, truth: Truth) -> dict[str, pl.DataFrame]:
    """Return which innocents are swept in, by ``hub_kind`` and by group ``kind``."""
    rows = partition.items(prediction, truth)
    return {
        "hub_kind": partition.contamination_by(rows, truth.hubs, "hub_kind"),
        "kind": partition.contamination_by(rows, truth.sellers, "kind"),
    }
