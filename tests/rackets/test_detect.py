"""Detection on markets small enough to know the answer, and on all the ways a market can be poor or odd."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from graphsvc.model.market import Market
from graphsvc.rackets.detect import detect
from graphsvc.rackets.findings import (
    ASSESSED,
    ATTACHED,
    CORE,
    HARMLESS,
    LINEAGE,
    MEMBERS,
    RACKETS,
    RELIES_ON,
    SUSPECT,
    Findings,
)
from tests.rackets.markets import block, chain, confirmed, groups, make, names, strangers


def well_formed(findings: Findings, market: Market) -> None:
    """Check what holds of any run."""
    for frame, schema in (
        (findings.rackets, RACKETS), (findings.members, MEMBERS), (findings.assessed, ASSESSED),
        (findings.relies_on, RELIES_ON), (findings.lineage, LINEAGE),
    ):  # fmt: skip
        assert frame.schema == schema
    rackets, members = findings.rackets, findings.members
    assert rackets["rank"].to_list() == list(range(1, rackets.height + 1))
    assert rackets["racketId"].is_unique().all()
    assert members["seller"].is_unique().all()
    assert set(members["seller"]) <= set(market.sellers["seller"])
    sizes = dict(members.group_by("racketId").len().iter_rows())
    assert sizes == dict(rackets.select("racketId", "size").iter_rows())
    assert all(size > 1 for size in sizes.values())
    for column in ("score", "confidence"):
        assert rackets[column].is_between(0, 1).all()
    for column in ("confidence", "counterfeit", "stability"):
        assert members[column].is_between(0, 1).all()
    assert set(members["role"]) <= {CORE, ATTACHED}
    assert set(rackets["status"]) <= {SUSPECT, HARMLESS}
    states = rackets["status"].to_list()
    assert states == sorted(states, reverse=True), "suspects come before harmless groups"
    for _, part in rackets.group_by("status"):
        assert part.sort("rank")["score"].is_sorted(descending=True)
    assert findings.assessed["hubProbability"].is_between(0, 1).all()
    assert findings.assessed["weight"].is_between(0, float("inf")).all()
    assert findings.relies_on["share"].is_between(0, 1).all()
    assert findings.relies_on["cut"].is_between(0, 1.000001).all()
    assert set(findings.relies_on["racketId"]) <= set(rackets["racketId"])
    assert findings.figures["groups"] == rackets.height
    assert findings.figures["stores"] == market.sellers["seller"].n_unique()
    assert findings.figures["stores_grouped"] == members.height


def found(market: Market) -> set[frozenset[str]]:
    """Detect, check what holds of any run, and return the groups."""
    findings = detect(market)
    well_formed(findings, market)
    return groups(findings.members)


def test_no_sellers_at_all() -> None:
    assert found(make({})) == set()


def test_one_table_only() -> None:
    assert found(make({}, alone=names("a", 30))) == set()


def test_one_store() -> None:
    assert found(make(strangers(1))) == set()


def test_nothing_shared() -> None:
    assert found(make(strangers(40))) == set()


def test_a_block_is_one_group_and_strangers_are_none() -> None:
    assert found(make({**block("a", 6), **strangers(60)})) == {frozenset(names("a", 6))}


def test_a_chain_is_one_group() -> None:
    market = make({**chain("a", 12), **strangers(80)})
    shared = market.links.group_by("identifier").len()["len"].max()
    assert isinstance(shared, int)
    assert shared <= 5, "no identifier ties even half of it"
    assert found(market) == {frozenset(names("a", 12))}


def test_a_hub_of_500_strangers_makes_no_group() -> None:
    crowd = strangers(500)
    assert found(make({**crowd, "ship:locker": names("z", 500)})) == set()


def test_a_hub_does_not_swallow_the_racket_that_uses_it() -> None:
    uses = {**strangers(300), **block("a", 6)}
    uses["ship:locker"] = [*names("z", 300), *names("a", 6)]
    assert found(make(uses)) == {frozenset(names("a", 6))}


def test_all_stores_on_one_account() -> None:
    market = make({**strangers(120), "account:all": names("z", 120)})
    findings = detect(market)
    well_formed(findings, market)
    assert findings.rackets.filter(pl.col("status") == SUSPECT).is_empty()


def test_a_known_service_ties_nobody() -> None:
    uses = {**strangers(60), "account:payout": names("z", 3)}
    assert found(make(uses, services=["account:payout"])) == set()
    findings = detect(make(uses, services=["account:payout"]))
    payout = findings.assessed.row(by_predicate=pl.col("identifier") == "account:payout", named=True)
    assert payout["hubProbability"] > 0.99
    assert payout["weight"] < 0.05


def test_two_rackets_with_one_mule_account_stay_two() -> None:
    uses = strangers(80)
    for prefix in "ab":  # accounts are rotated; a mule is one of many of each racket
        stores = names(prefix, 8)
        uses |= {f"ship:{prefix}": stores, f"phone:{prefix}": stores}
        uses |= {f"account:{prefix}{n}": [stores[(n + k) % 8] for k in range(3)] for n in range(20)}
    uses["account:mule"] = ["a001", "b002"]
    assert found(make(uses)) == {frozenset(names("a", 8)), frozenset(names("b", 8))}


def test_duplicated_sellers_count_once() -> None:
    market = make({**block("a", 6), **strangers(40)}, test_buys=confirmed(["a000"]))
    doubled = replace(
        market, sellers=pl.concat([market.sellers] * 2), links=pl.concat([market.links] * 2),
        identifiers=pl.concat([market.identifiers] * 2),
    )  # fmt: skip
    once, twice = detect(market), detect(doubled)
    well_formed(twice, doubled)
    for name in ("rackets", "members", "assessed", "relies_on"):
        assert getattr(once, name).equals(getattr(twice, name)), name


def test_an_honest_family_is_found_and_ranked_harmless_below_a_racket_with_fakes() -> None:
    family = {f"{kind}:f": names("f", 4) for kind in ("licence", "person", "phone", "registered")}
    market = make(
        {**block("a", 4), **family, **strangers(60)}, test_buys=confirmed(["a000", "a001"], "nordlauf")
    )
    findings = detect(market)
    well_formed(findings, market)
    assert groups(findings.members) == {frozenset(names("a", 4)), frozenset(names("f", 4))}
    by_store = dict(findings.members.select("seller", "racketId").iter_rows())
    ranked = {row["racketId"]: row for row in findings.rackets.iter_rows(named=True)}
    racket, harmless = ranked[by_store["a000"]], ranked[by_store["f000"]]
    assert (racket["rank"], racket["status"]) == (1, SUSPECT)
    assert harmless["status"] == HARMLESS
    assert racket["confidence"] > harmless["confidence"]


def test_an_authorised_seller_is_believed_more_than_an_unknown_one() -> None:
    offers = [{"seller": s, "brand": "nordlauf", "listings": 10, "sales30d": 100.0} for s in names("a", 4)]
    uses = {**block("a", 4), **strangers(30)}
    allowed = [{"seller": s, "brand": "nordlauf"} for s in names("a", 4)]
    plain = detect(make(uses, offers=offers))
    trusted = detect(make(uses, offers=offers, authorisations=allowed))
    assert trusted.rackets["confidence"][0] < plain.rackets["confidence"][0]
    assert plain.rackets["brands"].to_list() == [["nordlauf"]]


def test_choke_points_are_what_the_group_falls_apart_without() -> None:
    stores = names("a", 6)
    uses = {
        "account:left": stores[:3], "phone:left": stores[:3], "account:right": stores[3:], "phone:right": stores[3:],
        "ship:middle": stores, **strangers(60),
    }  # fmt: skip
    findings = detect(make(uses))
    assert groups(findings.members) == {frozenset(stores)}
    pieces = dict(findings.relies_on.select("identifier", "pieces").iter_rows())
    assert pieces["ship:middle"] == 2
    assert pieces["phone:left"] == 1
    assert findings.relies_on.sort("cut")["identifier"][-1] == "ship:middle"


def test_value_unknown_is_not_value_zero() -> None:
    uses = {**block("a", 3), **strangers(20)}
    assert detect(make(uses)).rackets["estimatedValue"].to_list() == [None]
    sold = {s: {"sales30d": 1000.0} for s in names("a", 3)}
    value = detect(make(uses, stores=sold)).rackets["estimatedValue"][0]
    assert 0 < value < 3000


@pytest.mark.parametrize("kind", ["account", "ship", "phone", "licence", "person", "warehouse"])
def test_a_single_table_beside_sellers_is_enough_to_run(kind: str) -> None:
    market = make({f"{kind}:x": names("a", 3), f"{kind}:y": names("b", 4)}, alone=names("z", 30))
    well_formed(detect(market), market)


def raided(operation: str, stores: list[str], kind: str = "store_closed") -> list[dict[str, object]]:
    """Return what one operation found at stores."""
    return [{"operation": operation, "seller": s, "kind": kind, "on": date(2017, 3, 1)} for s in stores]


def test_stores_that_one_operation_closed_are_one_group() -> None:
    """Two blocks and a loner that nothing ties are one group after one raid; an empty-handed raid says nothing."""
    uses = {**block("a", 4), **block("b", 4), **strangers(40)}
    ends = ["a000", "b003", "z007"]
    whole = frozenset([*names("a", 4), *names("b", 4), "z007"])
    assert found(make(uses, outcomes=raided("O1", ends))) == {whole}
    two = {frozenset(names("a", 4)), frozenset(names("b", 4))}
    assert found(make(uses, outcomes=raided("O1", ends, "no_finding"))) == two


def test_what_a_person_keeps_apart_no_operation_joins() -> None:
    uses = {**block("a", 4), **block("b", 4), **strangers(40)}
    apart = [{"kind": "different", "a": "a000", "b": "b003"}]
    two = {frozenset(names("a", 4)), frozenset(names("b", 4))}
    assert found(make(uses, outcomes=raided("O1", ["a000", "b003"]), judgements=apart)) == two


def test_who_hangs_on_one_tie_stays_less_surely_than_who_shares_all() -> None:
    uses = {**block("a", 6), **strangers(60)}
    uses["ship:a"] = [*names("a", 6), "b000"]
    uses["phone:own-b"] = ["b000"]
    members = detect(make(uses)).members.sort("seller")
    stays = dict(zip(members["seller"], members["stability"], strict=True))
    assert set(stays) == {*names("a", 6), "b000"}
    assert stays["b000"] < stays["a000"]
    assert stays["a000"] > 0.95
