"""Who uses what, as columns, and what it weighs."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from graphsvc.links import evidence, sharing
from graphsvc.links.evidence import Assessor, EvidenceOptions
from graphsvc.links.incidence import HOLDER, KINDS, REGISTERED, collapse, incidence
from graphsvc.links.names import expected_namesakes
from tests.rackets.markets import block, make, names, strangers


def by_identifier(frame: pl.DataFrame) -> dict[str, dict[str, object]]:
    return {row["identifier"]: row for row in frame.iter_rows(named=True)}


def own(breadth: NDArray[np.float64]) -> dict[tuple[int, str], int]:
    """How many identifiers of a kind only one store uses."""
    kinds = KINDS.categories.to_list()
    return {(int(s), kinds[kind]): int(breadth[s, kind]) for s, kind in np.argwhere(breadth)}


def test_one_use_a_store_and_identifier_whoever_says_so_and_how_often() -> None:
    market = make({"phone:p": ["a", "b"], "phone:own": ["a"]})
    again = market.links.with_columns(pl.lit(date(2016, 3, 1)).alias("firstSeen"))
    graph = incidence(type(market)(**{**vars(market), "links": pl.concat([market.links, again])}))
    assert graph.identifiers.select("identifier", "degree").rows() == [("phone:p", 2)]
    assert graph.uses.height == 2
    assert graph.uses["first"].to_list() == [(date(2016, 3, 1) - date(1970, 1, 1)).days] * 2
    assert own(graph.breadth) == {(0, "Phone"): 1}


def test_a_registered_address_is_paper_unless_goods_leave_from_it() -> None:
    uses = {"registered:office": ["a", "b"], "registered:shop": ["a", "b"]}
    market = make(uses)
    goods = make({"ship:x": ["b"]}).links.with_columns(pl.lit("registered:shop").alias("identifier"))
    graph = incidence(type(market)(**{**vars(market), "links": pl.concat([market.links, goods])}))
    kinds = {key: row["kind_of"] for key, row in by_identifier(graph.identifiers).items()}
    assert kinds == {"registered:office": REGISTERED, "registered:shop": "Address"}


def test_stores_whose_accounts_one_person_holds_share_the_holder() -> None:
    market = make({"account:1": ["a"], "account:2": ["b"]})
    held = market.identifiers.with_columns(pl.lit("陈建国").alias("holder"))
    graph = incidence(type(market)(**{**vars(market), "identifiers": held}))
    assert graph.identifiers.select("node", "kind_of", "family").rows() == [("陈建国", HOLDER, "money")]


def test_what_may_be_the_same_is_shared_as_far_as_it_is_probable() -> None:
    market = make(
        {"ship:1": ["a"], "ship:2": ["b"]}, similar=[{"a": "ship:1", "b": "ship:2", "probability": 0.6}]
    )
    (row,) = incidence(market).identifiers.iter_rows(named=True)
    assert (row["identifier"], row["degree"], row["soft"]) == ("ship:1~ship:2", 2, 0.6)


def test_groups_taken_for_stores_use_what_any_of_their_stores_uses() -> None:
    graph = incidence(make({"phone:ab": ["a", "b"], "phone:bc": ["b", "c"], "phone:cd": ["c", "d"]}))
    merged = collapse(graph, np.array([0, 0, 1, 1]))
    assert merged.identifiers.select("identifier", "degree").rows() == [("phone:bc", 2)]
    assert own(merged.breadth) == {(0, "Phone"): 1, (1, "Phone"): 1}


def test_weights_are_the_negative_logarithm_of_the_hub_probability_within_bounds() -> None:
    options = EvidenceOptions()
    found = Assessor(make({**block("a", 5), **strangers(50), "ship:crowd": names("z", 50)}), options).stores
    rows = by_identifier(found.identifiers)
    for row in rows.values():
        expected = min(-np.log(row["hubProbability"]), options.most)  # type: ignore[call-overload]
        assert row["weight"] == pytest.approx(max(expected, 0))
    assert rows["ship:crowd"]["hubProbability"] > rows["ship:a"]["hubProbability"]  # type: ignore[operator]
    assert rows["ship:crowd"]["groups"] == 50
    assert rows["ship:a"]["groups"] == 1
    assert found.pairs.select((pl.col("a") < pl.col("b")).all()).item()
    assert found.pairs.select("a", "b").is_unique().all()


def test_more_in_common_never_weighs_less() -> None:
    base = strangers(30)
    one = Assessor(make({**base, "phone:x": ["a", "b"]}), EvidenceOptions()).stores.pairs
    two = Assessor(
        make({**base, "phone:x": ["a", "b"], "account:y": ["a", "b"]}), EvidenceOptions()
    ).stores.pairs
    assert one.height == two.height == 1
    assert two["weight"][0] > one["weight"][0]
    assert two["families"].to_list() == [2]


def test_what_is_looked_at_in_one_go_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    market = make({**block("a", 5), **block("b", 4), **strangers(50), "ship:crowd": names("z", 50)})
    whole = Assessor(market, EvidenceOptions())
    monkeypatch.setattr(sharing, "_BLOCK", 7)
    monkeypatch.setattr(evidence, "_AT_A_TIME", 3)
    parts = Assessor(market, EvidenceOptions())
    labels = np.arange(whole.graph.sellers.height) // 2
    for one, other in (
        (whole.stores, parts.stores),
        (whole.between(labels, whole.stores), parts.between(labels, parts.stores)),
    ):
        assert one.shared.height > 0
        assert one.shared.equals(other.shared)
        assert one.pairs.equals(other.pairs)
        assert one.identifiers.equals(other.identifiers)


def test_common_names_have_more_namesakes_than_rare_ones() -> None:
    given = pl.Series(["王伟", "王伟", "王芳", "李伟", "王明", "李明", "欧阳娜娜", "Shoe Ltd", None])
    expected = expected_namesakes(given)
    assert expected.len() == given.len()
    assert expected[0] == expected[1]
    assert expected[0] > expected[6]
    assert expected[7] is None
    assert expected[8] is None
    assert expected_namesakes(pl.Series(["Acme"], dtype=pl.String)).to_list() == [None]
