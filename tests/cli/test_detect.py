"""``graphsvc detect`` on a store of its own, and what the list says before it ran."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from typer.testing import Result

from graphsvc.store.driver import Store
from tests import published_market

pytestmark = pytest.mark.neo4j
OnStore = Callable[[Store], Callable[..., Result]]


def test_an_empty_store_is_told_from_one_without_rackets(store: Store, graphsvc: OnStore) -> None:
    run = graphsvc(store)
    detected = run("--json", "detect")
    assert detected.exit_code == 1
    assert json.loads(detected.stdout)["error"]["message"] == "The store holds no sellers."
    listed = run("--json", "rackets")
    assert listed.exit_code == 1
    assert json.loads(listed.stdout)["error"]["code"] == "nothing-published"


def test_detect_publishes_what_rackets_lists(store: Store, graphsvc: OnStore) -> None:
    published_market.write(store)
    run = graphsvc(store)
    detected = run("--json", "detect", "--seed", 4)
    assert detected.exit_code == 0, detected.output
    said = json.loads(detected.stdout)
    assert said["stores"] == 11
    listed = json.loads(run("rackets", "--format", "json").stdout)
    assert len(listed) == said["groups"] > 0
    assert {row["run_id"] for row in listed} == {said["run_id"]}
    assert sum(row["size"] for row in listed) == said["stores_grouped"]
    assert run("detect").exit_code == 0
