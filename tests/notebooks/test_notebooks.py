"""The notebooks use the public names alone, stay small, and run from the first cell to the last on a real Neo4j."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
import polars as pl
import pytest

import graphsvc
from graphsvc.store.address import ServerAddress
from graphsvc.store.local import Running
from tests.conftest import wipe

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
REAL_WALLETS = ROOT.parent / "shared" / "data" / "wallets"
WALLETS = "03_wallets_reviewed_groups"
LIBRARIES = {"community", "graphdatascience", "matplotlib", "networkx", "numpy", "polars", "scipy"}
SMALL = {
    "01_market_and_hubs": "sellers = 300",
    "02_evidence_engines_resolution": "sellers, repeats, densities, bars = 300, 1, [0.01, 0.1], [0.05, 0.2]",
    "04_calibration_and_cost": "sellers, seeds, draws = 400, [1001, 1002], 50",
    "05_year_of_runs": "sellers, months = 250, [2, 4, 6, 8, 10, 12]",
}
"""Parameters that make a quick run of it; they are put behind the parameters' cell, as papermill does."""
LARGEST = 200_000
"""Bytes of a notebook's outputs."""

Cell = Mapping[str, Any]


def name(path: Path) -> str:
    return path.stem


def cells(path: Path) -> list[Cell]:
    read: Any = nbformat.read
    return [cell for cell in read(path, as_version=4).cells if cell.cell_type == "code"]


def code(path: Path) -> str:
    return "\n".join(cell["source"] for cell in cells(path))


def test_all_five_stories_are_there() -> None:
    assert [path.stem[:2] for path in NOTEBOOKS] == ["01", "02", "03", "04", "05"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name)
def test_only_public_names_are_used(path: Path) -> None:
    for node in ast.walk(ast.parse(code(path))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("graphsvc"):
            assert node.module == "graphsvc"
            assert {alias.name for alias in node.names} <= set(graphsvc._HOMES)
        elif isinstance(node, ast.ImportFrom | ast.Import):
            modules = (
                [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
            )
            assert {module.partition(".")[0] for module in modules} <= LIBRARIES | sys.stdlib_module_names
        if isinstance(node, ast.Attribute):
            assert not node.attr.startswith("_")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name)
def test_parameters_come_first_in_one_cell_and_hold_the_seed(path: Path) -> None:
    tagged = [cell for cell in cells(path) if "parameters" in cell["metadata"].get("tags", [])]
    assert tagged == cells(path)[:1]
    assert "seed" in tagged[0]["source"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name)
def test_outputs_are_there_small_and_without_errors(path: Path) -> None:
    outputs = [output for cell in cells(path) for output in cell["outputs"]]
    assert outputs
    assert {output.output_type for output in outputs} <= {"display_data", "execute_result", "stream"}
    assert not [output for output in outputs if output.get("name") == "stderr"]
    assert sum(len(str(output)) for output in outputs) < LARGEST
    assert any("image/png" in output.get("data", {}) for output in outputs)
    assert str(Path.home()) not in path.read_text(encoding="utf-8")


@pytest.fixture
def empty_server(local: Running) -> ServerAddress:
    wipe(local.address)
    return local.address


def smaller(path: Path, folder: Path) -> Path:
    """Return a copy of a notebook with the parameters of ``SMALL``."""
    read, write, cell = _nbformat()
    notebook = read(path, as_version=4)
    place = next(i for i, c in enumerate(notebook.cells) if "parameters" in c.metadata.get("tags", []))
    notebook.cells.insert(place + 1, cell(SMALL.get(path.stem, "")))
    write(notebook, folder / path.name)
    return folder / path.name


def _nbformat() -> tuple[Any, Any, Any]:
    return nbformat.read, nbformat.write, nbformat.v4.new_code_cell


def execute(
    path: Path, folder: Path, server: ServerAddress, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run a notebook as `jupyter execute` does, in a process and a folder of its own."""
    own = {
        name: str(folder / name)
        for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "TMPDIR")
    }
    for place in own.values():
        Path(place).mkdir(exist_ok=True)
    environment = {
        **os.environ,
        **own,
        "NEO4J_URI": server.uri,
        "NEO4J_USERNAME": server.user,
        "NEO4J_PASSWORD": server.password,
        "GRAPHSVC_ACCOUNT_KEY": "b8f0a6c1d2e3947586a7b8f0a6c1d2e3",
        "PYTHONPATH": str(ROOT),
        **settings,
    }
    run = "import sys; from nbclient.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", run, f"--output={folder / 'done.ipynb'}", "--timeout=600"]
    return subprocess.run(
        [*command, str(path)], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.neo4j
@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=name)
def test_runs_to_its_end_on_a_server(path: Path, tmp_path: Path, empty_server: ServerAddress) -> None:
    settings = {"GRAPHSVC_WALLETS": str(wallets(tmp_path))} if path.stem == WALLETS else {}
    done = execute(smaller(path, tmp_path), tmp_path, empty_server, **settings)
    assert done.returncode == 0, done.stderr[-4000:]
    ran = cells(tmp_path / "done.ipynb")
    assert all(cell["execution_count"] for cell in ran if cell["source"])
    outputs = [output for cell in ran for output in cell["outputs"]]
    assert not [output["text"] for output in outputs if output.get("name") == "stderr"]
    assert sum("image/png" in output.get("data", {}) for output in outputs) >= 2
    assert ran[-1]["outputs"], "the story ends with what to take along"


def wallets(folder: Path) -> Path:
    """Return the real wallets where they lie beside the checkout, else a simulated market in their form."""
    if REAL_WALLETS.is_dir():
        return REAL_WALLETS
    made = folder / "wallets"
    made.mkdir()
    market = graphsvc.read_market(
        graphsvc.simulate_market(folder / "market", sellers=800, seed=11, prevalence=0.3)
    )
    truth = graphsvc.read_truth(folder / "market", market)
    plain = pl.col("seller").str.split(":").list.last().alias("seller_id")
    market.sellers.select(plain, pl.lit("chain").alias("marketplace"), "status").write_csv(
        made / "sellers.csv"
    )
    market.links.select(
        plain,
        pl.lit("crypto").alias("kind"),
        pl.col("identifier").alias("account_no"),
        pl.lit(1).alias("transactions"),
    ).unique().write_csv(made / "payment_accounts.csv")
    market.identifiers.drop_nulls("service").select(
        pl.lit("payment_account").alias("kind"), pl.col("identifier").alias("value"), "service"
    ).write_csv(made / "known_services.csv")
    truth.sellers.drop_nulls("racket_id").select(plain, pl.col("racket_id").alias("group")).write_csv(
        made / "groups.csv"
    )
    return made
