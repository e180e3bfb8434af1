"""The staged graph in a real Neo4j: once, twice, cut off, offline, and one load after another."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from neo4j.spatial import WGS84Point

from graphsvc.links.reading import read_market
from graphsvc.model.errors import Conflict
from graphsvc.model.graph import Label, Rel
from graphsvc.scan.kernel import scan
from graphsvc.store import schema
from graphsvc.store.driver import Store
from graphsvc.store.local import LocalNeo4j
from ingest import load as load_module
from ingest.frames import Kind, node_properties
from ingest.full import load_full
from ingest.load import load
from ingest.loaded import Tally, record
from ingest.staged import Staged

pytestmark = pytest.mark.neo4j

Tables = dict[str, list[dict[str, Any]]]
Staging = Callable[..., Staged]
Graph = tuple[list[Any], list[Any]]
PAID = Kind(Rel.PAID_TO, Label.SELLER, Label.PAYMENT_ACCOUNT)


@pytest.fixture(params=[True, False], ids=["compared here", "compared by the server"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if not request.param:
        monkeypatch.setattr(load_module, "READ_FOR", 0)


def scanned(staged: Staged) -> Staged:
    return staged.with_scan(scan(staged.listings))


def empty(store: Store) -> None:
    with store._driver.session(database=store.address.database) as session:
        session.run("MATCH (n) DETACH DELETE n").consume()


def count(store: Store) -> int:
    with store._driver.session(database=store.address.database) as session:
        return sum(
            int(session.run(query).single(strict=True)["n"])
            for query in (
                "MATCH (n) WHERE NOT n:Load RETURN count(n) AS n",
                "MATCH ()-[r]->() RETURN count(r) AS n",
            )
        )


def test_every_node_and_relationship_arrives_with_all_it_says(
    tables: Tables, staging: Staging, any_store: Store, graph_of: Callable[[Store], Graph]
) -> None:
    staged = scanned(staging(tables))
    loaded = load(staged, any_store)
    nodes, relationships = graph_of(any_store)
    assert len(nodes) == sum(staged.height(label) for label in staged.labels)
    assert len(relationships) == sum(staged.height(kind) for kind in staged.kinds)
    assert loaded.new == len(nodes) + len(relationships)
    stored = {(label, node["id"]): node for label, node in nodes}
    for label in staged.labels:
        for row in staged.nodes(label).iter_rows(named=True):
            place = row.get("location")
            if place:
                row["location"] = WGS84Point((place["longitude"], place["latitude"]))
            expected = {name: value for name, value in row.items() if value is not None} | {
                "loadId": staged.load_id
            }
            got = {
                name: getattr(value, "to_native", lambda value=value: value)()
                for name, value in stored[label, row["id"]].items()
            }
            assert got == expected
    assert {p.name for p in node_properties(Label.SELLER)} <= {name for _, node in nodes for name in node} | {
        "extra",
        "closedOn",
        "marketplace",
        "url",
    }


def test_detection_reads_the_same_from_the_store_as_from_staged_tables(
    tables: Tables, staging: Staging, any_store: Store
) -> None:
    staged = scanned(staging(tables))
    load(staged, any_store)
    direct, stored = staged.market(), read_market(any_store)
    for field in fields(direct):
        ours, theirs = getattr(direct, field.name), getattr(stored, field.name)
        names = ours.columns
        assert ours.sort(names, nulls_last=True).equals(theirs.select(names).sort(names, nulls_last=True)), (
            field.name
        )


def test_what_was_loaded_is_known_to_the_planner(tables: Tables, staging: Staging, any_store: Store) -> None:
    def expected_rows() -> float:
        with any_store._driver.session(database=any_store.address.database) as session:
            found = session.run("EXPLAIN MATCH (s:Seller {id: 'x'}) RETURN s").consume().plan
        assert found is not None
        return float(found["args"]["EstimatedRows"])

    any_store.refresh_statistics()
    assert expected_rows() == 0
    load(scanned(staging(tables)), any_store)
    assert expected_rows() == 1


@pytest.mark.usefixtures("either_way")
def test_loading_twice_changes_nothing(
    tables: Tables, staging: Staging, any_store: Store, graph_of: Callable[[Store], Graph]
) -> None:
    load(scanned(staging(tables)), any_store)
    before = graph_of(any_store)
    again = load(scanned(staging(tables)), any_store)
    assert (again.new, again.changed) == (0, 0)
    assert graph_of(any_store) == before


@pytest.mark.usefixtures("either_way")
def test_a_later_load_adds_and_widens_and_forgets_nothing(
    staging: Staging, store: Store, graph_of: Callable[[Store], Graph]
) -> None:
    def paid(first: str, last: str, count: str, **seller: str) -> Tables:
        account = {
            "seller_id": "a",
            "kind": "bank",
            "account_no": "6222021001009999",
            "first_seen": first,
            "last_seen": last,
            "transactions": count,
        }
        return {"sellers": [{"seller_id": "a", **seller}], "payment_accounts": [account]}

    load(staging(paid("2016-02-01", "2016-05-01", "9", store_name="One", url="u")), store)
    second = load(
        staging(
            paid("2016-01-01", "2016-03-01", "4", store_name="", status="closed")
            | {
                "known_services": [
                    {"kind": "payment_account", "value": "6222021001009999", "service": "agent"}
                ]
            }
        ),
        store,
    )
    assert second.nodes[Label.SELLER] == Tally(0, 1)
    assert second.nodes[Label.PAYMENT_ACCOUNT] == Tally(0, 1, 1)
    assert second.relationships[PAID] == Tally(0, 1)
    nodes, [(_, _, _, one)] = graph_of(store)
    by_label = dict(nodes)
    assert {name: by_label["Seller"].get(name) for name in ("name", "storeName", "url", "status")} == {
        "name": "One",
        "storeName": "One",
        "url": "u",
        "status": "closed",
    }
    assert (by_label["PaymentAccount"]["service"], by_label["PaymentAccount"]["kind"]) == ("agent", "bank")
    assert (one["firstSeen"].to_native(), one["lastSeen"].to_native(), one["count"]) == (
        dt.date(2016, 1, 1),
        dt.date(2016, 5, 1),
        9,
    )
    after = graph_of(store)
    first = load(staging(paid("2016-02-01", "2016-05-01", "9")), store)
    assert (first.new, first.changed) == (0, 0), "what is known already changes nothing"
    assert graph_of(store) == after


def test_sellers_of_the_store_need_not_be_declared_again(staging: Staging, store: Store) -> None:
    from ingest.declared import KNOWN

    load(staging({"sellers": [{"seller_id": "a", "marketplace": "tao"}]}), store)
    notice = {"notice_id": "n", "seller_id": "a", "brand": "x"}
    staged = staging(
        {"notices": [notice, notice | {"seller_id": "b"}]},
        known_sellers=lambda ids: store.frame("load/known_sellers", KNOWN, ids=ids.to_list()),
    )
    assert staged.counts["notices"].rejected == 1
    loaded = load(staged, store)
    assert loaded.relationships[Kind(Rel.AGAINST, Label.NOTICE, Label.SELLER)] == Tally(1)


def test_a_relationship_whose_end_vanished_is_an_error_not_a_loss(staging: Staging, store: Store) -> None:
    known = pl.DataFrame(
        {"sellerId": ["gone"], "marketplace": pl.Series([None], dtype=pl.String), "id": ["gone"]}
    )
    staged = staging(
        {"notices": [{"notice_id": "n", "seller_id": "gone", "brand": "x"}]}, known_sellers=lambda ids: known
    )
    with pytest.raises(Conflict, match="have lost a Notice or Seller"):
        load(staged, store)


@pytest.mark.usefixtures("either_way")
def test_killed_half_way_and_run_again_gives_the_graph_of_one_clean_run(
    tables: Tables,
    write: Callable[..., Path],
    store: Store,
    tmp_path: Path,
    staging: Staging,
    graph_of: Callable[[Store], Graph],
) -> None:
    load(scanned(staging(tables)), store)
    expected = graph_of(store)
    folder = write(tables, tmp_path / "killed")
    program = (
        "import os, sys\nfrom pathlib import Path\nimport ingest.load\n"
        "from graphsvc.store.address import ServerAddress\nfrom graphsvc.store.driver import Store\n"
        "from graphsvc.scan.kernel import scan\nfrom ingest.stage import stage\n"
        "ingest.load.BATCH = 5\n"
        "staged = stage([Path(sys.argv[1])], Path(sys.argv[2]), b'0123456789abcdef')\n"
        "staged.with_scan(scan(staged.listings))\n"
        "print('staged', flush=True)\n"
        "address = ServerAddress(sys.argv[3], 'neo4j', os.environ['SECRET'], 'neo4j')\n"
        "ingest.load.load(staged, Store(address))\n"
    )
    empty(store)
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(folder), str(tmp_path / "work"), store.address.uri],
        env=os.environ | {"SECRET": store.address.password},
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"staged\n"
    total = len(expected[0]) + len(expected[1])
    while process.poll() is None and count(store) < total // 3:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert 0 < count(store) < total, "it was to be killed half-way"
    again = load(scanned(staging(tables)), store)
    assert 0 < again.new < total
    assert graph_of(store) == expected


@pytest.mark.parametrize("version", ["2026.08", "5.26"])
def test_the_offline_import_makes_the_same_graph(
    version: str, tables: Tables, staging: Staging, store: Store, new_server: Callable[..., LocalNeo4j],
    graph_of: Callable[[Store], Graph],
) -> None:  # fmt: skip
    load(scanned(staging(tables)), store)
    server = new_server(version=version)
    loaded = load_full(scanned(staging(tables)), server)
    with Store(server.start().address) as filled:
        schema.apply(filled)
        assert graph_of(filled) == graph_of(store)
        again = load(scanned(staging(tables)), filled)
        assert (again.new, again.changed) == (0, 0)
        with pytest.raises(Conflict):
            load_full(scanned(staging(tables)), server)
    assert loaded.new == count(store)


def test_the_load_node_keeps_when_it_first_began_and_ended(staging: Staging, store: Store) -> None:
    staged = staging({"sellers": [{"seller_id": "a"}]})
    load(staged, store, paths=[Path("x")])
    record(store, staged.load_id, [Path("x")], True, {"sellers": {"read": 1}})
    record(store, staged.load_id, [Path("y")], True, {"sellers": {"read": 2}})
    with store._driver.session(database=store.address.database) as session:
        node = session.run("MATCH (l:Load) RETURN properties(l) AS l").single(strict=True)["l"]
    assert (node["id"], node["paths"], node["counts"]) == (staged.load_id, ["x"], '{"sellers":{"read":1}}')
    assert node["startedAt"] <= node["finishedAt"]
