"""A wheel built from this checkout works in an environment of its own, outside the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def run(command: Sequence[str | Path], folder: Path) -> str:
    """Run a program as somebody would who never saw the checkout; return what it prints."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel as pip would, with the build tools that are pinned here."""
    folder = tmp_path_factory.mktemp("wheel")
    build: list[str | Path] = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        folder,
        ROOT,
    ]
    run(build, folder)
    return next(folder.glob("graphsvc-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into a fresh environment that sees our dependencies but not our checkout."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home / "venv", with_pip=False, symlinks=True)
    python = home / "venv" / "bin" / "python"
    pip: list[str | Path] = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
    ]
    run([*pip, wheel], home)
    own = Path(run([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], home).strip())
    # A plain path: the editable install that tests run on is not followed through it.
    (own / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return home


def test_wheel_holds_code_statements_and_locks(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    statements = {
        f"graphsvc/queries/{p.relative_to(ROOT / 'queries')}" for p in ROOT.glob("queries/**/*.cypher")
    }
    assert statements
    assert statements <= names
    locks = {f"graphsvc/store/local/{p.name}" for p in (ROOT / "graphsvc" / "store" / "local").glob("*.txt")}
    assert len(locks) == 3
    assert locks <= names
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/", "queries/"))]


def test_command_runs_outside_the_checkout(installed: Path) -> None:
    assert run([installed / "venv" / "bin" / "graphsvc", "--version"], installed).startswith("graphsvc ")
    assert "demo" in run([installed / "venv" / "bin" / "graphsvc", "--help"], installed)


def test_statements_are_found_outside_the_checkout(installed: Path) -> None:
    code = (
        "import graphsvc, ingest;"
        "from graphsvc.store import queries; from graphsvc.store.local import artifacts, config;"
        "print(graphsvc.__file__, ingest.__file__, queries.root(), len(queries.names()),"
        " len(artifacts.read_lock(config.RELEASES['2026.08'])), sep='\\n')"
    )
    where = run([installed / "venv" / "bin" / "python", "-c", code], installed).splitlines()
    assert all(Path(path).is_relative_to(installed) for path in where[:3])
    assert int(where[3]) == len(list(ROOT.glob("queries/**/*.cypher")))
    assert int(where[4]) > 300
