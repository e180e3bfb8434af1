"""A simulated market with two runs on each supported Neo4j: what the Browser kit is tried on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import neo4j
import polars as pl
import pytest

from graphsvc.links.reading import read_market
from graphsvc.rackets.detect import detect
from graphsvc.rackets.identity import with_identity
from graphsvc.rackets.publish import publish, published_members
from graphsvc.scan.kernel import scan
from graphsvc.simulate import SimulationOptions, write_market
from graphsvc.store import schema
from graphsvc.store.driver import Store
from graphsvc.store.local import LocalNeo4j
from ingest.load import load
from ingest.stage import stage

SELLERS = 600


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
        bare = Tried(server, store, {})
        yield Tried(server, store, parameters(lambda text: bare.run(text)[0]))


def fill(store: Store, folder: Path) -> None:
    """Simulate, load, scan and detect twice: before and after some stores are known."""
    write_market(folder / "tables", SimulationOptions(SELLERS, seed=5, difficulty="easy", prevalence=0.2))
    staged = stage([folder / "tables"], folder / "staged", b"a key for the tests")
    staged.with_scan(scan(staged.listings))
    load(staged, store)
    market = read_market(store)
    seed = market.sellers.filter(pl.int_range(pl.len()) % 7 != 0)["seller"]
    earlier = replace(market, links=market.links.filter(pl.col("seller").is_in(seed.implode())))
    for known in (earlier, market):
        findings = with_identity(detect(known), published_members(store))
        publish(store, findings, started=datetime.now(UTC))


def parameters(run: Callable[[str], list[neo4j.Record]]) -> dict[str, Any]:
    """Return parameters for every favourite: the first racket with a site on the map, and what it uses."""
    first = run(
        "MATCH (:Published)-[:CURRENT]->(run)<-[:FOUND_IN]-(r {status: 'suspect'})<-[:MEMBER_OF]-(store:Seller) "
        "MATCH (store)-[:SHIPS_FROM|RETURNS_TO]->(place:Address) WHERE place.location IS NOT NULL "
        "AND (r)-[:RELIES_ON]->(place) "
        "MATCH (store)-[:PAID_TO]->(money) "
        "RETURN r.racketId AS racket, r.id AS node, store.id AS seller, left(store.storeName, 2) AS name, "
        "place.id AS address, left(r.jurisdictions[0], 4) AS adcode, money.id AS account "
        "ORDER BY r.rank, seller, address, account LIMIT 1"
    )[0].data()
    others = run(
        "MATCH (a:Seller)-[:MEMBER_OF]->({id: '" + first["node"] + "'})<-[:MEMBER_OF]-(b:Seller) "
        "RETURN a.id AS a, b.id AS b ORDER BY a, b LIMIT 1"
    )[0].data()
    return {**first, **others, "metres": 2_000}
