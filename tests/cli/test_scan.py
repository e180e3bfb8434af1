"""``graphsvc scan`` on a real store: what it prints, what it writes, and what it says when it cannot."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import typer
from typer.testing import CliRunner, Result

from graphsvc.cli import scan as command
from graphsvc.cli.context import CONTEXT
from graphsvc.model import market
from graphsvc.store.driver import Store
from ingest.load import load
from ingest.stage import stage

pytestmark = pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning")
KEY = "a long random text for the tests"
Run = Callable[..., Result]


@pytest.fixture
def run(store: Store, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs the command against the test's store, as JSON."""
    monkeypatch.setenv("NEO4J_URI", store.address.uri)
    monkeypatch.setenv("NEO4J_PASSWORD", store.address.password)
    monkeypatch.setenv("GRAPHSVC_ACCOUNT_KEY", KEY)
    monkeypatch.setattr(CONTEXT, "json", True)
    app = typer.Typer()
    app.callback()(lambda: None)
    command.register(app)
    return lambda *words: CliRunner().invoke(app, ["scan", *map(str, words)])


def tables(folder: Path) -> Path:
    """Write four stores and listings of one brand, of which store ``s3`` sells at a quarter of the price."""
    folder.mkdir()
    pl.DataFrame({"seller_id": ["s0", "s1", "s2", "s3"], "marketplace": "tao"}).write_csv(
        folder / "sellers.csv"
    )
    authorised = {"seller_id": ["s0"], "brand": ["Nordlauf"], "valid_from": ["2016-01-01"]}
    pl.DataFrame(authorised).write_csv(folder / "authorisations.csv")
    pl.DataFrame(
        {
            "listing_id": [f"l{n}" for n in range(80)],
            "seller_id": [f"s{n % 4}" for n in range(80)],
            "brand": "Nordlauf",
            "category": "shoe",
            "unit_price": [(25.0 if n % 4 == 3 else 100.0) + n / 10 for n in range(80)],
            "units_sold_30d": [50 if n % 4 == 3 else 10 for n in range(80)],
        }
    ).write_csv(folder / "listings.csv")
    return folder


def offers(store: Store) -> list[dict[str, Any]]:
    return store.packed("read/market_offers", market.OFFERS).sort("seller").to_dicts()


@pytest.mark.neo4j
@pytest.mark.parametrize("engine", ["polars", "spark"])
def test_the_cheap_store_is_found_and_written(run: Run, store: Store, tmp_path: Path, engine: str) -> None:
    folder = tables(tmp_path / "in")
    load(
        stage([folder / "sellers.csv", folder / "authorisations.csv"], tmp_path / "work", KEY.encode()), store
    )
    result = run(folder / "listings.csv", "--engine", engine)
    assert result.exit_code == 0, result.output
    said = json.loads(result.stdout)
    assert said["totals"] == {
        "listings": 80,
        "suspectListings": 20,
        "sellers": 4,
        "suspectSellers": 1,
        "groups": 1,
    }
    assert [row["seller"] for row in said["sellers"]] == ["tao:s3"]
    written = offers(store)
    assert [(row["seller"], row["suspectListings"]) for row in written] == [
        ("tao:s0", 0),
        ("tao:s1", 0),
        ("tao:s2", 0),
        ("tao:s3", 20),
    ]
    assert run(folder / "listings.csv", "--engine", engine).exit_code == 0
    assert offers(store) == written


@pytest.mark.neo4j
def test_without_writing_the_store_stays_as_it_is(run: Run, store: Store, tmp_path: Path) -> None:
    folder = tables(tmp_path / "in")
    load(stage([folder / "sellers.csv"], tmp_path / "work", KEY.encode()), store)
    assert run(folder / "listings.csv", "--no-write").exit_code == 0
    assert offers(store) == []


@pytest.mark.neo4j
def test_the_listings_of_the_last_load_are_scanned_when_none_are_named(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "home" / "listings"
    assert "No listings are kept" in run().output
    kept.mkdir(parents=True)
    pl.DataFrame({"seller": ["tao:a"], "listing_id": ["1"], "unit_price": [5.0]}).write_parquet(
        kept / "0.parquet"
    )
    result = run("--no-write")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["totals"]["listings"] == 1


@pytest.mark.neo4j
def test_listings_of_unknown_stores_are_refused_with_a_remedy(run: Run, tmp_path: Path) -> None:
    folder = tables(tmp_path / "in")
    result = run(folder / "listings.csv")
    assert result.exit_code == 1
    assert "No usable listing" in result.output
