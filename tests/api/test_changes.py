from __future__ import annotations

import fcntl
import time

import neo4j

from graphsvc.store.driver import Store
from tests import published_market
from tests.api.conftest import Service


def publish_another(store: Store) -> None:
    address = store.address
    with neo4j.GraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver:
        driver.execute_query(
            "MATCH (p:Published)-[c:CURRENT]->() DELETE c "
            "WITH p MATCH (r:Run {id: $run}) CREATE (p)-[:CURRENT]->(r)",
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
    assert {c["name"]: c["holds"] for c in ready.json()["checks"]} == {
        "store": True,
        "schema": True,
        "published": False,
    }


def test_one_run_goes_on_at_a_time(fresh: Service) -> None:
    folder = fresh.app.state.services.settings.home / "runs"
    folder.mkdir()
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused = fresh.client.post("/v1/runs", json={}, headers=fresh.headers("analyst"))
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")


def test_a_run_that_was_started_is_followed_to_its_end(fresh: Service) -> None:
    headers = fresh.headers("analyst")
    started = fresh.client.post("/v1/runs", json={"seed": 3}, headers=headers)
    assert started.status_code == 202
    path = started.headers["location"]
    while (run := fresh.client.get(path, headers=headers).json())["state"] == "running":
        time.sleep(0.5)
    assert run["state"] == "done", run["message"]
    assert run["finished_at"] is not None
    now = fresh.client.get("/v1/rackets", headers=headers).json()["run_id"]
    assert now != published_market.RUN
    assert run["run_id"] in (None, now)
