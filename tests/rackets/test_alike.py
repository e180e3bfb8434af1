"""Groups that meet only at something public join where both are suspect and do the same."""

from __future__ import annotations

import numpy as np
import pytest

from graphsvc.links.evidence import Assessor, EvidenceOptions
from graphsvc.model.market import Market
from graphsvc.rackets.alike import _met
from graphsvc.rackets.detect import detect
from tests.rackets.markets import make
from tests.rackets.test_attach import CELLS, STORES, cells, groups, market, sold

TENANTS = 40


def behind_one_house(*, alike: bool, suspect: bool = True) -> Market:
    """Return cells in pairs, each pair and forty single stores in a house that is known to serve anybody. Both cells of
    a pair sell the same rare brand, or different ones, at prices more suspicious than those of the single stores, or
    less; no two of the single stores sell the same."""
    pairs = range(0, CELLS, 2)
    houses = {
        f"ship:house-{cell}": [f"c{one:02d}s{n}" for one in (cell, cell + 1) for n in range(STORES)]
        + [f"lone{cell:02d}-{n}" for n in range(TENANTS)]
        for cell in pairs
    }
    others = [
        {"seller": f"lone{cell:02d}-{n}", "brand": f"other {cell}-{n}", "listings": 5}
        for cell in pairs
        for n in range(TENANTS)
    ]
    of_cells = {
        f"c{cell:02d}s{n}": {"suspicion": 0.9 if suspect else 0.1}
        for cell in range(CELLS)
        for n in range(STORES)
    }
    of_others = {str(store["seller"]): {"suspicion": 0.5} for store in others}
    return make(
        cells() | houses, services=houses, stores=of_cells | of_others, offers=sold(alike=alike) + others
    )


@pytest.mark.parametrize(
    ("alike", "suspect", "found"),
    [(True, True, CELLS // 2), (False, True, CELLS), (True, False, CELLS), (False, False, CELLS)],
)
def test_suspect_cells_behind_one_house_are_joined_if_they_sell_the_same(
    alike: bool, suspect: bool, found: int
) -> None:
    assert groups(behind_one_house(alike=alike, suspect=suspect)) == found + CELLS // 2 * TENANTS


def test_who_is_joined_by_behaviour_alone_is_told_so() -> None:
    members = detect(behind_one_house(alike=True)).members
    assert members.height == CELLS * STORES
    assert set(members["apart"]) == {STORES}
    assert set(detect(market(alike=True)).members["apart"]) == {0}


def test_only_groups_of_several_stores_that_nothing_private_ties_meet() -> None:
    shared = {
        "ship:small": ["a1", "b1", "lone"],
        "ship:large": ["a1", "b1", "c1", "d1"],
        "ship:crowd": ["c1", "d1", "e1", "f1", "g1", "h1"],
        "account:own": ["b2", "c2"],
    }
    public = [name for name in shared if name != "account:own"]
    of = make(shared, services=public, alone=[f"{group}{n}" for group in "abcdefgh" for n in (1, 2)])
    assessor = Assessor(of, EvidenceOptions())
    names = assessor.stores.incidence.sellers["seller"].to_list()
    numbers = {group: place for place, group in enumerate(sorted({name[0] for name in names}))}
    labels = np.array([numbers[name[0]] for name in names])
    evidence = assessor.between(labels, assessor.stores)
    met = _met(evidence, np.bincount(labels) > 1, most=5)
    letters = "".join(sorted(numbers))
    assert {(letters[a], letters[b]): users for a, b, users in met.iter_rows()} == {
        ("a", "b"): 2,
        ("a", "c"): 4,
        ("a", "d"): 4,
        ("b", "d"): 4,
        ("c", "d"): 4,
    }
