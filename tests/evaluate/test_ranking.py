"""Ranking figures against scikit-learn and against every order of the tied."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from graphsvc.evaluate.prediction import Prediction, Truth
from graphsvc.evaluate.ranking import (
    average_precision,
    captured,
    expected_gain,
    precision_at,
    racket_table,
    store_ranking,
)

ranked = st.lists(st.tuples(st.integers(0, 4), st.booleans()), min_size=1, max_size=30)


def market() -> tuple[Prediction, Truth]:
    prediction = Prediction(
        pl.DataFrame(
            {
                "racket_id": ["x", "x", "x", "y", "y"],
                "seller": ["a", "b", "c", "d", "e"],
                "member_confidence": [1.0, 0.5, 0.1, 1.0, 1.0],
            }
        ),
        pl.DataFrame(
            {
                "racket_id": ["x", "y"],
                "score": [4.0, 1.0],
                "confidence": [0.9, 0.2],
                "status": ["suspect", "harmless"],
            }
        ),
    )
    truth = Truth(
        pl.DataFrame(
            {
                "seller": ["a", "b", "c", "d", "e", "f"],
                "racket_id": ["r", "r", None, None, None, "r"],
                "group_id": [None] * 6,
                "kind": [None] * 6,
            }
        ),
        pl.DataFrame(schema={"seller": pl.String, "hub_kind": pl.String}),
    )
    return prediction, truth


@settings(deadline=None)
@given(ranked.filter(lambda rows: any(hit for _, hit in rows)))
def test_average_precision_agrees_with_scikit_learn(rows: list[tuple[int, bool]]) -> None:
    scores, relevant = np.array([float(s) for s, _ in rows]), np.array([hit for _, hit in rows])
    assert average_precision(scores, relevant) == pytest.approx(average_precision_score(relevant, scores))


def test_average_precision_without_anything_relevant_is_undefined() -> None:
    assert average_precision(np.array([1.0, 2.0]), np.array([False, False])) is None


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 5)), min_size=1, max_size=6))
def test_ties_count_as_the_mean_over_all_their_orders(rows: list[tuple[int, int]]) -> None:
    orders = [
        o for o in permutations(rows) if [s for s, _ in o] == sorted((s for s, _ in rows), reverse=True)
    ]
    mean = np.mean([np.cumsum([value for _, value in order]) for order in orders], axis=0)
    found = expected_gain(np.array([float(s) for s, _ in rows]), np.array([float(v) for _, v in rows]))
    np.testing.assert_allclose(found, mean)


def test_places_that_a_ranking_leaves_empty_hold_nothing_relevant() -> None:
    scores, relevant = np.array([2.0, 1.0]), np.array([True, False])
    assert precision_at(scores, relevant, 1) == 1.0
    assert precision_at(scores, relevant, 2) == 0.5
    assert precision_at(scores, relevant, 4) == 0.25
    assert precision_at(scores[:0], relevant[:0], 4) == 0.0
    assert precision_at(scores, relevant, 0) is None


def test_a_store_is_ranked_by_group_score_times_confidence_and_ungrouped_ones_last() -> None:
    scores, guilty = store_ranking(*market())
    assert scores.tolist() == [4.0, 2.0, 0.4, 1.0, 1.0, 0.0]
    assert guilty.tolist() == [True, True, False, False, False, True]


def test_raids_take_the_best_ranked_groups_and_count_the_innocents_in_them() -> None:
    table = racket_table(*market())
    assert table.select("racket_id", "guilty", "innocents", "relevant").rows() == [
        ("x", 2, 1, True),
        ("y", 0, 2, False),
    ]
    assert captured(table, 1) == (2.0, 1.0)
    assert captured(table, 10) == (2.0, 3.0)
    assert captured(table, 0) == (0.0, 0.0)
