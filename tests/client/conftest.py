"""A small simulated market, loaded once into the session's Neo4j, and a client on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import graphsvc
from graphsvc.store.address import ServerAddress
from graphsvc.store.local import Running
from tests.conftest import wipe

KEY = "b8f0a6c1d2e3947586a7b8f0a6c1d2e3"

Connect = Callable[[], graphsvc.Client]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the market of the examples."""
    return graphsvc.simulate_market(tmp_path_factory.mktemp("market") / "market", sellers=300, seed=7)


@pytest.fixture(scope="session")
def market(folder: Path) -> graphsvc.Market:
    return graphsvc.read_market(folder)


@pytest.fixture
def empty_server(local: Running) -> ServerAddress:
    """Where a server answers that holds nothing."""
    wipe(local.address)
    return local.address


@pytest.fixture
def client(empty_server: ServerAddress) -> Iterator[graphsvc.Client]:
    """A client on an empty store."""
    at = empty_server
    with graphsvc.Client(at.uri, at.user, at.password, account_key=KEY) as connected:
        yield connected
