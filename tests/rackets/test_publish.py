"""Runs on a real Neo4j: written beside the others, switched to by one pointer, invisible when cut off."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from graphsvc.links.reading import read_market
from graphsvc.model.errors import BadInput, StoreUnavailable
from graphsvc.model.market import Market
from graphsvc.rackets import published
from graphsvc.rackets.detect import DetectOptions, detect
from graphsvc.rackets.findings import Findings
from graphsvc.rackets.identity import CONTINUES, with_identity
from graphsvc.rackets.publish import publish, published_members
from graphsvc.rackets.run import run
from graphsvc.store.address import ServerAddress
from graphsvc.store.driver import Store
from tests.rackets.markets import groups

pytestmark = pytest.mark.neo4j
STARTED = datetime(2017, 1, 20, 3, tzinfo=UTC)


class CutOff(Store):
    """A store whose server goes away when a given statement is to be run."""

    def __init__(self, address: ServerAddress, at: str) -> None:
        super().__init__(address)
        self._at = at

    def write(self, name: str, slots: Any = None, **params: Any) -> list[dict[str, Any]]:
        if name == self._at:
            raise StoreUnavailable("The server went away.", "Start it again.")
        return super().write(name, slots, **params)


def query(store: Store, text: str) -> list[dict[str, Any]]:
    with store._driver.session(database=store.address.database) as session:
        return session.run(text).data()


def lasting(store: Store, market: Market) -> Findings:
    return with_identity(detect(market), published_members(store))


def test_the_store_gives_back_what_was_staged_and_the_same_run(loaded: Store, simulated: Market) -> None:
    stored = read_market(loaded)
    for field in fields(Market):
        one, other = (getattr(m, field.name) for m in (stored, simulated))
        assert one.schema == other.schema
        assert_frame_equal(one, other, check_row_order=False)
    here, there = detect(simulated), detect(stored)
    assert there.digest == here.digest
    for name in ("rackets", "members", "assessed", "relies_on"):
        assert_frame_equal(getattr(there, name), getattr(here, name), check_exact=True)
    with pytest.raises(published.NothingPublished):
        published.current_run(loaded)

    first = run(loaded, options=DetectOptions(seed=3))
    now = published.current_run(loaded)
    assert (now.id, now.status, now.engine, now.seed, now.current) == (
        first.run_id,
        "published",
        "native",
        3,
        True,
    )
    assert now.figures == first.findings.figures
    assert now.data_digest == here.digest
    counts = query(
        loaded,
        "MATCH (run:Run) RETURN COUNT { (run)<-[:FOUND_IN]-(:Racket) } AS rackets, "
        "COUNT { (run)<-[:FOUND_IN]-(:Racket)<-[:MEMBER_OF]-(:Seller) } AS members, "
        "COUNT { (run)-[:ASSESSED]->() } AS assessed, "
        "COUNT { (run)<-[:FOUND_IN]-(:Racket)-[:RELIES_ON]->() } AS relies",
    )
    real = [
        ~f["identifier"].str.contains("~", literal=True)
        for f in (first.findings.assessed, first.findings.relies_on)
    ]
    assert counts == [
        {
            "rackets": first.findings.rackets.height, "members": first.findings.members.height,
            "assessed": real[0].sum(), "relies": real[1].sum(),
        }
    ]  # fmt: skip
    found = published.ranked(loaded, limit=1000)
    assert [r.id for r in found] == first.findings.rackets["racketId"].to_list()
    assert [r.rank for r in found] == list(range(1, len(found) + 1))

    again = run(loaded, options=DetectOptions(seed=3))
    assert published.current_run(loaded).id == again.run_id
    assert [(r.id, r.status) for r in published.runs(loaded)] == [
        (again.run_id, "published"), (first.run_id, "retired"),
    ]  # fmt: skip
    assert again.findings.members.equals(first.findings.members), "ids are kept"
    assert set(again.findings.lineage["kind"]) == {CONTINUES}
    steps = query(loaded, "MATCH (n:Racket)-[s:SUCCEEDS]->(o:Racket) RETURN n.racketId = o.racketId AS same")
    assert [step["same"] for step in steps] == [True] * len(found)


@pytest.mark.parametrize("at", ["run/members", "run/publish"])
def test_a_publication_cut_off_is_invisible_and_the_next_one_cleans_up(
    store: Store, simulated: Market, staged_in: None, at: str
) -> None:
    findings = lasting(store, simulated)
    before = publish(store, findings, started=STARTED)
    with CutOff(store.address, at) as cut, pytest.raises(StoreUnavailable):
        publish(cut, lasting(store, simulated), started=STARTED + timedelta(hours=1))
    assert published.current_run(store).id == before
    assert groups(published_members(store)) == groups(findings.members)
    assert [row["s"] for row in query(store, "MATCH (r:Run) RETURN r.status AS s ORDER BY s")] == [
        "published",
        "writing",
    ]
    after = publish(store, lasting(store, simulated), started=STARTED + timedelta(hours=2))
    assert published.current_run(store).id == after
    left = query(store, "MATCH (r:Run) RETURN r.id AS id ORDER BY id")
    assert [row["id"] for row in left] == [before, after]
    racket_runs = query(store, "MATCH (k:Racket) RETURN DISTINCT k.runId AS id ORDER BY id")
    assert [row["id"] for row in racket_runs] == [before, after]
    assert query(store, "MATCH (k:Racket) WHERE NOT (k)-[:FOUND_IN]->(:Run) RETURN k.id AS id") == []


def test_of_old_runs_the_groups_stay_and_the_ties_go(
    store: Store, simulated: Market, staged_in: None
) -> None:
    ids = [
        publish(store, lasting(store, simulated), started=STARTED + timedelta(days=n), keep=1)
        for n in range(4)
    ]
    ties = query(
        store,
        "MATCH (r:Run) RETURN r.id AS id, COUNT { (r)<-[:FOUND_IN]-(:Racket)<-[:MEMBER_OF]-() } > 0 AS members, "
        "COUNT { (r)-[:ASSESSED]->() } > 0 AS assessed, COUNT { (r)<-[:FOUND_IN]-(:Racket) } > 0 AS rackets "
        "ORDER BY id",
    )
    kept = [(row["id"], row["members"], row["assessed"], row["rackets"]) for row in ties]
    assert kept == [
        (ids[0], False, False, True),
        (ids[1], False, False, True),
        (ids[2], True, True, True),
        (ids[3], True, True, True),
    ]
    assert query(store, "MATCH (p:Published)-[:CURRENT]->(r) RETURN r.id AS id") == [{"id": ids[3]}]


def test_a_merged_racket_leads_to_its_successor(store: Store, simulated: Market, staged_in: None) -> None:
    findings = lasting(store, simulated)
    publish(store, findings, started=STARTED)
    one, other = findings.rackets["racketId"].to_list()[:2]
    merged = pl.col("racketId").replace({other: one})
    joined = replace(
        findings,
        rackets=findings.rackets.filter(pl.col("racketId") != other).with_columns(
            pl.int_range(1, pl.len() + 1).alias("rank")
        ),
        members=findings.members.with_columns(merged),
        relies_on=findings.relies_on.filter(pl.col("racketId") != other),
    )
    publish(store, with_identity(joined, published_members(store)), started=STARTED + timedelta(days=1))
    alive = {row.id for row in published.ranked(store, limit=1000)}
    (gone,) = {one, other} - alive
    assert published.successors(store, gone) == sorted({one, other} & alive)
    assert published.successors(store, "R-never") is None


def test_an_empty_store_is_refused_in_words(store: Store) -> None:
    with pytest.raises(BadInput, match="holds no sellers") as caught:
        run(store)
    assert "graphsvc ingest" in caught.value.remedy
    assert published.runs(store) == []


def test_an_unknown_engine_changes_nothing(store: Store) -> None:
    with pytest.raises(BadInput, match="no engine"):
        run(store, "leiden")
    assert published.runs(store) == []
