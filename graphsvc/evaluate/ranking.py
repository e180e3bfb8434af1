"""How early the guilty come: average precision, precision at k, stores captured by the first raids.

Ties are dealt with exactly, never by the order in which rows happen to lie.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from graphsvc.evaluate.prediction import Prediction, Truth

Floats = npt.NDArray[np.float64]


def average_precision(scores: Floats, relevant: npt.NDArray[np.bool_]) -> float | None:
    """Sum of precision times gain in recall over the distinct scores, highest first; equal scores come
    together.

    Returns None if nothing is relevant.
    """
    total = int(relevant.sum())
    if total == 0:
        return None
    order = np.argsort(-scores, kind="stable")
    last = np.append(np.flatnonzero(np.diff(scores[order])), len(scores) - 1)
    hits = np.cumsum(relevant[order])[last]
    return float(np.sum(np.diff(hits, prepend=0) / total * hits / (last + 1)))


def expected_gain(scores: Floats, values: Floats) -> Floats:
    """Return the expected sum of ``values`` over the first 1, 2, … items, were ties broken at random.

    Within a tie every order is as likely as any other, so that each place gets the mean of the tied values.
    """
    if len(scores) == 0:
        return np.zeros(0)
    order = np.argsort(-scores, kind="stable")
    _, tie, size = np.unique(-scores[order], return_inverse=True, return_counts=True)
    means = np.bincount(tie, weights=values[order]) / size
    return np.cumsum(means[tie])


def store_ranking(prediction: Prediction, truth: Truth) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Score of every store (racket score × member confidence; none: below all others) and whether it is
    guilty."""
    scored = prediction.members.join(prediction.rackets, on="racket_id").select(
        "seller", (pl.col("score") * pl.col("member_confidence")).alias("score")
    )
    rows = truth.sellers.join(scored, on="seller", how="left").sort("seller")
    lowest = min(0.0, float(scored["score"].min() or 0.0)) if scored.height else 0.0  # type: ignore[arg-type]
    return rows["score"].fill_null(lowest).to_numpy().astype(float), rows[
        "racket_id"
    ].is_not_null().to_numpy()


def racket_table(prediction: Prediction, truth: Truth) -> pl.DataFrame:
    """One row a predicted racket: racket_id, score, confidence, size, guilty, innocents, relevant.

    A predicted racket is relevant if most of its stores belong to true rackets.
    """
    inside = (
        prediction.members.join(
            truth.sellers.select("seller", pl.col("racket_id").alias("true")), on="seller"
        )
        .group_by("racket_id")
        .agg(
            pl.len().cast(pl.Int64).alias("size"),
            pl.col("true").is_not_null().sum().cast(pl.Int64).alias("guilty"),
        )
    )
    return (
        prediction.rackets.join(inside, on="racket_id")
        .with_columns(
            (pl.col("size") - pl.col("guilty")).alias("innocents"),
            (2 * pl.col("guilty") > pl.col("size")).alias("relevant"),
        )
        .sort("racket_id")
    )


def precision_at(scores: Floats, relevant: npt.NDArray[np.bool_], k: int) -> float | None:
    """Expected share of relevant items in the first ``k`` places; a place that is left empty holds none.

    The share is always of ``k`` (as trec_eval's ``P_k``): else a ranking that is too short would be left out of the
    mean instead of counting against its maker. None if ``k`` is not positive.
    """
    if k <= 0:
        return None
    gain = expected_gain(scores, relevant.astype(float))
    return float(gain[min(k, len(gain)) - 1] / k) if len(gain) else 0.0


def captured(table: pl.DataFrame, raids: int) -> tuple[float, float]:
    """Stores of true rackets, and innocents, in the first ``raids`` of :func:`racket_table` (expected over
    ties)."""
    count = min(raids, table.height)
    if count <= 0:
        return 0.0, 0.0
    scores = table["score"].to_numpy().astype(float)
    guilty, innocents = (
        expected_gain(scores, table[c].to_numpy().astype(float)) for c in ("guilty", "innocents")
    )
    return float(guilty[count - 1]), float(innocents[count - 1])
