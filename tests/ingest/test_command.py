"""The command `graphsvc ingest`: what it prints, where rejects go, how it ends."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import typer
from typer.testing import CliRunner, Result

from graphsvc.cli import ingest
from graphsvc.cli.context import CONTEXT
from graphsvc.model.graph import Label
from graphsvc.store.driver import Store

pytestmark = pytest.mark.neo4j

Tables = dict[str, list[dict[str, Any]]]


@pytest.fixture
def run(store: Store, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run the command on the session's Neo4j, answering in JSON."""
    monkeypatch.setenv("NEO4J_URI", store.address.uri)
    monkeypatch.setenv("NEO4J_PASSWORD", store.address.password)
    monkeypatch.setenv("GRAPHSVC_ACCOUNT_KEY", "b8f0a6c1d2e3947586a7")
    monkeypatch.setattr(CONTEXT, "json", True)
    app = typer.Typer()
    app.callback()(lambda: None)
    ingest.register(app)
    return lambda *arguments: CliRunner().invoke(app, ["ingest", *map(str, arguments)])


def test_loads_counts_and_ends_well(
    run: Callable[..., Result], tables: Tables, write: Callable[..., Path], tmp_path: Path
) -> None:
    tables["listings"][5]["unit_price"] = "-1"
    tables["sellers"][0]["colour"] = "red"
    folder = write(tables, tmp_path / "data")
    (folder / "groups.csv").write_text("a,b\n")
    first, second = run(folder), run(folder)
    assert (first.exit_code, second.exit_code) == (0, 0)
    report = json.loads(first.stdout)
    by_table = {table["table"]: table for table in report["tables"]}
    assert by_table["sellers"] == {"table": "sellers", "read": 30, "new": 30, "changed": 0, "rejected": 0}
    assert by_table["known_services"] == {
        "table": "known_services",
        "read": 4,
        "new": 4,
        "changed": 0,
        "rejected": 0,
    }
    assert (by_table["listings"]["read"], by_table["listings"]["rejected"]) == (240, 1)
    assert report["unknown_columns"] == {"sellers": ["colour"]}
    assert [Path(path).name for path in report["ignored"]] == ["groups.csv"]
    rejects = Path(report["rejects"])
    assert rejects.parent == Path(os.environ["GRAPHSVC_HOME"]) / "rejects"
    assert rejects.stat().st_mode & 0o777 == 0o600
    assert pl.read_csv(rejects).select("table", "line", "column").rows() == [("listings", 7, "unit_price")]
    again = json.loads(second.stdout)
    assert all(table["new"] == table["changed"] == 0 for table in again["tables"])
    assert not list((Path(os.environ["GRAPHSVC_HOME"]) / "staging").glob("load-*"))


def test_an_unreadable_table_fails_the_command_and_the_rest_is_loaded(
    run: Callable[..., Result], tables: Tables, write: Callable[..., Path], tmp_path: Path, store: Store
) -> None:
    folder = write(tables, tmp_path / "data")
    (folder / "notices.csv").write_text("x,y\n1,2\n")
    result = run(folder)
    assert result.exit_code == 1
    [problem] = json.loads(result.stdout)["problems"]
    assert "notices.csv, line 1: column 'notice_id' is missing; found: x, y" in problem["message"]
    assert store.read("load/count_nodes", {"LABEL": Label.SELLER})[0]["count"] == 30


@pytest.mark.parametrize("make", ["empty folder", "no path", "only bad rows"])
def test_nothing_loaded_is_a_failure(run: Callable[..., Result], make: str, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    if make != "no path":
        folder.mkdir()
    if make == "only bad rows":
        (folder / "sellers.csv").write_text("seller_id,status\na,gone\n")
    assert run(folder).exit_code == 1


def test_full_is_refused_with_a_server(
    run: Callable[..., Result], tables: Tables, write: Callable[..., Path], tmp_path: Path
) -> None:
    result = run(write(tables, tmp_path / "data"), "--full")
    assert result.exit_code == 1
    assert "NEO4J_URI is set" in json.loads(result.stdout)["error"]["message"]


def test_quiet_says_nothing(
    run: Callable[..., Result],
    tables: Tables,
    write: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(CONTEXT, "json", False)
    monkeypatch.setattr(CONTEXT, "quiet", True)
    result = run(write(tables, tmp_path / "data"))
    assert (result.exit_code, result.output) == (0, "")
