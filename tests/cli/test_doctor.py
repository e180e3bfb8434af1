"""``graphsvc doctor``: each check says what is wrong and how to mend it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from graphsvc.cli import doctor
from graphsvc.cli.context import CONTEXT
from graphsvc.cli.doctor import Verdict
from graphsvc.settings import read_settings
from graphsvc.store.local import LocalNeo4j


def verdicts() -> dict[str, Verdict]:
    return {check.name: check.verdict for check in doctor.examine(read_settings())}


@pytest.fixture
def home(neo4j_2026: LocalNeo4j, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make the session's server the one of the settings."""
    neo4j_2026.start()
    monkeypatch.setenv("GRAPHSVC_HOME", str(neo4j_2026.config.home))
    return neo4j_2026.config.home


@pytest.mark.neo4j
def test_all_is_well(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CONTEXT, "json", True)
    app = typer.Typer()
    doctor.register(app)
    answer = CliRunner().invoke(app, [])
    checks = {check["name"]: check for check in json.loads(answer.stdout)}
    assert answer.exit_code == 0, checks
    expected = {"versions", "memory", "disk of home", "files", "java", "artifacts", "ports", "store", "gds"}
    assert expected <= checks.keys()
    assert checks["store"]["verdict"] == checks["gds"]["verdict"] == "ok"
    assert all(check["remedy"] for check in checks.values() if check["verdict"] != "ok")
    assert (home / "secrets" / "neo4j-password").read_text(encoding="utf-8").strip() not in answer.output


@pytest.mark.neo4j
def test_secrets_open_to_others(home: Path) -> None:
    secret = home / "secrets" / "neo4j-password"
    secret.chmod(0o640)
    try:
        found = {c.name: c for c in doctor.examine(read_settings())}
    finally:
        secret.chmod(0o600)
    assert found["files"].verdict is Verdict.FAIL
    assert found["files"].remedy == f"Run: chmod 600 '{secret}'"
    assert found["store"].verdict is Verdict.FAIL


def test_a_home_that_was_never_used_is_well_and_stays_so() -> None:
    found = verdicts()
    assert Verdict.FAIL not in found.values()
    assert found["store"] is Verdict.WARN
    assert not read_settings().home.exists(), "looking changes nothing"


def test_a_server_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_URI", "bolt://127.0.0.1:1")
    found = verdicts()
    assert found["store"] is Verdict.FAIL
    assert found["account key"] is Verdict.FAIL, "a shared server needs a key that is set"


def test_a_heap_larger_than_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRAPHSVC_NEO4J_HEAP", "9000g")
    assert verdicts()["memory"] is Verdict.FAIL


def test_failure_is_exit_code_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_URI", "bolt://127.0.0.1:1")
    monkeypatch.setattr(CONTEXT, "json", False)
    app = typer.Typer()
    doctor.register(app)
    assert CliRunner().invoke(app, []).exit_code == 1
