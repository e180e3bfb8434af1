"""Calibration: the curve, its error, and what counts as having come true."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphsvc.evaluate.calibration import calibration_error, membership, rackets, reliability
from graphsvc.evaluate.prediction import Prediction, Truth

stated = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40)


@settings(deadline=None)
@given(stated, st.integers(1, 12))
def test_every_statement_falls_into_one_bin(rows: list[tuple[float, bool]], bins: int) -> None:
    curve = reliability(np.array([p for p, _ in rows]), np.array([hit for _, hit in rows]), bins)
    assert curve["count"].sum() == len(rows)
    assert curve["bin"].is_between(0, bins - 1).all()
    assert (curve["count"] * curve["observed"]).sum() == pytest.approx(sum(hit for _, hit in rows))
    error = calibration_error(curve)
    assert error is not None
    assert 0 <= error <= 1


def test_error_is_the_gap_weighted_by_how_often_it_was_stated() -> None:
    curve = reliability(np.array([0.9, 0.9, 0.9, 0.1]), np.array([True, True, False, False]))
    assert calibration_error(curve) == pytest.approx(0.75 * abs(0.9 - 2 / 3) + 0.25 * 0.1)


def test_nothing_stated_is_not_well_calibrated() -> None:
    assert calibration_error(reliability(np.zeros(0), np.zeros(0, dtype=bool))) is None


def test_a_member_is_right_when_it_belongs_to_what_its_cluster_mostly_is() -> None:
    members = pl.DataFrame(
        {
            "racket_id": ["x"] * 3 + ["y"] * 2 + ["z"] * 2,
            "seller": list("abcdefg"),
            "member_confidence": [0.9, 0.8, 0.3, 0.7, 0.6, 0.5, 0.4],
        }
    )
    ranks = pl.DataFrame(
        {
            "racket_id": ["x", "y", "z"],
            "score": [3.0, 2.0, 1.0],
            "confidence": [0.8, None, 0.1],
            "status": [None, None, None],
        }
    )
    truth = Truth(
        pl.DataFrame(
            {
                "seller": list("abcdefg"),
                "racket_id": ["r", "r", "q", None, None, None, None],
                "group_id": [None, None, None, "family", "family", None, None],
                "kind": [None] * 7,
            }
        ),
        pl.DataFrame(schema={"seller": pl.String, "hub_kind": pl.String}),
    )
    prediction = Prediction(members, ranks)
    confidence, right = membership(prediction, truth)
    assert confidence.tolist() == [0.9, 0.8, 0.3, 0.7, 0.6, 0.5, 0.4]
    assert right.tolist() == [True, True, False, True, True, False, False]
    confidence, relevant = rackets(prediction, truth)
    assert confidence.tolist() == [0.8, 0.1]
    assert relevant.tolist() == [True, False]
