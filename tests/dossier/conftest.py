"""The small published run, composed once for a module's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from graphsvc.dossier import Dossier, compose
from graphsvc.store import schema
from graphsvc.store.driver import Store
from graphsvc.store.local import LocalNeo4j
from tests import published_market
from tests.conftest import wipe


@pytest.fixture(scope="module")
def market(neo4j_2026: LocalNeo4j) -> Iterator[Store]:
    address = neo4j_2026.start().address
    wipe(address)
    with Store(address) as store:
        schema.apply(store)
        published_market.write(store)
        yield store


@pytest.fixture(scope="module")
def dossier(market: Store) -> Dossier:
    return compose(market, "r-001")
