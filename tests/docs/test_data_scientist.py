"""What the README and the tutorial tell a data scientist to type runs, block after block, and says what it should."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

import graphsvc
from graphsvc.store.local import Running
from tests.conftest import wipe

ROOT = Path(__file__).parents[2]
TUTORIAL = ROOT / "docs" / "tutorials" / "data-scientist.md"
_BLOCK = re.compile(r"^```(python|console)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_STARTED = {
    "python3 start.py notebooks": "tests/notebooks/test_start.py",
    ".venv/bin/jupyter execute notebooks/04_calibration_and_cost.ipynb": "tests/notebooks/test_notebooks.py",
}
"""Commands of the pages, and where each is run."""


def readme() -> str:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return text[text.index("### Data scientist") : text.index("### Brand member")]


def blocks(text: str, kind: str) -> list[str]:
    return [body for found, body in _BLOCK.findall(text) if found == kind]


def run(parts: list[str]) -> str:
    """Run blocks one after the other in one namespace; return what they print."""
    names: dict[str, object] = {}
    with contextlib.redirect_stdout(io.StringIO()) as out:
        for part in parts:
            exec(compile(part, "<documentation>", "exec"), names)
    return out.getvalue()


@pytest.mark.neo4j
def test_what_the_pages_say_runs(local: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wipe(local.address)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEO4J_URI", local.address.uri)
    monkeypatch.setenv("NEO4J_PASSWORD", local.address.password)
    monkeypatch.setenv("GRAPHSVC_ACCOUNT_KEY", "b8f0a6c1d2e3947586a7b8f0a6c1d2e3")
    tutorial = blocks(TUTORIAL.read_text(encoding="utf-8"), "python")
    assert len(tutorial) == 6
    said = run(tutorial)
    with graphsvc.Client() as client:
        assert client.rackets(status="suspect")["racketId"][0] in said
    first, second = blocks(readme(), "python")
    assert "hubProbability" in run([first])
    assert "bcubed_precision" in run([second])


def test_every_command_on_the_pages_is_run_somewhere() -> None:
    asked = {
        line
        for text in (TUTORIAL.read_text(encoding="utf-8"), readme())
        for block in blocks(text, "console")
        for line in block.splitlines()
    }
    assert asked == set(_STARTED)
    assert all((ROOT / place).is_file() for place in _STARTED.values())
