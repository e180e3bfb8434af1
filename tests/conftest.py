"""Fixtures that all tests share: real Neo4j servers, each in a home of its own, stopped come what may."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import neo4j
import platformdirs
import pytest
from hypothesis import settings

from graphsvc.store import schema
from graphsvc.store.address import ServerAddress
from graphsvc.store.driver import Store
from graphsvc.store.local import LocalConfig, LocalNeo4j, Running, process

CACHE = Path(os.environ.get("GRAPHSVC_CACHE") or platformdirs.user_cache_dir("graphsvc"))
"""Artifacts are fetched once for all tests and all runs."""
_DROP_PROJECTIONS = (
    "CALL gds.graph.list() YIELD graphName CALL gds.graph.drop(graphName) YIELD nodeCount RETURN count(*)"
)


# The same examples at every run: a red run can be repeated. To look for new ones: --hypothesis-profile=search.
settings.register_profile("same", derandomize=True, deadline=None, database=None)
settings.register_profile("search", max_examples=1000, deadline=None)
settings.load_profile("same")


def pytest_configure() -> None:
    """End in good order when told to stop, so that no server is left running."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)


@pytest.fixture(autouse=True)
def _own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the settings of whoever runs the tests out of them, and their data safe."""
    for name in list(os.environ):
        if name.startswith(("GRAPHSVC_", "NEO4J_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("GRAPHSVC_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GRAPHSVC_CACHE", str(CACHE))
    monkeypatch.setenv("GRAPHSVC_BOLT_PORT", "0")
    monkeypatch.setenv("GRAPHSVC_HTTP_PORT", "0")
    monkeypatch.setenv("GRAPHSVC_NEO4J_HEAP", "512m")
    monkeypatch.setenv("GRAPHSVC_NEO4J_PAGECACHE", "256m")


def small(home: Path, version: str = "2026.08") -> LocalConfig:
    """Return the configuration of a small server on free ports."""
    return LocalConfig(home, CACHE, version, bolt_port=0, http_port=0, heap="512m", pagecache="256m")


def _running(home: Path, version: str) -> Iterator[LocalNeo4j]:
    server = LocalNeo4j(small(home, version))
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture
def new_server(tmp_path: Path) -> Iterator[Callable[..., LocalNeo4j]]:
    """Make servers in homes of their own: ``new_server(name, version, **settings)``; none is left running."""
    made: list[LocalNeo4j] = []

    def make(name: str = "own", version: str = "2026.08", **settings: Any) -> LocalNeo4j:
        made.append(LocalNeo4j(replace(small(tmp_path / name, version), **settings)))
        return made[-1]

    try:
        yield make
    finally:
        for server in made:
            for found in process.find(server.config.home.resolve()):
                process.end(found)


@pytest.fixture(scope="session")
def neo4j_2026(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalNeo4j]:
    """Neo4j 2026.08 for the whole session."""
    yield from _running(tmp_path_factory.mktemp("neo4j-2026"), "2026.08")


@pytest.fixture(scope="session")
def neo4j_526(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalNeo4j]:
    """Neo4j 5.26 LTS for the whole session."""
    yield from _running(tmp_path_factory.mktemp("neo4j-526"), "5.26")


@pytest.fixture(scope="session")
def local(neo4j_2026: LocalNeo4j) -> Running:
    """Where the session's Neo4j 2026.08 answers."""
    return neo4j_2026.start()


@pytest.fixture
def store(neo4j_2026: LocalNeo4j) -> Iterator[Store]:
    """An empty store with its schema on Neo4j 2026.08."""
    yield from _empty(neo4j_2026)


@pytest.fixture(params=["2026.08", "5.26"])
def any_store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """An empty store with its schema, on each supported Neo4j."""
    yield from _empty(request.getfixturevalue({"2026.08": "neo4j_2026", "5.26": "neo4j_526"}[request.param]))


def _empty(server: LocalNeo4j) -> Iterator[Store]:
    address = server.start().address
    wipe(address)
    with Store(address) as opened:
        schema.apply(opened)
        yield opened


def wipe(address: ServerAddress) -> None:
    """Delete all nodes and relationships and every projected graph; constraints and indexes stay."""
    with (
        neo4j.GraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver,
        driver.session(database=address.database) as session,
    ):
        session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 20000 ROWS").consume()
        session.run(_DROP_PROJECTIONS).consume()
