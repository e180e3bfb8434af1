"""Values that no command can use are wrong usage (exit code 2), told before anything is started."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from graphsvc.cli import ingest
from graphsvc.cli.main import app
from graphsvc.loading import IngestReport, TableReport


@pytest.mark.parametrize(
    "words",
    [
        "simulate m --sellers 0",
        "simulate m --seed -1",
        "simulate m --prevalence 0.9",
        "simulate m --prevalence nan",
        "simulate m --difficulty foo",
        "simulate m --format xml",
        "simulate m --days 0",
        "simulate m --listings-per-seller 201",
        "evaluate --baselines foo",
        "evaluate --difficulty foo",
        "evaluate --difficulty 1.5",
        "evaluate --prevalence 2",
        "evaluate --first-seed 4294967296",
        "demo --seed 4294967296",
        "scan --top 2147483648",
        "normalise phone 123 --country Narnia",
        "normalise address x --kind foo",
        "why one one",
    ],
)
def test_is_refused_with_a_remedy_and_leaves_nothing(
    words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    refused = CliRunner().invoke(app, words.split())
    assert refused.exit_code == 2, refused.output
    assert "Invalid value" in refused.output
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize(("new", "changed"), [(75, 0), (0, 0)])
def test_a_load_says_what_became_of_the_other_listings(
    new: int, changed: int, capfd: pytest.CaptureFixture[str]
) -> None:
    listings = TableReport("listings", 680, new, changed, 5)
    ingest.show(IngestReport("l", (listings,), {}, {}, None, {}, (), {}, {}, ()))
    said = capfd.readouterr().out
    assert "all 675 usable ones count in the figures of their stores" in said
    assert f"stored one by one ({new} new, {changed} changed)" in said


def test_a_load_without_listings_says_nothing_of_them(capfd: pytest.CaptureFixture[str]) -> None:
    tables = (TableReport("sellers", 3, 3, 0, 0), TableReport("listings", 5, 0, 0, 5))
    ingest.show(IngestReport("l", tables, {}, {}, None, {}, (), {}, {}, ()))
    assert "figures of their stores" not in capfd.readouterr().out
