"""A simulated market with two runs on each supported Neo4j: what the Browser kit is tried on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import neo4j
import polars as pl
import pytest

from graphsvc.links import read_market
from graphsvc.rackets import detect, publish, published_members, with_identity
from graphsvc.scan.kernel import scan
from graphsvc.simulate import SimulationOptions, write_market
from graphsvc.store import schema
from graphsvc.store.driver import Store
from graphsvc.store.local import LocalNeo4j
from ingest.load import load
from ingest.stage import stage

SELLERS = 1_500
HUGE = 30_000
"""Further stores of one fulfilment house: the hub that must not drown anybody."""


@dataclass(frozen=True)
class Tried:
    """A server with the market on it, and parameters for every favourite."""

    server: LocalNeo4j
    store: Store
    params: dict[str, Any]

    def run(self, text: str) -> tuple[list[neo4j.Record], list[str], neo4j.ResultSummary]:
        """Run a statement as Browser does: any text, its parameters among others."""
        address = self.store.address
        with neo4j.GraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver:
            result = driver.execute_query(text, self.params, database_=address.database)  # type: ignore[arg-type]
            return result.records, list(result.keys), result.summary


@pytest.fixture(scope="module", params=["2026.08", "5.26"])
def tried(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, emptied: Callable[[LocalNeo4j], None]
) -> Iterator[Tried]:
    """Return the market on a Neo4j of each supported version."""
    yield from opened(
        request.getfixturevalue({"2026.08": "neo4j_2026", "5.26": "neo4j_526"}[request.param]),
        tmp_path_factory.mktemp("market"), emptied,
    )


def opened(server: LocalNeo4j, folder: Path, emptied: Callable[[LocalNeo4j], None]) -> Iterator[Tried]:
    """Fill a server with the market; close the store at the end."""
    address = server.start().address
    emptied(server)
    with Store(address) as store:
        schema.apply(store)
        fill(store, folder)
        yield Tried(server, store, parameters(store))


def fill(store: Store, folder: Path) -> None:
    """Simulate, load, scan and detect twice: before and after some stores are known."""
    write_market(folder / "tables", SimulationOptions(SELLERS, seed=5, difficulty="easy", prevalence=0.2))
    staged = stage([folder / "tables"], folder / "staged", b"a key for the tests")
    staged.with_scan(scan(staged.listings))
    load(staged, store)
    market = read_market(store)
    seed = market.sellers.filter(pl.int_range(pl.len()) % 7 != 0)["seller"]
    earlier = type(market)(**{
        **market.__dict__, "links": market.links.filter(pl.col("seller").is_in(seed.implode()))
    })
    for known in (earlier, market):
        findings = with_identity(detect(known), published_members(store))
        publish(store, findings, started=datetime.now(UTC))


def parameters(store: Store) -> dict[str, Any]:
    """Return parameters for every favourite, taken from the first racket."""
    return store.read("../tests/browser/parameters")[0]
