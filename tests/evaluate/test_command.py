"""``graphsvc evaluate``: the page, JSON, wrong usage."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
import typer
from typer.testing import CliRunner, Result

from graphsvc.cli import evaluate
from graphsvc.cli.context import CONTEXT

SMALL = (
    "--sellers",
    "300",
    "--seeds",
    "1",
    "--difficulty",
    "normal",
    "--prevalence",
    "0.1",
    "--first-seed",
    "5",
)


@pytest.fixture(autouse=True)
def _fresh_context(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CONTEXT, "json", False)
    monkeypatch.setattr(CONTEXT, "quiet", True)


def run(*arguments: str) -> Result:
    app = typer.Typer()
    evaluate.register(app)
    return CliRunner().invoke(app, arguments)


def test_writes_the_page_with_ours_and_the_baselines(tmp_path: Path) -> None:
    page = tmp_path / "docs" / "evaluation.md"
    result = run(*SMALL, "--baselines", "components-10,leiden-modularity", "--out", str(page))
    assert result.exit_code == 0, result.output
    text = page.read_text(encoding="utf-8")
    assert "### 300 stores, normal, 10 % in rackets" in text
    for name in ("graphsvc", "components-10", "leiden-modularity"):
        assert f"| {name} |" in text
    assert "## Where we lose" in text


def test_json_holds_the_summary_and_the_wallets(tmp_path: Path) -> None:
    sellers = "\n".join(f"w{k},{'removed' if k < 6 else 'active'}" for k in range(12))
    accounts = "\n".join(f"w{k},crypto,a{k // 3}" for k in range(12))
    (tmp_path / "sellers.csv").write_text(f"seller_id,status\n{sellers}\n", encoding="utf-8")
    (tmp_path / "payment_accounts.csv").write_text(
        f"seller_id,kind,account_no\n{accounts}\n", encoding="utf-8"
    )
    (tmp_path / "groups.csv").write_text("seller_id,group\nw0,g\nw1,g\nw2,g\nw3,h\nw4,h\n", encoding="utf-8")
    result = run(*SMALL, "--baselines", "components", "--json", "--wallets", str(tmp_path))
    assert result.exit_code == 0, result.output
    found = orjson.loads(result.stdout)
    assert {row["detector"] for row in found["summary"]} == {"graphsvc", "components"}
    assert found["wallets"]["components"]["agreement"] == {"precision": 1.0, "recall": 1.0}
    assert found["wallets"]["components"]["contamination"] == 0.0


def test_a_baseline_nobody_knows_is_refused_by_name() -> None:
    result = run(*SMALL, "--baselines", "components,magic")
    assert result.exit_code == 2
    assert "There is no baseline 'magic'" in result.stderr


def test_wallets_without_reviewed_groups_are_refused(tmp_path: Path) -> None:
    (tmp_path / "sellers.csv").write_text("seller_id,marketplace,status\nw0,,active\n", encoding="utf-8")
    result = run(*SMALL, "--baselines", "none", "--wallets", str(tmp_path))
    assert result.exit_code == 1
    assert "groups.csv: no such file" in result.stderr
