"""A simulated market end to end: tables, ingest, truth, our own detection."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from graphsvc.evaluate import ours
from graphsvc.evaluate.churn import churn
from graphsvc.evaluate.metrics import figures
from graphsvc.evaluate.prediction import Truth
from graphsvc.evaluate.runner import Cell, thinned
from graphsvc.evaluate.simulated import read_market, simulated
from graphsvc.evaluate.truth import read_truth
from graphsvc.model.errors import BadInput
from graphsvc.model.market import Market

Made = tuple[Market, Truth]


@pytest.fixture(scope="module", name="made")
def _made() -> Made:
    return simulated(Cell(600, "normal", 0.1, 7))


def test_the_truth_names_every_store_as_the_market_does(made: Made) -> None:
    market, truth = made
    assert set(truth.sellers["seller"]) == set(market.sellers["seller"])
    assert truth.sellers.height == 600
    assert truth.sellers["racket_id"].drop_nulls().len() == pytest.approx(60, rel=0.3)


def test_kinds_follow_what_stores_are(made: Made) -> None:
    _, truth = made
    kinds = set(truth.sellers["kind"].drop_nulls())
    assert {"racket", "family", "plain"} <= kinds
    rackets = truth.sellers.filter(pl.col("kind") == "racket")
    assert rackets["racket_id"].null_count() == 0
    assert truth.sellers.filter(pl.col("kind") == "agency")["group_id"].drop_nulls().is_empty()


def test_public_identifiers_of_the_truth_meet_those_of_the_market(made: Made) -> None:
    market, truth = made
    assert {"fulfilment_house", "parcel_locker", "aggregator"} <= set(truth.hubs["hub_kind"])
    assert set(truth.hubs["seller"]) <= set(market.sellers["seller"])


def test_the_same_cell_is_the_same_market(made: Made) -> None:
    again, truth = simulated(Cell(600, "normal", 0.1, 7))
    columns = ["seller", "identifier", "type"]
    assert again.links.select(columns).sort(columns).equals(made[0].links.select(columns).sort(columns))
    assert truth.sellers.sort("seller").equals(made[1].sellers.sort("seller"))


def test_our_detection_is_measured_and_does_better_than_chance(made: Made) -> None:
    market, truth = made
    found = figures(ours.detect(market), truth)
    prevalence = truth.sellers["racket_id"].is_not_null().mean()
    assert isinstance(prevalence, float)
    assert found["store_ap"] is not None
    assert found["store_ap"] > 2 * prevalence
    assert found["member_ece"] is not None


def test_names_follow_when_detection_is_run_again(made: Made) -> None:
    first = ours.detect(made[0])
    assert churn(first, ours.detect_again(made[0], first)).renamed == 0
    after = churn(first, ours.detect_again(thinned(made[0]), first))
    assert after.rate is not None
    assert after.rate < 0.2


def test_a_market_that_cannot_be_read_whole_is_not_measured(tmp_path: Path) -> None:
    (tmp_path / "sellers.csv").write_text("seller_id\ns1\n", encoding="utf-8")
    (tmp_path / "payment_accounts.csv").write_text("seller_id,kind\ns1,bank\n", encoding="utf-8")
    with pytest.raises(BadInput, match="account_no"):
        read_market([tmp_path], tmp_path / "work")


def test_a_missing_truth_is_said(tmp_path: Path, made: Made) -> None:
    with pytest.raises(BadInput, match=r"members\.csv: no such file"):
        read_truth(tmp_path, made[0], tmp_path / "work", b"key")
