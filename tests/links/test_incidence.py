"""Who uses what, with uncertain identities."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from graphsvc.links.evidence import Assessor, EvidenceOptions
from graphsvc.links.incidence import incidence
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
