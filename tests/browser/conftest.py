"""A simulated market with two runs on each supported Neo4j: what the Browser kit is tried on."""

from __future__ import annotations

from collections.abc import Iterator
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
from graphsvc.store.local import LocalNeo4j, Running
from ingest.load import load
from ingest.stage import stage

SELLERS = 500
CROWD = 20_000
"""Stores of one public parcel locker: the hub that must not drown anybody."""
LOCKER = "public-locker"


@dataclass(frozen=True)
class Tried:
    """A server with the market on it, and parameters for every favourite."""

    running: Running
    driver: neo4j.Driver
    params: dict[str, Any]

    def run(self, text: str, **others: Any) -> neo4j.EagerResult:
        """Run a statement as Browser does: its parameters among others that it does not use."""
        return self.driver.execute_query(text, {**self.params, **others})


@pytest.fixture(scope="module", params=["2026.08", "5.26"])
def tried(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tried]:
    """Return the market on a Neo4j of each supported version."""
    server: LocalNeo4j = request.getfixturevalue(
        {"2026.08": "neo4j_2026", "5.26": "neo4j_526"}[request.param]
    )
    running = server.start()
    address = running.address
    with neo4j.GraphDatabase.driver(
        address.uri, auth=(address.user, address.password), notifications_min_severity="OFF"
    ) as driver:
        with driver.session() as session:
            session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 20000 ROWS").consume()
        with Store(address) as store:
            schema.apply(store)
            fill(store, tmp_path_factory.mktemp("market"))
            driver.execute_query(_CROWD, {"crowd": CROWD, "locker": LOCKER})
            assert store.refresh_statistics()
        yield Tried(running, driver, _parameters(driver))


def fill(store: Store, folder: Path) -> None:
    """Simulate, load, scan and detect twice: before some links were known, and after."""
    write_market(folder / "tables", SimulationOptions(SELLERS, seed=5, difficulty="easy", prevalence=0.2))
    staged = stage([folder / "tables"], folder / "staged", b"a key for the tests")
    staged.with_scan(scan(staged.listings))
    load(staged, store)
    market = read_market(store)
    known = market.sellers.filter(pl.int_range(pl.len()) % 7 != 0)["seller"]
    earlier = replace(market, links=market.links.filter(pl.col("seller").is_in(known.implode())))
    for now in (earlier, market):
        findings = with_identity(detect(now), published_members(store))
        publish(store, findings, started=datetime.now(UTC))


_FIRST = """
MATCH (:Published)-[:CURRENT]->(run)<-[:FOUND_IN]-(r {status: 'suspect'})<-[:MEMBER_OF]-(store:Seller)
MATCH (store)-[:SHIPS_FROM|RETURNS_TO]->(place:Address)<-[:RELIES_ON]-(r)
WHERE place.location IS NOT NULL AND any(code IN r.jurisdictions WHERE code STARTS WITH left(place.adcode, 4))
  AND NOT EXISTS { (place)<-[v:ASSESSED {runId: run.id}]-() WHERE v.hubProbability >= 0.5 }
MATCH (store)-[:PAID_TO]->(money), (store)-[:LISTS]->()
RETURN r.racketId AS racket, store.id AS seller, left(store.storeName, 2) AS name, place.id AS address,
  left(place.adcode, 4) AS adcode, money.id AS account
ORDER BY r.rank, seller, address, account
LIMIT 1
"""
_TWO = """
MATCH (:Published)-[:CURRENT]->(run)<-[:FOUND_IN]-(r {racketId: $racket})
MATCH (a:Seller)-[:MEMBER_OF]->(r)<-[:MEMBER_OF]-(b:Seller)
MATCH (a)-[:SHIPS_FROM|RETURNS_TO|PAID_TO|USES_PHONE]->(i)<-[:SHIPS_FROM|RETURNS_TO|PAID_TO|USES_PHONE]-(b)
WHERE NOT EXISTS { (i)<-[v:ASSESSED {runId: run.id}]-() WHERE v.hubProbability >= 0.5 }
RETURN a.id AS a, b.id AS b
ORDER BY a, b
LIMIT 1
"""
_SIMILAR = """
MATCH (s:Seller)-[:SHIPS_FROM|RETURNS_TO]->()-[:SIMILAR_TO]-()<-[:SHIPS_FROM|RETURNS_TO]-(:Seller)
RETURN s.id AS similar
ORDER BY similar
LIMIT 1
"""
_CROWD = """
MATCH (:Published)-[:CURRENT]->(run)<-[:FOUND_IN]-(r)
WITH DISTINCT run
CREATE (locker:Address {id: $locker, name: 'locker', text: 'locker', adcode: '440300'})
CREATE (run)-[said:ASSESSED {runId: run.id, hubProbability: 0.99}]->(locker)
SET said += {stores: $crowd, groups: $crowd, weight: 0.0}
WITH DISTINCT locker
MATCH (member:Seller)
CREATE (member)-[:RETURNS_TO {id: 'locker-' + member.id}]->(locker)
WITH DISTINCT locker
UNWIND range(1, $crowd) AS n
CREATE (:Seller {id: 'crowd-' + n, name: 'crowd'})-[:RETURNS_TO {id: 'crowd-' + n}]->(locker)
"""


def _parameters(driver: neo4j.Driver) -> dict[str, Any]:
    """Return parameters for every favourite: the first racket with a site on the map, and what it uses."""
    first = driver.execute_query(_FIRST).records[0].data()
    two = driver.execute_query(_TWO, first).records[0].data()
    similar = driver.execute_query(_SIMILAR).records[0].data()
    return {**first, **two, **similar, "metres": 50_000}
