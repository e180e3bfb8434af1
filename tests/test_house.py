"""The rules of the house that no linter knows."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted([*ROOT.glob("graphsvc/**/*.py"), *ROOT.glob("ingest/**/*.py")])
REQUIREMENTS = sorted((ROOT / "requirements").glob("*.txt"))
_CYPHER = re.compile(r"^\s*(MATCH|MERGE|OPTIONAL MATCH|UNWIND|CALL \{)\s*[(\[${]", re.MULTILINE)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", [p for p in SOURCES if p.name == "__init__.py"], ids=name)
def test_each_room_says_what_belongs_there(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_no_statement_hides_in_code(path: Path) -> None:
    texts = [
        n.value for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Constant)
    ]
    assert not [text for text in texts if isinstance(text, str) and _CYPHER.search(text)]


@pytest.mark.parametrize("path", REQUIREMENTS, ids=name)
def test_requirements_are_pinned_hashed_and_name_no_registry(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    entries = [entry for entry in re.split(r"\n(?=\S)", text) if entry.strip()]
    assert entries
    assert all(re.match(r"[\w.\-\[\]]+==\S+", entry) and "--hash=sha256:" in entry for entry in entries)
    assert "://" not in text
    assert "--index" not in text


def test_requirements_hold_what_the_project_declares() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    normal = {
        re.sub(r"[-_.]+", "-", re.split(r"[\s<>=!~;\[]", d)[0]).lower()
        for d in project["project"]["dependencies"]
    }
    groups = {re.split(r"[\s<>=!~;\[]", d)[0].lower() for d in project["dependency-groups"]["test"]}
    assert normal <= pins("main").keys()
    assert normal | groups <= pins("test").keys()


def test_tests_run_on_what_users_get() -> None:
    main, test = pins("main"), pins("test")
    assert {package: test.get(package) for package in main} == main


def pins(group: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{group}.txt").read_text(encoding="utf-8")
    return {m[1].lower(): m[2] for m in re.finditer(r"^([\w.-]+)(?:\[[^\]]*\])?==(\S+)", text, re.MULTILINE)}


def test_ci_runs_the_test_command_and_nothing_else() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    commands = [line for line in lines if line and not line.startswith(("#", "set ", "cd "))]
    assert commands == ["python3 start.py test"]


def test_start_explains_itself_and_refuses_what_it_does_not_know() -> None:
    start = [sys.executable, str(ROOT / "start.py")]
    told = subprocess.run([*start, "--help"], capture_output=True, text=True, check=False)
    assert (told.returncode, "start.py demo" in told.stdout) == (0, True)
    assert subprocess.run([*start, "nothing"], capture_output=True, check=False).returncode == 2
