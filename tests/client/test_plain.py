"""The part of the client that needs no server."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import networkx as nx
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import graphsvc
from graphsvc.client import quality
from graphsvc.model.errors import BadInput
from ingest.sources import find

ENGINES = ("native", "louvain", "networkx")


@pytest.fixture(scope="module")
def evidence(market: graphsvc.Market) -> graphsvc.WeighedEvidence:
    return graphsvc.weigh_evidence(market)


@pytest.fixture(scope="module")
def findings(market: graphsvc.Market) -> graphsvc.Findings:
    return graphsvc.detect(market)


def test_a_room_is_imported_without_the_others() -> None:
    code = "import sys, graphsvc.model.market; print(sorted(m for m in sys.modules if m.startswith('graphsvc.')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['graphsvc.model', 'graphsvc.model.market']"


def test_every_public_name_is_there_and_none_hides_a_room() -> None:
    rooms = {path.stem for path in Path(graphsvc.__file__).parent.iterdir() if path.suffix in {"", ".py"}}
    public = set(graphsvc._HOMES)
    assert not public & rooms
    assert public <= set(dir(graphsvc))
    assert all(getattr(graphsvc, name) is not None for name in public)
    with pytest.raises(AttributeError, match="no attribute 'connekt'"):
        _ = graphsvc.connekt


def test_frames_become_pandas(market: graphsvc.Market) -> None:
    assert list(market.sellers.to_pandas()["seller"]) == market.sellers["seller"].to_list()


def test_evidence_speaks_of_identifiers_and_stores_by_name(
    evidence: graphsvc.WeighedEvidence, market: graphsvc.Market
) -> None:
    degree = market.links.group_by("identifier").agg(pl.col("seller").n_unique().alias("users"))
    known = evidence.identifiers.join(degree, on="identifier", how="left")
    held = known.filter(pl.col("label") != "Person", ~pl.col("identifier").str.contains("~"))
    assert held["users"].to_list() == held["stores"].to_list()
    assert evidence.identifiers["identifier"].is_unique().all()
    stores = set(market.sellers["seller"])
    assert set(evidence.pairs["a"]) | set(evidence.pairs["b"]) <= stores
    assert (evidence.pairs["a"] < evidence.pairs["b"]).all()
    shared = evidence.shared.select("a", "b").unique()
    assert evidence.pairs.join(shared, on=["a", "b"], how="anti").is_empty()
    uses = market.links.select("seller", "identifier").unique()
    direct = evidence.shared.join(uses, left_on=["a", "identifier"], right_on=["seller", "identifier"])
    both = direct.join(uses, left_on=["b", "identifier"], right_on=["seller", "identifier"])
    assert both.height > evidence.shared.height / 2


def test_the_graph_holds_the_pairs_above_the_bar(evidence: graphsvc.WeighedEvidence) -> None:
    graph = evidence.graph(least=0.1, weight="common")
    assert graph.number_of_edges() == evidence.pairs.filter(pl.col("common") > 0.1).height > 0
    assert nx.number_connected_components(graph) > 1


@pytest.mark.parametrize("engine", ENGINES)
def test_groups_of_one_partition(evidence: graphsvc.WeighedEvidence, engine: str) -> None:
    groups = graphsvc.group_stores(evidence, engine, seed=3)
    assert groups.equals(graphsvc.group_stores(evidence, engine, seed=3))
    assert groups["seller"].is_unique().all()
    assert groups.group_by("group").len()["len"].min() == 2
    assert (groups["group"] <= groups["seller"]).all()


def test_gds_needs_a_server(evidence: graphsvc.WeighedEvidence, market: graphsvc.Market) -> None:
    with pytest.raises(BadInput, match="no store is open"):
        graphsvc.group_stores(evidence, "gds")
    with pytest.raises(BadInput, match="no engine 'leden'"):
        graphsvc.detect(market, "leden")


def test_the_seed_given_is_the_seed_used(market: graphsvc.Market) -> None:
    assert graphsvc.detect(market, seed=9).parameters["seed"] == 9
    assert graphsvc.detect(market, options=graphsvc.DetectOptions(seed=4)).parameters["seed"] == 4


def test_quality_of_findings_and_of_plain_groups(
    folder: Path, market: graphsvc.Market, findings: graphsvc.Findings
) -> None:
    truth = graphsvc.read_truth(folder, market)
    measured = graphsvc.measure(findings, truth)
    assert measured.stores.height == market.sellers.height
    assert measured.stores["guilty"].sum() > 0
    assert measured.rackets["size"].sum() == findings.members.height
    assert (measured.rackets["guilty"] + measured.rackets["innocents"]).equals(
        measured.rackets["size"], null_equal=True
    )
    assert set(measured.reliability["of"]) == {"member", "racket"}
    with pytest.raises(KeyError):
        measured["accuracy"]
    perfect = truth.sellers.filter(pl.col("racket_id").is_not_null()).select("seller", group="racket_id")
    assert graphsvc.measure(perfect, truth)["bcubed_precision"] == 1.0
    with pytest.raises(BadInput, match="column 'group' is missing"):
        graphsvc.measure(perfect.drop("group"), truth)


def test_every_figure_says_what_it_means(
    folder: Path, market: graphsvc.Market, findings: graphsvc.Findings
) -> None:
    measured = graphsvc.measure(findings, graphsvc.read_truth(folder, market))
    assert all(len(meaning) > 10 and "{" not in meaning for meaning in measured.figures["meaning"])


def test_truth_of_another_market_is_refused(folder: Path, tmp_path: Path) -> None:
    other = graphsvc.read_market(graphsvc.simulate_market(tmp_path / "other", sellers=320, seed=1))
    with pytest.raises(BadInput, match="does not know store"):
        graphsvc.read_truth(folder, other)


@pytest.mark.parametrize("name", quality.BASELINES)
def test_every_baseline_can_be_measured(name: str, folder: Path, market: graphsvc.Market) -> None:
    measured = graphsvc.measure(graphsvc.baseline(market, name), graphsvc.read_truth(folder, market))
    value = measured["bcubed_recall"]
    assert value is not None
    assert 0 < value <= 1


def test_an_unknown_baseline_names_the_known_ones(market: graphsvc.Market) -> None:
    with pytest.raises(BadInput, match="components-50"):
        graphsvc.baseline(market, "component")


def test_reviewed_groups_are_read_and_measured(tmp_path: Path) -> None:
    (tmp_path / "sellers.csv").write_text(
        "seller_id,marketplace,status\n1,m,active\n2,m,removed\n3,m,active\n"
    )
    with pytest.raises(BadInput, match=r"groups\.csv: no such file"):
        graphsvc.read_reviewed(tmp_path)
    (tmp_path / "groups.csv").write_text("seller_id,group\n1,g\n2,g\n")
    reviewed = graphsvc.read_reviewed(tmp_path)
    groups = pl.DataFrame({"seller": ["m:1", "m:2", "m:3"], "group": ["x", "x", "x"]})
    measured = dict(graphsvc.measure_reviewed(groups, reviewed).select("figure", "value").iter_rows())
    assert (measured["precision"], measured["recall"]) == (1.0, 1.0)
    assert measured["contamination"] == pytest.approx(2 / 3)


@settings(max_examples=15)
@given(st.dates(date(2010, 1, 1), date(2017, 1, 31)))
def test_nothing_later_is_known(folder: Path, tmp_path_factory: pytest.TempPathFactory, day: date) -> None:
    known = graphsvc.tables_as_of(folder, tmp_path_factory.mktemp("known"), day)
    tables = {path.stem: pl.read_csv(path, infer_schema=False) for path in known.glob("*.csv")}
    assert set(tables) == {source.table for source in find([folder]).files}
    dated = (
        "opened_on",
        "first_seen",
        "last_seen",
        "listed_on",
        "bought_on",
        "examined_on",
        "filed_on",
        "closed_on",
    )
    for frame in tables.values():
        for column in set(dated) & set(frame.columns):
            assert (frame[column].drop_nulls() <= day.isoformat()).all()
    assert tables["test_buys"].filter(pl.col("examined_on").is_null())["verdict"].unique().to_list() in (
        [],
        ["pending"],
    )
    there = set(tables["sellers"]["seller_id"])
    assert all(
        set(frame["seller_id"].drop_nulls()) <= there
        for frame in tables.values()
        if "seller_id" in frame.columns
    )


def test_the_last_day_is_the_whole_market(folder: Path, tmp_path: Path, market: graphsvc.Market) -> None:
    again = graphsvc.read_market(graphsvc.tables_as_of(folder, tmp_path / "all", date(2030, 1, 1)))
    assert again.links.sort(pl.all()).equals(market.links.sort(pl.all()))
    with pytest.raises(BadInput, match="not a day"):
        graphsvc.tables_as_of(folder, tmp_path / "all", "yesterday")
