"""Who uses what, with uncertain identities."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.links.evidence import Assessor, EvidenceOptions
from graphsvc.links.incidence import HOLDER, KINDS, incidence
from graphsvc.model.market import Market
from tests.rackets.markets import block, make, strangers

PAIRS = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda pair: pair[0] != pair[1]), max_size=6
)


def spelled(pairs: list[tuple[int, int]]) -> Market:
    """Return a market where eight addresses are shared by two stores each, some perhaps the same."""
    uses = {f"ship:{n}": [f"s{n}a", f"s{n}b"] for n in range(8)}
    similar = [{"a": f"ship:{a}", "b": f"ship:{b}", "probability": 0.5} for a, b in pairs]
    return make(uses, similar=similar)


@given(PAIRS)
def test_what_is_perhaps_the_same_is_one_entity(pairs: list[tuple[int, int]]) -> None:
    entity = dict(incidence(spelled(pairs)).identifiers.select("identifier", "entity").iter_rows())
    for a, b in pairs:
        low, high = sorted((f"ship:{a}", f"ship:{b}"))
        assert entity[low] == entity[high] == entity[f"{low}~{high}"]
    if not pairs:
        assert len(set(entity.values())) == len(entity)


def test_two_spellings_of_one_place_weigh_no_more_than_one() -> None:
    """A place written in two ways by both of its users is one thing they share, not two."""
    users = ["b000", "c000"]
    plain = {**block("a", 6), **strangers(60), "ship:x": users}
    twice = {**plain, "ship:y": users}
    similar = [{"a": "ship:x", "b": "ship:y", "probability": 0.9}]

    def weight(market: Market) -> float:
        evidence = Assessor(market, EvidenceOptions()).stores
        order = evidence.incidence.sellers["seller"].to_list()
        a, b = sorted(order.index(user) for user in users)
        return float(sum(row[2] for row in evidence.pairs.iter_rows() if row[:2] == (a, b)))

    one, both = weight(make(plain)), weight(make(twice, similar=similar))
    assert one > 0
    assert both < 1.3 * one


def held(market: Market, holders: dict[str, str]) -> Market:
    """Return a market whose accounts name these holders."""
    by_account = pl.col("identifier").replace_strict(holders, default=None, return_dtype=pl.String)
    return replace(market, identifiers=market.identifiers.with_columns(by_account.alias("holder")))


def tied_by(market: Market) -> set[str]:
    return set(incidence(market).identifiers["identifier"])


def test_a_holder_known_through_one_account_is_that_account() -> None:
    uses = {"account:1": ["a", "b", "c"], "account:2": ["d"]}
    assert tied_by(held(make(uses), {"account:1": "he", "account:2": "she"})) == {"account:1"}
    assert tied_by(held(make(uses), {"account:1": "he", "account:2": "he"})) == {"account:1", "he#held"}


def test_who_holds_a_public_account_ties_nobody() -> None:
    uses = {"account:1": ["a", "b"], "account:2": ["c", "d"], "account:3": ["e", "f"]}
    holders = dict.fromkeys(uses, "payouts")
    assert "payouts#held" in tied_by(held(make(uses), holders))
    assert "payouts#held" not in tied_by(held(make(uses, services=list(uses)), holders))
    words = [{"kind": "whitelist", "a": account} for account in uses]
    assert "payouts#held" not in tied_by(held(make(uses, judgements=words), holders))


def test_a_store_of_many_holders_stays_one() -> None:
    """Each user has its part of a holder known through one account; together they have one."""
    uses = {"account:1": ["a", "b", "c", "d"], "account:2": ["a"], "account:3": ["a"]}
    found = incidence(held(make(uses), {account: f"holder of {account}" for account in uses}))
    breadth = found.breadth[:, KINDS.categories.to_list().index(HOLDER)]
    assert breadth.tolist() == [2.25, 0.25, 0.25, 0.25]
