"""``graphsvc detect`` on a store of its own, and what the list says before it ran."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from typer.testing import Result

from graphsvc.casework.judgements import Word, record
from graphsvc.store import schema
from graphsvc.store.driver import Store
from graphsvc.store.local import LocalNeo4j
from graphsvc.store.local.layout import Layout
from graphsvc.store.local.process import Ports
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
    assert said["contradictions"] == []
    assert run("detect").exit_code == 0


def test_words_that_contradict_each_other_are_told(store: Store, graphsvc: OnStore) -> None:
    published_market.write(store)
    a, b = "tao:s1", "tao:s2"
    for kind in ("same", "different"):
        record(store, Word(kind, a, b, "seen"), "kim")
    run = graphsvc(store)
    told = run("detect")
    assert f"the same: {a} and {b}." in " ".join((told.output + told.stderr).split())
    assert json.loads(run("--json", "detect").stdout)["contradictions"] == [{"a": a, "b": b}]


@pytest.mark.slow
def test_a_server_without_graph_data_science_is_told_and_needs_none(
    new_server: Callable[..., LocalNeo4j], graphsvc: OnStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure = Layout.configure

    def without_gds(self: Layout, ports: Ports, jars: Sequence[Path]) -> None:
        configure(self, ports, [jar for jar in jars if "/org/neo4j/gds/" not in jar.as_posix()])

    monkeypatch.setattr(Layout, "configure", without_gds)
    with Store(new_server().start().address) as bare:
        schema.apply(bare)
        published_market.write(bare)
        run = graphsvc(bare)
        refused = run("--json", "detect", "--engine", "gds")
        assert refused.exit_code == 1
        said = json.loads(refused.stdout)["error"]
        assert "has no Graph Data Science." in said["message"]
        assert "--engine native" in said["remedy"]
        assert run("detect").exit_code == 0


def test_wrong_usage_is_told_before_a_store_is_opened(store: Store, graphsvc: OnStore) -> None:
    run = graphsvc(store)
    for words in (
        ("detect", "--engine", "none"),
        ("dossier", "R-1", "--format", "none"),
        ("rackets", "--members"),
    ):
        assert run(*words).exit_code == 2
