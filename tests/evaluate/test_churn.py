"""Names of rackets from run to run."""

from __future__ import annotations

import polars as pl

from graphsvc.evaluate.churn import Churn, churn
from graphsvc.evaluate.prediction import Prediction, from_groups


def run(**groups: str) -> Prediction:
    rows = [(racket, seller) for racket, members in groups.items() for seller in members]
    return from_groups(pl.DataFrame(rows, schema={"racket_id": pl.String, "seller": pl.String}, orient="row"))


def test_the_same_run_moves_no_name() -> None:
    same = run(x="abc", y="def")
    assert churn(same, same) == Churn(survived=2, renamed=0, merged=0, gone=0, born=0)
    assert churn(same, same).rate == 0.0


def test_swapped_names_are_all_lost() -> None:
    assert churn(run(x="abc", y="def"), run(y="abc", x="def")).rate == 1.0


def test_in_a_merger_the_larger_parent_should_name_the_child() -> None:
    assert churn(run(x="abc", y="de"), run(x="abcde")) == Churn(
        survived=2, renamed=0, merged=1, gone=0, born=0
    )
    assert churn(run(x="abc", y="de"), run(y="abcde")).rate == 1.0


def test_of_equal_parents_either_may() -> None:
    for name in "xy":
        assert churn(run(x="abc", y="def"), run(**{name: "abcdef"})).renamed == 0


def test_what_falls_apart_is_gone_and_its_parts_are_born() -> None:
    assert churn(run(x="abcd"), run(p="ab", q="cd")) == Churn(survived=0, renamed=0, merged=0, gone=1, born=2)
    assert churn(run(x="abcd"), run(p="ab", q="cd")).rate is None
