"""All figures together, intervals, and predictions that cannot be used."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from graphsvc.evaluate.metrics import contamination_tables, figures, interval
from graphsvc.evaluate.prediction import Prediction, Truth, from_export, from_groups
from graphsvc.model.errors import BadInput

HUBS = pl.DataFrame({"seller": ["c", "d"], "hub_kind": ["locker", "locker"]})


def truth() -> Truth:
    sellers = pl.DataFrame(
        {
            "seller": list("abcdef"),
            "racket_id": ["r", "r", None, None, "q", "q"],
            "group_id": [None] * 6,
            "kind": ["racket", "racket", None, None, "racket", "racket"],
        }
    )
    return Truth(sellers, HUBS)


def groups(rows: list[tuple[str, str]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"racket_id": pl.String, "seller": pl.String}, orient="row")


def test_a_perfect_prediction_has_perfect_figures() -> None:
    perfect = from_groups(groups([("x", "a"), ("x", "b"), ("y", "e"), ("y", "f")]))
    found = figures(perfect, truth())
    for name in ("bcubed_f1", "bcubed_all_f1", "pair_f1", "ari", "found", "store_ap", "racket_ap"):
        assert found[name] == 1.0, name
    assert found["contamination"] == 0.0
    assert (found["captured@10"], found["hit@10"]) == (4.0, 0.0)
    assert found["racket_ece"] is None


def test_predicting_nothing_is_told_from_predicting_well() -> None:
    found = figures(from_groups(groups([])), truth())
    assert found["bcubed_recall"] == 0.5
    assert found["pair_precision"] is None, "of no pairs, no share is right"
    assert found["pair_recall"] == found["pair_f1"] == 0.0
    assert found["found"] == 0.0
    assert found["racket_ap"] == found["racket_p@10"] == 0.0
    assert found["store_ap"] == pytest.approx(4 / 6), "all stores come together: the share of the guilty"
    assert found["store_p@10"] is None, "there are six stores, whoever predicts"
    assert found["contamination"] is None
    assert found["captured@10"] == 0.0


def test_predicting_only_innocents_is_a_failure_that_counts() -> None:
    found = figures(from_groups(groups([("x", "a"), ("x", "c"), ("x", "d")])), truth())
    # Pairs with a racket store: a-c and a-d proposed, a-b and e-f true; of a, c, d one is guilty: no racket.
    assert (found["pair_precision"], found["pair_recall"], found["pair_f1"]) == (0.0, 0.0, 0.0)
    assert found["racket_ap"] == found["racket_p@10"] == 0.0


def test_a_short_list_of_rackets_is_measured_over_all_k_places() -> None:
    found = figures(from_groups(groups([("x", "a"), ("x", "b"), ("y", "c"), ("y", "d")])), truth())
    assert found["racket_p@10"] == pytest.approx(1 / 10)
    assert found["racket_p@50"] == pytest.approx(1 / 50)


def test_a_market_without_rackets_has_no_figures_of_finding_them() -> None:
    innocent = Truth(truth().sellers.with_columns(racket_id=pl.lit(None, pl.String)), HUBS)
    for rows in ([], [("x", "a"), ("x", "b")]):
        found = figures(from_groups(groups(rows)), innocent)
        for name in ("bcubed_f1", "pair_recall", "pair_f1", "found", "store_ap", "racket_ap", "racket_p@10"):
            assert found[name] is None, name


def test_an_empty_market_has_no_figures_and_no_failure() -> None:
    nobody = Truth(truth().sellers.clear(), HUBS.clear())
    found = figures(from_groups(groups([])), nobody)
    assert found["bcubed_f1"] is None
    assert found["ari"] is None
    assert found["store_p@10"] is None


def test_figures_do_not_depend_on_the_order_of_rows() -> None:
    rows = [("x", "a"), ("x", "b"), ("x", "c"), ("y", "e"), ("y", "d")]
    one, other = (from_groups(groups(r)) for r in (rows, rows[::-1]))
    shuffled = Truth(truth().sellers.reverse(), HUBS.reverse())
    assert figures(one, truth()) == figures(other, shuffled)


def test_swept_in_innocents_are_told_by_hub_and_by_kind() -> None:
    found = contamination_tables(from_groups(groups([("x", "a"), ("x", "b"), ("x", "c")])), truth())
    assert found["hub_kind"].rows() == [("locker", 2, 1, 0.5)]
    assert found["kind"].is_empty()


def test_an_interval_holds_its_mean_and_narrows_with_more_seeds() -> None:
    draws = np.random.default_rng(5).normal(0.8, 0.05, 200).tolist()
    few, many = interval(draws[:5]), interval(draws)
    assert few.low <= few.mean <= few.high
    assert many.high - many.low < few.high - few.low
    assert interval([0.5]).low == interval([0.5]).high == 0.5
    with pytest.raises(ValueError, match="no values"):
        interval([])


def test_a_store_in_two_groups_is_refused() -> None:
    with pytest.raises(BadInput, match="'a' is there twice"):
        from_groups(groups([("x", "a"), ("x", "b"), ("y", "a"), ("y", "c")]))


def test_a_group_without_a_score_is_refused() -> None:
    with pytest.raises(BadInput, match="'y' has members but no score"):
        from_groups(
            groups([("x", "a"), ("x", "b"), ("y", "c"), ("y", "d")]),
            pl.DataFrame({"racket_id": ["x"], "score": [1.0]}),
        )


def test_the_export_of_rackets_is_a_prediction() -> None:
    export = pl.DataFrame(
        {
            "racket_id": ["x", "x"],
            "rank": [1, 1],
            "score": [2.0, 2.0],
            "confidence": [0.7, 0.7],
            "seller_id": ["a", "b"],
            "member_confidence": [0.9, 0.8],
        }
    )
    prediction = from_export(export)
    assert isinstance(prediction, Prediction)
    assert prediction.rackets.rows() == [("x", 2.0, 0.7, None)]
    assert prediction.members["seller"].to_list() == ["a", "b"]
    with pytest.raises(BadInput, match="'score' is missing"):
        from_export(export.drop("score"))
