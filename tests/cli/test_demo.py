"""``graphsvc demo``: from an empty home to ranked rackets and a dossier, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from graphsvc.store.local import process

ROOT = Path(__file__).parents[2]


def graphsvc(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from graphsvc.cli.main import main; main()", *words],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False, timeout=500,
    )  # fmt: skip


@pytest.fixture
def home() -> Iterator[Path]:
    """The test's own home; its Neo4j does not outlive the test."""
    folder = Path(os.environ["GRAPHSVC_HOME"])
    yield folder
    graphsvc("neo4j", "stop")
    for found in process.find(folder.resolve()):
        process.end(found)


@pytest.mark.neo4j
@pytest.mark.slow
def test_the_main_job_from_nothing(home: Path) -> None:
    done = graphsvc("--json", "demo", "--sellers", "300", "--seed", "5", "--no-serve")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["stores"] == 300
    assert said["groups"] > 0
    listed = json.loads(graphsvc("rackets", "--format", "json").stdout)
    assert len(listed) == said["groups"]
    dossier = home / "dossiers" / f"{listed[0]['racket_id']}.html"
    assert str(dossier) in done.stderr.replace("\n", "")
    text = dossier.read_text(encoding="utf-8")
    assert "<html" in text
    assert listed[0]["racket_id"] in text
    stopped = graphsvc("--json", "neo4j", "stop")
    assert json.loads(stopped.stdout) == {"stopped": True}


def test_a_market_without_stores_is_wrong_usage() -> None:
    assert graphsvc("demo", "--sellers", "0").returncode == 2
