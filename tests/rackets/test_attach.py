"""Behaviour decides about single ties between groups."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from graphsvc.links.evidence import Assessor, EvidenceOptions
from graphsvc.model.market import Market
from graphsvc.rackets.attach import Curve, _company, _tied, _true_discovery
from graphsvc.rackets.detect import detect
from graphsvc.rackets.engines import Native
from graphsvc.rackets.partition import PartitionOptions, partition
from tests.rackets.markets import make

CELLS = 24
STORES = 6


def chain(cell: int) -> dict[str, list[str]]:
    """Return who uses what in one cell: six stores, each sharing an account and a phone with the next two."""
    stores = [f"c{cell:02d}s{n}" for n in range(STORES)]
    return {
        f"{kind}:{cell}-{n}": stores[n : n + 3]
        for n in range(STORES - 2)
        for kind in ("account", "phone", "ship")
    }


def cells() -> dict[str, list[str]]:
    """Return who uses what in all cells."""
    return {name: users for cell in range(CELLS) for name, users in chain(cell).items()}


def sold(*, alike: bool) -> list[dict[str, object]]:
    """Return what the stores of all cells offer: both cells of a pair the same rare brand, or different ones."""
    return [
        {"seller": f"c{cell:02d}s{n}", "brand": f"brand {cell // 2 if alike else cell}", "listings": 5}
        for cell in range(CELLS)
        for n in range(STORES)
    ]


def market(*, alike: bool) -> Market:
    """Return cells tied in pairs by one old address; both of a pair sell the same rare brand, or different ones."""
    tied = {f"ship:old-{cell}": [f"c{cell:02d}s5", f"c{cell + 1:02d}s0"] for cell in range(0, CELLS, 2)}
    return make(cells() | tied, offers=sold(alike=alike))


def groups(of: Market) -> int:
    """Count the groups found."""
    found = partition(of, Native(), 1, PartitionOptions(bars=(0.3,)), EvidenceOptions())
    return int(np.unique(found.labels).size)


def test_cells_that_sell_the_same_are_joined_over_one_address() -> None:
    assert groups(market(alike=True)) == CELLS // 2


def test_cells_that_sell_different_things_stay_apart() -> None:
    assert groups(market(alike=False)) == CELLS


def test_all_that_hangs_on_one_group_joins_it() -> None:
    leaves = {f"ship:leaf-{n}": [f"c00s{n % STORES}", f"leaf{n}"] for n in range(12)}
    same = [{"seller": f"leaf{n}", "brand": "brand 0", "listings": 5} for n in range(12)]
    found = detect(make(cells() | leaves, offers=sold(alike=True) + same)).members
    rackets = dict(found.select("seller", "racketId").iter_rows())
    assert {rackets.get(f"leaf{n}") for n in range(12)} == {rackets["c00s0"]}


def test_a_tie_is_judged_with_the_others_by_the_same_thing() -> None:
    shared = {"ship:a": ["s1", "s2"], "ship:b": ["s3", "s4", "s5"], "account:c": ["s3", "s4"]}
    evidence = Assessor(make(shared), EvidenceOptions()).stores
    ties = _tied(evidence)
    assert ties.select("families", "entities").rows() == [(1, 1), (2, 2), (1, 1), (1, 1)]
    weight = dict(
        evidence.shared.group_by("a", "b")
        .agg(pl.col("weight").sum())
        .select(pl.struct("a", "b").hash(), "weight")
        .iter_rows()
    )
    assert ties["nats"].to_list() == pytest.approx(
        [weight[tie] for tie in ties.select(pl.struct("a", "b").hash()).to_series()]
    )
    found = _company(evidence, ties.with_columns(real=pl.Series([0.8, 0.2, 0.5, 0.5])), mean=0.4)
    by_a, by_b, by_c = (0.8 + 2.0) / 6, (1.2 + 2.0) / 8, (0.2 + 2.0) / 6
    assert found["real"].to_list() == pytest.approx([by_a, max(by_b, by_c), by_b, by_b])
    assert found["users"].to_list() == [2, 2, 3, 3]


@given(
    st.lists(st.floats(-10, 10), min_size=1, max_size=40),
    st.lists(st.floats(-10, 10), min_size=1, max_size=40),
)
def test_probability_rises_with_likeness(values: list[float], chance: list[float]) -> None:
    found = _true_discovery(np.array(values), np.array(chance))
    probability = found.at(np.sort(np.array(values + chance)))
    assert ((probability >= 0) & (probability <= 1)).all()
    assert (np.diff(probability) >= 0).all()


@given(st.lists(st.floats(-10, 10), min_size=1, max_size=20), st.floats(-20, 20))
def test_what_was_learnt_holds_from_each_likeness_up_to_the_next(values: list[float], asked: float) -> None:
    levels = np.unique(values)
    below = [level for level in levels if level <= asked] or levels[:1]
    curve = Curve(levels, np.linspace(0.1, 0.9, levels.size))
    assert curve.at(np.array([asked])) == curve.at(np.array([below[-1]]))
    assert curve.at(levels).tolist() == curve.share.tolist()


def usual(likeness: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what is believed of ties where there are none to learn from."""
    return 1 / (1 + np.exp(3 - 0.55 * likeness))


def test_what_chance_does_as_often_is_no_discovery() -> None:
    values = np.linspace(0, 10, 3_000)
    assert _true_discovery(values, values).at(values) == pytest.approx(30 / 3_030 * usual(values))
    assert _true_discovery(np.zeros(50), np.zeros(10)).at(values) == pytest.approx(
        30 / 80 * usual(np.zeros(1))[0]
    )


def test_from_few_ties_the_usual_is_concluded() -> None:
    likeness = np.array([0.0, 4.0, 8.0])
    assert _true_discovery(likeness, np.zeros(0)).at(likeness) == pytest.approx(usual(likeness))
    assert _true_discovery(likeness, likeness).at(likeness) == pytest.approx(30 / 33 * usual(likeness))


def test_what_chance_never_does_is_certain_but_for_what_is_usual() -> None:
    likeness = np.array([9.0])
    for ties in (3, 3_000):
        found = _true_discovery(np.repeat([0.0, 1.0, 9.0], ties // 3), np.array([0.0, 0.5, 1.0, 1.0]))
        assert found.at(likeness) == pytest.approx((ties + 30 * usual(likeness)) / (ties + 30))
        assert found.at(np.array([0.0])) < 0.5
