"""``graphsvc neo4j`` on the session's own server."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from graphsvc.cli import neo4j
from graphsvc.cli.context import CONTEXT
from graphsvc.store.local import LocalNeo4j

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command of the group as ``graphsvc`` does, with the shared options set."""
    app = typer.Typer()
    neo4j.register(app)
    app.callback()(lambda: None)

    def command(*arguments: str, as_json: bool = False) -> Result:
        monkeypatch.setattr(CONTEXT, "json", as_json)
        return CliRunner().invoke(app, ["neo4j", *arguments])

    return command


@pytest.fixture
def home(neo4j_2026: LocalNeo4j, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the session's server the one of the settings."""
    neo4j_2026.start()
    monkeypatch.setenv("GRAPHSVC_HOME", str(neo4j_2026.config.home))
    return neo4j_2026.config.home


@pytest.mark.neo4j
def test_start_status_and_browser_agree(run: Run, home: Path) -> None:
    answers = [run(*a, as_json=True) for a in (["start"], ["status"], ["browser", "--no-open"])]
    assert [answer.exit_code for answer in answers] == [0, 0, 0]
    first, *others = [json.loads(answer.stdout) for answer in answers]
    assert others == [first, first]
    assert first["version"].startswith("2026.08")
    assert first["password_file"] == str(home / "secrets" / "neo4j-password")


@pytest.mark.neo4j
def test_the_password_is_shown_on_request_only(
    run: Run, home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    password = (home / "secrets" / "neo4j-password").read_text(encoding="utf-8").strip()
    quiet = run("browser", "--no-open").output + capfd.readouterr().out
    told = run("browser", "--no-open", "--show-password").output + capfd.readouterr().out
    assert password not in quiet
    assert password in told
    assert "/browser/" in quiet


def test_status_and_stop_of_a_home_without_a_server(run: Run) -> None:
    status = run("status", as_json=True)
    assert (status.exit_code, json.loads(status.stdout)) == (1, {"running": False})
    stop = run("stop", as_json=True)
    assert (stop.exit_code, json.loads(stop.stdout)) == (0, {"stopped": False})


def test_another_server_is_not_ours_to_start(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_URI", "bolt://elsewhere:7687")
    answer = run("start", as_json=True)
    assert answer.exit_code == 1
    assert "NEO4J_URI is set" in json.loads(answer.stdout)["error"]["message"]
