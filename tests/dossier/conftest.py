"""The small published run, composed once for a module's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from graphsvc.dossier import Dossier, compose
from graphsvc.store.driver import Store
from graphsvc.store.local import LocalNeo4j
from tests import published_market


@pytest.fixture(scope="module")
def market(neo4j_2026: LocalNeo4j) -> Iterator[Store]:
    with published_market.published(neo4j_2026) as store:
        yield store


@pytest.fixture(scope="module")
def dossier(market: Store) -> Dossier:
    return compose(market, "r-001")
