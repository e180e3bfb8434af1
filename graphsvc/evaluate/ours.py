"""Our own detection as a detector among others."""

from __future__ import annotations

import polars as pl

from graphsvc.evaluate.prediction import Prediction
from graphsvc.model.market import Market
from graphsvc.rackets.detect import detect as find
from graphsvc.rackets.findings import Findings
from graphsvc.rackets.identity import with_identity


def from_findings(findings: Findings) -> Prediction:
    """Read a run's findings as a prediction."""
    return Prediction(
        findings.members.select(
            pl.col("racketId").alias("racket_id"), "seller", pl.col("confidence").alias("member_confidence")
        ),
        findings.rackets.select(pl.col("racketId").alias("racket_id"), "score", "confidence", "status"),
    )


def detect(market: Market) -> Prediction:
    """Detect with the options that ``graphsvc detect`` has when none are given."""
    return from_findings(find(market))


def detect_again(market: Market, earlier: Prediction) -> Prediction:
    """Detect, and keep the names of an earlier prediction where its rackets survive."""
    before = earlier.members.select(
        pl.col("racket_id").alias("racketId"), "seller", pl.lit("core").alias("role")
    )
    return from_findings(with_identity(find(market), before))
