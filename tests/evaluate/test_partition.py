"""Partition figures against brute force and scikit-learn."""

from __future__ import annotations

import math
from itertools import combinations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from graphsvc.evaluate.partition import (
    Agreement,
    adjusted_rand,
    bcubed,
    contamination,
    contamination_by,
    items,
    pairwise,
    rackets_found,
)
from graphsvc.evaluate.prediction import Prediction, Truth, from_groups

Store = tuple[int, int, bool]

rows = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.booleans()), min_size=1, max_size=25)
"""(truth, cluster, guilty) of each store."""


def frame(stores: list[Store]) -> pl.DataFrame:
    # One racket is guilty or not as a whole: guilt goes by the true group.
    return pl.DataFrame(
        {
            "truth": [str(t) for t, _, _ in stores],
            "cluster": [str(c) for _, c, _ in stores],
            "predicted": [str(c) for _, c, _ in stores],
            "guilty": [t < 3 for t, _, _ in stores],
        }
    )


def truth_of(groups: dict[str, str | None], kinds: dict[str, str] | None = None) -> Truth:
    return Truth(
        pl.DataFrame(
            {
                "seller": list(groups),
                "racket_id": list(groups.values()),
                "group_id": [None] * len(groups),
                "kind": [(kinds or {}).get(s) for s in groups],
            }
        ),
        pl.DataFrame(schema={"seller": pl.String, "hub_kind": pl.String}),
    )


def prediction_of(groups: dict[str, list[str]]) -> Prediction:
    return from_groups(
        pl.DataFrame(
            [(g, s) for g, members in groups.items() for s in members],
            schema={"racket_id": pl.String, "seller": pl.String},
            orient="row",
        )
    )


@settings(deadline=None)
@given(rows)
def test_bcubed_equals_its_definition(stores: list[Store]) -> None:
    table = frame(stores)
    guilty = [(t, c) for t, c, _ in stores if t < 3]
    for asked, chosen in ((True, guilty), (False, [(t, c) for t, c, _ in stores])):
        agreement = bcubed(table, guilty_only=asked)
        if not chosen:
            assert agreement.precision is None
            assert agreement.f1 is None
            continue
        both = [sum(t == u and c == d for u, d, _ in stores) for t, c in chosen]
        precision = sum(b / sum(c == d for _, d, _ in stores) for b, (_, c) in zip(both, chosen, strict=True))
        recall = sum(b / sum(t == u for u, _, _ in stores) for b, (t, _) in zip(both, chosen, strict=True))
        assert agreement.precision == pytest.approx(precision / len(chosen))
        assert agreement.recall == pytest.approx(recall / len(chosen))


@settings(deadline=None)
@given(rows)
def test_pairwise_equals_counting_pairs(stores: list[Store]) -> None:
    pairs = [(a, b) for a, b in combinations(stores, 2) if a[0] < 3 or b[0] < 3]
    proposed = [(a, b) for a, b in pairs if a[1] == b[1]]
    true = [(a, b) for a, b in pairs if a[0] == b[0]]
    both = sum(a[0] == b[0] for a, b in proposed)
    agreement = pairwise(frame(stores))
    assert agreement.precision == (pytest.approx(both / len(proposed)) if proposed else None)
    assert agreement.recall == (pytest.approx(both / len(true)) if true else None)


@settings(deadline=None)
@given(rows.filter(lambda stores: len(stores) > 1))
def test_adjusted_rand_agrees_with_scikit_learn(stores: list[Store]) -> None:
    expected = adjusted_rand_score([t for t, _, _ in stores], [c for _, c, _ in stores])
    found = adjusted_rand(frame(stores))
    assert found is not None
    assert math.isclose(found, expected, abs_tol=1e-12)


@pytest.mark.parametrize(
    ("precision", "recall", "f1"),
    [
        (0.5, 1.0, 2 / 3),
        (0.0, 0.0, 0.0),
        (None, 0.0, 0.0),  # something to find, nothing answered
        (None, None, None),  # nothing to find
        (0.0, None, None),
    ],
)
def test_finding_nothing_is_worth_nothing_and_is_not_undefined(
    precision: float | None, recall: float | None, f1: float | None
) -> None:
    assert Agreement(precision, recall).f1 == (None if f1 is None else pytest.approx(f1))


def test_a_store_in_no_cluster_is_on_its_own() -> None:
    truth = truth_of({"a": "r", "b": "r", "c": "r", "d": None})
    agreement = bcubed(items(prediction_of({"x": ["a", "b"]}), truth))
    assert agreement.precision == 1.0
    assert agreement.recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3) / 3)


def test_innocents_in_a_cluster_cost_precision_and_contaminate() -> None:
    truth = truth_of({"a": "r", "b": "r", "c": None, "d": None})
    table = items(prediction_of({"x": ["a", "b", "c"]}), truth)
    assert bcubed(table).precision == pytest.approx(2 / 3)
    assert contamination(table) == pytest.approx(1 / 3)


def test_names_of_groups_and_of_lone_stores_never_mix() -> None:
    truth = truth_of({"a": "b", "b": None, "c": "b"})
    table = items(prediction_of({"b": ["a", "c"]}), truth)
    assert table["cluster"].n_unique() == 2
    assert table["truth"].n_unique() == 2


def test_a_group_of_honest_stores_counts_as_a_group_but_is_not_flagged() -> None:
    truth = Truth(
        pl.DataFrame(
            {
                "seller": ["a", "b", "c", "d"],
                "racket_id": ["r", "r", None, None],
                "group_id": [None, None, "f", "f"],
                "kind": ["racket", "racket", "family", "family"],
            }
        ),
        pl.DataFrame({"seller": ["c"], "hub_kind": ["locker"]}),
    )
    table = items(prediction_of({"x": ["a", "b"], "y": ["c", "d"]}), truth)
    assert bcubed(table, guilty_only=False).f1 == 1.0
    assert contamination(table) == 0.0


def test_contamination_tells_whose_innocents_are_swept_in() -> None:
    kinds = {"c": "family", "d": "family", "e": "chain"}
    truth = truth_of({"a": "r", "b": "r", "c": None, "d": None, "e": None}, kinds)
    table = items(prediction_of({"x": ["a", "b", "c"], "y": ["d", "e"]}), truth)
    by_kind = contamination_by(table, truth.sellers, "kind")
    assert by_kind.rows() == [("chain", 1, 0, 0.0), ("family", 2, 1, 0.5)]


def test_no_flagged_cluster_is_not_a_clean_one() -> None:
    assert (
        contamination(items(prediction_of({"x": ["b", "c"]}), truth_of({"a": "r", "b": "r", "c": None})))
        is None
    )


def test_a_racket_is_found_when_half_of_the_union_is_right() -> None:
    truth = truth_of({"a": "r", "b": "r", "c": "q", "d": "q", "e": "q", "f": None})
    assert rackets_found(items(prediction_of({"x": ["a", "b", "f"], "y": ["c", "d"]}), truth)) == 1.0
    assert rackets_found(items(prediction_of({"x": ["a", "b", "c"], "y": ["d", "f"]}), truth)) == 0.5
