"""One thing alone does not join two firm groups; a chain hangs together by such things."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.links.evidence import Assessor, EvidenceOptions
from graphsvc.model.graph import Label
from graphsvc.rackets.detect import detect
from graphsvc.rackets.firm import firm_apart
from tests.rackets.markets import Uses, groups, make

_SIZE = 10
_MOST = EvidenceOptions().most


def block(name: str, accounts: int) -> Uses:
    """Return who uses what in a racket of ten: one workshop, ``accounts`` accounts in turn, a telephone each."""
    stores = [f"{name}{n}" for n in range(_SIZE)]
    return {
        f"ship:{name}": stores,
        **{f"account:{name}{k}": stores[k::accounts] for k in range(accounts)},
        **{f"phone:{store}": [store] for store in stores},
    }


@pytest.mark.parametrize("accounts", [1, 2, 5])
@pytest.mark.parametrize("thing", ["account:mule", "return:house"])
@pytest.mark.parametrize("users", [1, 2, _SIZE])
def test_two_rackets_that_share_one_thing_stay_two(thing: str, users: int, accounts: int) -> None:
    shared = [f"{name}{n}" for name in "ab" for n in range(users)]
    market = make(block("a", accounts) | block("b", accounts) | {thing: shared})
    assert groups(detect(market).members) == {frozenset(f"{name}{n}" for n in range(_SIZE)) for name in "ab"}


def test_two_things_join() -> None:
    shared = ["a0", "a1", "b0", "b1"]
    tied = block("a", 2) | block("b", 2) | {"account:mule": shared, "return:house": shared}
    assert len(groups(detect(make(tied)).members)) == 1


@pytest.mark.parametrize("width", [2, 3, 5])
def test_a_chain_stays_whole(width: int) -> None:
    """Each account serves ``width`` stores, and so does each workshop, half as many further on."""
    stores = [f"c{n:02d}" for n in range(5 * width)]
    chain = {f"account:{k}": stores[k : k + width] for k in range(0, len(stores), width)} | {
        f"ship:{k}": stores[k : k + width] for k in range(width // 2, len(stores), width)
    }
    assert groups(detect(make(chain)).members) == {frozenset(stores)}


@pytest.mark.parametrize("length", [9, 12, 15])
def test_a_chain_stays_whole_whose_accounts_name_holders(length: int) -> None:
    """A cell is not held by an account and by its holder: that is one thing seen twice."""
    stores = [f"c{n:02d}" for n in range(length)]
    accounts = {f"account:{k}": stores[k : k + 3] for k in range(0, length, 3)}
    market = make(accounts | {f"ship:{k}": stores[k : k + 3] for k in range(1, length, 3)})
    named = pl.when(pl.col("label") == Label.PAYMENT_ACCOUNT.value).then(
        pl.format("holder of {}", "identifier")
    )
    held = replace(market, identifiers=market.identifiers.with_columns(named.alias("holder")))
    assert groups(detect(held).members) == {frozenset(stores)}


@pytest.mark.parametrize("strangers", [0, 60])
def test_two_chains_of_other_brands_stay_two_though_two_stores_of_each_share_a_mule(strangers: int) -> None:
    """Nothing but what such behaviour is usually worth tells it from one more link of a chain: too little is learnt."""
    uses: dict[str, list[str]] = {}
    offers = []
    for racket in "pq":
        stores = [f"{racket}{n:02d}" for n in range(10)]
        uses |= {f"account:{racket}{n}": stores[n : n + 2] for n in range(0, 10, 2)}
        uses |= {f"ship:{racket}{n}": stores[n : n + 2] for n in range(1, 9, 2)}
        offers += [{"seller": s, "brand": f"{racket}{n}", "listings": 9} for s in stores for n in range(3)]
    uses["account:mule"] = ["p03", "p04", "q05", "q06"]
    offers += [{"seller": f"s{n}", "brand": f"brand {n % 30}", "listings": 9} for n in range(strangers)]
    found = groups(detect(make(uses, alone=[f"s{n}" for n in range(strangers)], offers=offers)).members)
    assert not [group for group in found if {store[0] for store in group} >= {"p", "q"}]
    assert max(len(group) for group in found if "p00" in group) >= 5


def whole_by_hand(things: list[set[int]], size: int, users: int) -> bool:
    """Say the same as the module does of a group, by trying all and following who shares what."""

    def largest(kept: list[set[int]]) -> int:
        parts = [{n} for n in range(size)]
        for thing in kept:
            touched = [part for part in parts if part & thing]
            parts = (
                [part for part in parts if not part & thing] + [set().union(*touched)] if touched else parts
            )
        return max(len(part) for part in parts)

    narrow = [k for k, thing in enumerate(things) if 1 < len(thing) <= users]
    kept = [things] + [things[:k] + things[k + 1 :] for k in narrow]
    return all(3 * largest(part) > 2 * size for part in kept)


@given(
    st.lists(st.sets(st.integers(0, 7), min_size=2, max_size=6), min_size=1, max_size=8),
    st.integers(1, 4),
)
def test_a_group_is_firm_that_no_narrow_thing_holds_together(things: list[set[int]], reach: int) -> None:
    """The first group has these things; the second is a block that no single thing holds together."""
    size = 8
    uses: Uses = {f"account:{k}": [f"a{n}" for n in sorted(thing)] for k, thing in enumerate(things)}
    uses |= {f"{kind}:b": [f"b{n}" for n in range(size)] for kind in ("account", "ship", "phone")}
    uses["email:tie"] = [f"a{n}" for n in range(reach)] + ["b0"]
    assessor = Assessor(make(uses, alone=[f"a{n}" for n in range(size)]), EvidenceOptions())
    labels = np.repeat([0, 1], size)
    between = assessor.between(labels, assessor.stores)
    means = assessor.stores.identifiers.filter(pl.col("hubProbability") < 0.5)["identifier"].to_list()
    tie = set(range(reach)) if reach > 1 else set()
    held = [thing for k, thing in enumerate(things) if f"account:{k}" in means]
    held += [tie] if tie and "email:tie" in means else []
    several = assessor.stores.pairs.filter((pl.col("weight") > _MOST) & (pl.col("b") < size))
    mostly = len(set(several["a"]) | set(several["b"])) > size / 2
    found = firm_apart(assessor.stores, between, labels, between.pairs.select("a", "b"), _MOST)
    assert found.to_list() == [mostly and whole_by_hand(held, size, reach + 1)] * between.pairs.height
