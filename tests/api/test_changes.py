from __future__ import annotations

import neo4j

from graphsvc.store.driver import Store
from tests import published_market
from tests.api.conftest import Service


def publish_another(store: Store) -> None:
    address = store.address
    with neo4j.GraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver:
        driver.execute_query(
            "MATCH (p:Published)-[c:CURRENT]->() DELETE c WITH p MATCH (r:Run {id: $run}) CREATE (p)-[:CURRENT]->(r)",
            run=published_market.OLDER,
        )


def test_a_cursor_ends_with_its_run(fresh: Service) -> None:
    headers = fresh.headers("admin")
    cursor = fresh.client.get("/v1/rackets?limit=1", headers=headers).json()["next_cursor"]
    publish_another(fresh.store)
    answer = fresh.client.get("/v1/rackets", params={"limit": 1, "cursor": cursor}, headers=headers)
    assert answer.status_code == 410
    assert answer.json()["code"] == "run-superseded"


def test_before_anything_is_published_lists_say_so(fresh: Service) -> None:
    address = fresh.store.address
    with neo4j.GraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver:
        driver.execute_query("MATCH (p:Published) DETACH DELETE p")
    answer = fresh.client.get("/v1/rackets", headers=fresh.headers("admin"))
    assert (answer.status_code, answer.json()["code"]) == (503, "nothing-published")
    ready = fresh.client.get("/readyz")
    assert ready.status_code == 503
    assert {c["name"]: c["holds"] for c in ready.json()["checks"]} == {"store": True, "schema": True, "published": False}
