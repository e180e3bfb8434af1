"""The client on a real Neo4j."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

import graphsvc
from graphsvc.model.errors import BadInput, GraphsvcError, NotFound, StoreUnavailable
from graphsvc.store import driver
from graphsvc.store.address import ServerAddress
from tests.client.conftest import KEY

pytestmark = pytest.mark.neo4j


def test_the_server_tells_what_the_tables_tell(
    client: graphsvc.Client, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driver, "_PACK", 7)
    assert client.is_empty()
    loaded = client.ingest(folder)
    assert loaded.tables["new"].sum() > 0
    assert loaded.rejects.is_empty()
    assert not client.is_empty()
    read, stored = graphsvc.read_market(folder, account_key=KEY.encode()), client.market()
    for name in ("sellers", "links", "identifiers", "offers", "test_buys"):
        frames = [getattr(market, name).sort(pl.all()) for market in (read, stored)]
        assert frames[0].equals(frames[1]), name
    assert client.evidence().pairs.equals(graphsvc.weigh_evidence(stored).pairs)


def test_a_year_of_runs_can_be_read_back(client: graphsvc.Client, folder: Path, tmp_path: Path) -> None:
    runs = []
    for day in ("2016-06-30", "2016-12-31"):
        client.ingest(graphsvc.tables_as_of(folder, tmp_path / "known", day))
        runs.append(client.detect())
    listed = client.runs()
    assert listed["run"].to_list() == [runs[1].run_id, runs[0].run_id]
    assert listed["current"].to_list() == [True, False]
    for run in runs:
        assert client.rackets(run.run_id)["racketId"].to_list() == run.findings.rackets["racketId"].to_list()
        members = client.members(run=run.run_id).select("racketId", "seller").sort("racketId", "seller")
        assert members.equals(run.findings.members.select("racketId", "seller").sort("racketId", "seller"))
    assert set(client.lineage(runs[0].run_id)["change"]) == {"born"}
    lineage = client.lineage()
    earlier, later = (set(run.findings.rackets["racketId"]) for run in runs)
    assert set(lineage.filter(pl.col("change") == "continues")["racketId"]) == earlier & later
    assert set(lineage["racketId"].drop_nulls()) == later
    told = lineage.filter(pl.col("change").is_in(["continues", "merged", "ended"]))["earlier"]
    assert earlier <= set(told) | set(lineage.filter(pl.col("change") == "split")["earlier"])
    racket = client.rackets(status="suspect")["racketId"][0]
    assert client.rackets(min_score=2.0).is_empty()
    assert client.choke_points(racket)["share"].is_between(0, 1).all()
    a, b = client.members(racket)["seller"][:2]
    assert client.why(a).shares["weight"].drop_nulls().is_sorted(descending=True)
    assert client.why(a, b).summary.endswith(f"both in racket {racket}.")
    path = client.why(a, b).path
    assert (path["seller"][0], path["to"][-1]) == (a, b)
    assert path["to"][:-1].to_list() == path["seller"][1:].to_list()
    fate = client.why(a).if_innocent.with_columns(size=pl.col("keeps") + pl.col("loses"))
    assert fate["size"].n_unique() == 1, "whoever it does not keep, it loses"
    assert client.why(a).judged.is_empty()
    with pytest.raises(BadInput, match="two different stores"):
        client.why(a, a)
    network = client.network(racket)
    assert {a, b} <= set(network)
    weights = [about["weight"] for _, _, about in network.edges(data=True)]
    assert all(weight is None or weight >= 0 for weight in weights)


def test_what_is_not_there_is_said(client: graphsvc.Client) -> None:
    assert client.runs().is_empty()
    with pytest.raises(NotFound, match="No run has been published"):
        client.rackets()
    with pytest.raises(NotFound, match="no run 'run-9'"):
        client.members(run="run-9")
    with pytest.raises(BadInput, match="holds no sellers"):
        client.detect()
    with pytest.raises(NotFound, match="no store 'x'"):
        client.why("x")


def test_members_that_are_no_longer_kept_are_not_shown_as_none(
    client: graphsvc.Client, tmp_path: Path
) -> None:
    (tmp_path / "sellers.csv").write_text(
        "seller_id,phone,email\n1,13800138000,a@b.cn\n2,13800138000,a@b.cn\n"
    )
    client.ingest(tmp_path)
    first = client.detect()
    assert client.members(run=first.run_id).height == 2
    with pytest.raises(NotFound, match="no racket 'R-0'"):
        client.members("R-0")
    for _ in range(6):
        client.detect()
    with pytest.raises(NotFound, match="no longer kept"):
        client.members(run=first.run_id)


def test_rejects_come_as_a_frame_and_a_broken_table_as_an_error(
    client: graphsvc.Client, tmp_path: Path
) -> None:
    (tmp_path / "sellers.csv").write_text("seller_id,opened_on\n1,2016-01-01\n2,soon\n")
    loaded = client.ingest(tmp_path)
    assert loaded.rejects.select("table", "column", "value").rows() == [("sellers", "opened_on", "soon")]
    (tmp_path / "sellers.csv").write_text("colour\nred\n")
    with pytest.raises(GraphsvcError, match="seller_id"):
        client.ingest(tmp_path)


def test_a_wrong_password_is_told_in_one_line(empty_server: ServerAddress) -> None:
    with pytest.raises(StoreUnavailable, match="refuses the user or password"):
        graphsvc.Client(empty_server.uri, empty_server.user, "not-this-one")


def test_settings_of_the_environment_hold_unless_given(
    empty_server: ServerAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEO4J_URI", empty_server.uri)
    monkeypatch.setenv("NEO4J_PASSWORD", empty_server.password)
    with graphsvc.Client() as client:
        assert (client.address.uri, client.address.user) == (empty_server.uri, empty_server.user)
        assert repr(client) == f"Client('{empty_server.uri}')"
        assert not client.stop_server(), "a server that is not ours is left alone"
    monkeypatch.setenv("GRAPHSVC_BOLT_PORT", "many")
    with pytest.raises(BadInput, match="BOLT_PORT"):
        graphsvc.Client()
