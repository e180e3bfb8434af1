"""What the usual ways see of a market."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from graphsvc.evaluate.sharing import components, projected, sharing
from graphsvc.model.market import Market

MakeMarket = Callable[..., Market]


def test_only_identifiers_of_two_to_cap_stores_count(make_market: MakeMarket) -> None:
    market = make_market({"p": "ab", "hub": "abcd", "own": "e"})
    assert sharing(market).identifiers == 2
    assert sharing(market, cap=3).identifiers == 1
    assert sharing(market, cap=3).names == ("a", "b", "c", "d", "e")


def test_known_services_are_left_out_unless_asked_for(make_market: MakeMarket) -> None:
    market = make_market({"p": "ab", "bank": "cd"}, services=("bank",))
    assert sharing(market).identifiers == 1
    assert sharing(market, keep_services=True).identifiers == 2


def test_repeated_links_count_once(make_market: MakeMarket) -> None:
    uses = sharing(make_market({"p": "aab"}))
    assert uses.seller.tolist() == [0, 1]
    assert uses.degree.tolist() == [2, 2]


def test_pairs_weigh_what_they_share(make_market: MakeMarket) -> None:
    uses = sharing(make_market({"p": "ab", "q": "abc"}))
    np.testing.assert_allclose(projected(uses, inverse=False).toarray(), [[0, 2, 1], [2, 0, 1], [1, 1, 0]])
    np.testing.assert_allclose(
        projected(uses, inverse=True).toarray(), [[0, 1.5, 0.5], [1.5, 0, 0.5], [0.5, 0.5, 0]]
    )


def test_components_join_what_is_linked_through_others(make_market: MakeMarket) -> None:
    labels = components(sharing(make_market({"p": "ab", "q": "bc", "r": "de", "s": "f"})))
    assert labels[0] == labels[1] == labels[2]
    assert labels[3] == labels[4] != labels[0]
    assert labels[5] not in labels[:5]


def test_a_market_without_shared_identifiers_has_no_pairs(make_market: MakeMarket) -> None:
    uses = sharing(make_market({"p": "a", "q": "b"}))
    assert components(uses).tolist() == [0, 1]
    assert projected(uses, inverse=True).nnz == 0
