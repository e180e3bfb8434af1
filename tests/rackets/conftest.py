"""A simulated market of 300 stores, staged once, and the same market published on a real Neo4j."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from graphsvc.model.market import Market
from graphsvc.rackets.run import Published, run
from graphsvc.scan.kernel import scan
from graphsvc.simulate import SimulationOptions, write_market
from graphsvc.store import schema
from graphsvc.store.driver import Store
from graphsvc.store.local import LocalNeo4j
from ingest.load import load
from ingest.stage import stage
from ingest.staged import Staged
from tests.conftest import wipe

_KEY = b"a key for the tests of detection"


@pytest.fixture(scope="session")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Staged:
    """The simulated market as staged tables, scanned."""
    folder = tmp_path_factory.mktemp("simulated")
    write_market(folder / "market", SimulationOptions(300, seed=5, prevalence=0.2))
    found = stage([folder / "market"], folder / "work", _KEY)
    return found.with_scan(scan(found.listings))


@pytest.fixture(scope="session")
def simulated(staged: Staged) -> Market:
    """The simulated market as detection reads it."""
    return staged.market()


@pytest.fixture
def loaded(any_store: Store, staged: Staged) -> Store:
    """The simulated market in each supported Neo4j."""
    load(staged, any_store)
    return any_store


@pytest.fixture(scope="module")
def published(neo4j_2026: LocalNeo4j, staged: Staged) -> Iterator[tuple[Store, Published]]:
    """The simulated market with one published run; for tests that only read."""
    address = neo4j_2026.start().address
    wipe(address)
    with Store(address) as store:
        schema.apply(store)
        load(staged, store)
        yield store, run(store)


@pytest.fixture
def staged_in(store: Store, staged: Staged) -> None:
    """Load the simulated market into ``store``."""
    load(staged, store)
