"""Whether a stated probability means what it says."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from graphsvc.evaluate.partition import items
from graphsvc.evaluate.prediction import Prediction, Truth
from graphsvc.evaluate.ranking import Floats, racket_table

Booleans = npt.NDArray[np.bool_]


def reliability(stated: Floats, came_true: Booleans, bins: int = 10) -> pl.DataFrame:
    """Return the reliability curve over equally wide bins of [0, 1]; empty bins are left out.

    Columns: bin (0-based; 1.0 falls into the last), count, stated (mean), observed (share that came true).
    """
    place = np.minimum((stated * bins).astype(np.int64), bins - 1)
    frame = pl.DataFrame({"bin": place, "stated": stated, "observed": came_true.astype(np.float64)})
    return (
        frame.group_by("bin")
        .agg(pl.len().cast(pl.Int64).alias("count"), pl.col("stated").mean(), pl.col("observed").mean())
        .sort("bin")
    )


def calibration_error(curve: pl.DataFrame) -> float | None:
    """Expected calibration error (Naeini et al. 2015): mean gap between stated and observed, weighted by
    count."""
    if curve.is_empty():
        return None
    gap = (curve["stated"] - curve["observed"]).abs().to_numpy()
    return float(np.average(gap, weights=curve["count"].to_numpy()))


def membership(prediction: Prediction, truth: Truth) -> tuple[Floats, Booleans]:
    """Stated member confidence of each grouped store, and whether it belongs to what its cluster mostly is.

    A cluster *is* the true operation, racket or honest group, with most stores in it (at least two; ties: the
    first by name); a cluster of strangers is nothing, and all its members are wrong.
    """
    rows = items(prediction, truth).filter(pl.col("predicted").is_not_null())
    shares = rows.group_by("predicted", "truth").agg(pl.len().alias("n")).filter(pl.col("n") > 1)
    mostly = (
        shares.sort(["predicted", "n", "truth"], descending=[False, True, False])
        .unique("predicted", keep="first", maintain_order=True)
        .select("predicted", pl.col("truth").alias("mostly"))
    )
    judged = (
        rows.join(mostly, on="predicted", how="left")
        .join(prediction.members.select("seller", "member_confidence"), on="seller")
        .drop_nulls("member_confidence")
        .sort("seller")
    )
    right = (judged["truth"] == judged["mostly"]).fill_null(False)
    return judged["member_confidence"].to_numpy().astype(float), right.to_numpy()


def rackets(prediction: Prediction, truth: Truth) -> tuple[Floats, Booleans]:
    """Stated confidence of each predicted racket, and whether most of its stores belong to true rackets."""
    table = racket_table(prediction, truth).drop_nulls("confidence")
    return table["confidence"].to_numpy().astype(float), table["relevant"].to_numpy()
