"""A simulated market of 300 stores, staged once, and loaded into a real Neo4j."""

from __future__ import annotations

import pytest

from graphsvc.model.market import Market
from graphsvc.scan.kernel import scan
from graphsvc.simulate import SimulationOptions, write_market
from graphsvc.store.driver import Store
from ingest.load import load
from ingest.stage import stage
from ingest.staged import Staged

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


@pytest.fixture
def staged_in(store: Store, staged: Staged) -> None:
    """Load the simulated market into ``store``."""
    load(staged, store)
