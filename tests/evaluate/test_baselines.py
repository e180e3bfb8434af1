"""The usual ways: what they find, and that they find it whatever the order of rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import polars as pl
import pytest

from graphsvc.evaluate.baselines import (
    TUNING,
    baselines,
    by_size,
    connected,
    leiden_modularity,
    tune_leiden,
    without_graph,
)
from graphsvc.evaluate.prediction import Prediction, Truth
from graphsvc.model.market import Market

MakeMarket = Callable[..., Market]
NAMES = sorted(baselines())

TWO_RINGS = {
    "p": "abc",
    "q": "bcd",
    "r": "acd",
    "s": "wxy",
    "t": "xyz",
    "u": "wyz",
    "hub": "abcdwxyz" + "klmnop",
}
SUSPICION = {**dict.fromkeys("abcd", 0.9), **dict.fromkeys("wxyz", 0.1), **dict.fromkeys("klmnop", 0.2)}


def groups(prediction: Prediction) -> set[str]:
    joined = prediction.members.sort("seller").group_by("racket_id").agg(pl.col("seller").str.join(""))
    return set(joined["seller"])


def order(prediction: Prediction) -> list[str]:
    return prediction.rackets.sort("score", descending=True)["racket_id"].to_list()


def test_raw_components_drown_in_a_hub_and_capped_ones_do_not(make_market: MakeMarket) -> None:
    market = make_market(TWO_RINGS, SUSPICION)
    assert groups(connected(market)) == {"abcdklmnopwxyz"}
    assert groups(connected(market, cap=10)) == {"abcd", "wxyz"}


@pytest.mark.parametrize("name", ["components-10", "louvain", "leiden-modularity", "leiden-cpm"])
def test_two_rings_are_two_groups_and_the_suspect_one_comes_first(name: str, make_market: MakeMarket) -> None:
    market = make_market({k: v for k, v in TWO_RINGS.items() if k != "hub"}, SUSPICION)
    found = baselines()[name](market)
    assert groups(found) == {"abcd", "wxyz"}
    assert order(found) == ["a", "w"]


def test_fraudar_finds_the_denser_ring_first(make_market: MakeMarket) -> None:
    dense = {f"i{k}": "abcde" for k in range(4)}
    found = baselines()["fraudar"](make_market({**dense, "p": "wx", "q": "xy"}))
    assert found.members.filter(pl.col("racket_id") == "block-0000")["seller"].to_list() == list("abcde")
    assert order(found)[0] == "block-0000"


def test_by_size_ranks_the_largest_first_whatever_the_scan_says(make_market: MakeMarket) -> None:
    market = make_market({"p": "abc", "q": "wxyz"}, SUSPICION)
    assert order(by_size(market)) == ["w", "a"]


def test_without_graph_ranks_single_stores_by_suspicion(make_market: MakeMarket) -> None:
    found = without_graph(make_market({"p": "ab"}, {"a": 0.2, "b": 0.7, "c": 0.5}))
    assert order(found) == ["b", "c", "a"]


@pytest.mark.parametrize("name", NAMES)
def test_the_order_of_rows_does_not_matter(name: str, make_market: MakeMarket) -> None:
    market = make_market(TWO_RINGS, SUSPICION)
    shuffled = replace(
        market,
        sellers=market.sellers.sample(fraction=1, shuffle=True, seed=1),
        links=market.links.sample(fraction=1, shuffle=True, seed=2),
        identifiers=market.identifiers.reverse(),
    )
    one, other = baselines()[name](market), baselines()[name](shuffled)
    assert one.members.sort("seller").equals(other.members.sort("seller"))
    assert one.rackets.sort("racket_id").equals(other.rackets.sort("racket_id"))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "uses", [{}, {"p": "a"}, {"p": "abcdefghijklmnopqrstuvwxyz"}], ids=["empty", "one", "giant hub"]
)
def test_odd_markets_get_a_calm_answer(name: str, uses: dict[str, str], make_market: MakeMarket) -> None:
    found = baselines()[name](make_market(uses))
    assert set(found.members["seller"]) <= set("".join(uses.values()))


def test_tuning_takes_the_settings_that_fit_the_truth(make_market: MakeMarket) -> None:
    market = make_market(TWO_RINGS, SUSPICION)
    truth = Truth(
        market.sellers.select(
            "seller",
            pl.when(pl.col("seller").is_in(list("abcd"))).then(pl.lit("r")).alias("racket_id"),
            pl.lit(None, pl.String).alias("group_id"),
            pl.lit(None, pl.String).alias("kind"),
        ),
        pl.DataFrame(schema={"seller": pl.String, "hub_kind": pl.String}),
    )
    chosen = tune_leiden(market, truth)
    assert chosen in TUNING
    assert "abcd" in groups(leiden_modularity(market, chosen))
