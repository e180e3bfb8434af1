"""``graphsvc simulate`` from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from graphsvc.cli import simulate as command
from graphsvc.cli.context import CONTEXT


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    monkeypatch.setattr(CONTEXT, "json", False)
    application = typer.Typer()

    @application.callback()
    def root(json: bool = False) -> None:
        CONTEXT.json = json

    command.register(application)
    return application


def test_writes_a_market_and_says_what(app: typer.Typer, tmp_path: Path) -> None:
    done = CliRunner().invoke(
        app,
        ["--json", "simulate", str(tmp_path / "m"), "--sellers", "40", "--seed", "3", "--difficulty", "hard"],
    )
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["rows"]["sellers.csv"] == 40
    assert told["options"]["difficulty"] == "hard"
    assert (tmp_path / "m" / "truth" / "members.csv").is_file()


def test_overwrites_its_own_folder_and_refuses_anybody_elses(app: typer.Typer, tmp_path: Path) -> None:
    arguments = ["simulate", str(tmp_path), "--sellers", "10", "--listings-per-seller", "0"]
    (tmp_path / "thesis.txt").write_text("years of work")
    refused = CliRunner().invoke(app, arguments)
    assert refused.exit_code == 1
    assert not (tmp_path / "sellers.csv").exists()
    assert CliRunner().invoke(app, [*arguments, "--force"]).exit_code == 0
    assert CliRunner().invoke(app, arguments).exit_code == 0
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_bad_values_and_files_are_refused(app: typer.Typer, tmp_path: Path) -> None:
    assert CliRunner().invoke(app, ["simulate", str(tmp_path / "m"), "--difficulty", "brutal"]).exit_code == 2
    assert not (tmp_path / "m").exists()
    (tmp_path / "file").write_text("")
    assert CliRunner().invoke(app, ["simulate", str(tmp_path / "file"), "--sellers", "5"]).exit_code == 1
