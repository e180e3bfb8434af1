"""Figures with labels for some stores only."""

from __future__ import annotations

import polars as pl
import pytest

from graphsvc.evaluate.prediction import from_groups
from graphsvc.evaluate.wallets import ceiling, measure
from tests.rackets.markets import make

SELLERS = pl.DataFrame(
    {
        "seller_id": list("abcdefgh"),
        "status": ["removed"] * 5 + ["active"] * 3,
    }
)
GROUPS = pl.DataFrame({"seller_id": list("abcd"), "group": ["g", "g", "g", "h"]})


def clusters(**groups: str) -> pl.DataFrame:
    rows = [(racket, seller) for racket, members in groups.items() for seller in members]
    return pl.DataFrame(rows, schema={"racket_id": pl.String, "seller": pl.String}, orient="row")


def test_agreement_looks_at_labelled_stores_alone() -> None:
    found = measure(from_groups(clusters(x="abef")), GROUPS, SELLERS)
    assert found.agreement.precision == 1.0
    assert found.agreement.recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)


def test_contamination_counts_active_stores_in_clusters_with_two_labelled_ones() -> None:
    found = measure(from_groups(clusters(x="abef", y="cgh")), GROUPS, SELLERS)
    assert (found.flagged_clusters, found.flagged_stores, found.grouped_stores) == (1, 4, 7)
    assert found.contamination == 0.25
    assert found.unlabelled == 0.5


def test_mixing_groups_costs_precision() -> None:
    assert measure(from_groups(clusters(x="abcd")), GROUPS, SELLERS).agreement.precision == pytest.approx(
        (3 * 3 / 4 + 1 / 4) / 4
    )


def test_without_a_flagged_cluster_there_is_no_contamination_figure() -> None:
    found = measure(from_groups(clusters(x="gh")), GROUPS, SELLERS)
    assert found.contamination is None
    assert found.flagged_clusters == 0


def test_who_is_told_the_groups_links_what_their_stores_share_and_is_no_service() -> None:
    """a and b share an account, c only a service with them, d shares with a but is of another group."""
    market = make(
        {"account:x": ["a", "b"], "account:y": ["a", "d"], "account:s": list("abc")}, services=["account:s"]
    )
    found = measure(ceiling(market, GROUPS), GROUPS, SELLERS)
    assert found.agreement.precision == 1.0
    assert found.agreement.recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)
    assert found.grouped_stores == 2
