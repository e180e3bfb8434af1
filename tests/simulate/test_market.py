"""The written market keeps the input contract, whatever was asked for."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from graphsvc.model.errors import BadInput
from graphsvc.model.tables import BY_NAME, TABLES, Kind
from graphsvc.simulate import SimulatedMarket, SimulationOptions, simulate, write_market

TYPES = {
    Kind.TEXT: pl.String,
    Kind.CHOICE: pl.String,
    Kind.DATE: pl.Date,
    Kind.INTEGER: pl.Int64,
    Kind.NUMBER: pl.Float64,
}


def breaches(name: str, frame: pl.DataFrame) -> list[str]:
    """Return every way in which ``frame`` breaks the contract of table ``name``."""
    found = []
    for column in BY_NAME[name].columns:
        if column.name not in frame.columns:
            found += [f"{name}.{column.name} is missing"] if column.required else []
            continue
        values = frame[column.name]
        if values.dtype != TYPES[column.kind]:
            found.append(f"{name}.{column.name} is {values.dtype}")
            continue
        if column.required and (
            values.null_count() or (values.dtype == pl.String and (values.str.strip_chars() == "").any())
        ):
            found.append(f"{name}.{column.name} has empty cells")
        if column.choices and not set(values.drop_nulls()) <= set(column.choices):
            found.append(f"{name}.{column.name} has {set(values.drop_nulls()) - set(column.choices)}")
        if column.minimum is not None and (values.drop_nulls() < column.minimum).any():
            found.append(f"{name}.{column.name} is below {column.minimum}")
        if column.maximum is not None and (values.drop_nulls() > column.maximum).any():
            found.append(f"{name}.{column.name} is above {column.maximum}")
    return found


def keys(market: SimulatedMarket, name: str) -> pl.DataFrame:
    both = ["marketplace", "seller_id"] if market.options.clashing_ids else ["seller_id"]
    return market.tables[name].select(both)


@pytest.fixture(scope="module")
def market() -> SimulatedMarket:
    return simulate(SimulationOptions(3000, seed=11))


@pytest.mark.parametrize(
    "options",
    [
        SimulationOptions(1, seed=1),
        SimulationOptions(2, seed=2, prevalence=0.5),
        SimulationOptions(10, seed=3, prevalence=0.5),
        SimulationOptions(400, seed=4, difficulty="easy", prevalence=0),
        SimulationOptions(700, seed=5, difficulty=1.0, prevalence=0.5, days=30),
        SimulationOptions(900, seed=6, difficulty="hard", clashing_ids=True, listings_per_seller=20),
        SimulationOptions(3000, seed=11),
    ],
    ids=lambda options: f"{options.sellers}-{options.difficulty}",
)
def test_contract_holds_for_every_table(options: SimulationOptions) -> None:
    market = simulate(options)
    assert {table.name for table in TABLES} == set(market.tables)
    assert [line for name, frame in market.tables.items() for line in breaches(name, frame)] == []
    declared = keys(market, "sellers")
    assert declared.n_unique() == declared.height == options.sellers
    for name, frame in market.tables.items():
        if "seller_id" in frame.columns and name != "sellers":
            strangers = keys(market, name).drop_nulls().join(declared, on=declared.columns, how="anti")
            assert strangers.is_empty(), name


def test_references_between_tables_hold(market: SimulatedMarket) -> None:
    tables = market.tables
    for child, column, parent in (
        ("seller_warehouses", "warehouse_id", "warehouses"),
        ("test_buys", "listing_id", "listings"),
        ("notices", "listing_id", "listings"),
        ("outcomes", "operation_id", "operations"),
    ):
        known = set(tables[parent][column])
        assert set(tables[child][column].drop_nulls()) <= known
    for table, key in (
        ("listings", "listing_id"),
        ("test_buys", "test_buy_id"),
        ("notices", "notice_id"),
        ("operations", "operation_id"),
        ("warehouses", "warehouse_id"),
    ):
        assert tables[table][key].is_unique().all()


def test_dates_are_in_order_and_not_in_the_future(market: SimulatedMarket) -> None:
    end = pl.date(2016, 12, 31)
    sellers = market.tables["sellers"]
    assert sellers.filter(pl.col("closed_on") < pl.col("opened_on")).is_empty()
    assert sellers.filter((pl.col("status") == "active") != pl.col("closed_on").is_null()).is_empty()
    for name in ("seller_addresses", "payment_accounts", "seller_warehouses"):
        frame = market.tables[name]
        assert frame.filter(pl.col("last_seen") < pl.col("first_seen")).is_empty()
        assert frame.filter(pl.col("last_seen") > end).is_empty()
    assert market.tables["notices"].filter(pl.col("filed_on") > end).is_empty()
    assert market.tables["test_buys"].filter(pl.col("examined_on") > end).is_empty()


def test_default_ids_are_unique_and_clashing_ones_are_not() -> None:
    default = simulate(SimulationOptions(60, listings_per_seller=0)).tables["sellers"]
    assert default["seller_id"].is_unique().all()
    clashing = simulate(SimulationOptions(60, listings_per_seller=0, clashing_ids=True)).tables
    assert clashing["sellers"]["seller_id"].is_duplicated().any()
    assert clashing["seller_addresses"]["marketplace"].null_count() == 0


def test_no_listings_leaves_the_table_out_and_everything_else_alone() -> None:
    without = simulate(SimulationOptions(500, seed=8, listings_per_seller=0)).tables
    with_them = simulate(SimulationOptions(500, seed=8, listings_per_seller=12)).tables
    assert "listings" not in without
    for name in ("sellers", "seller_addresses", "payment_accounts", "seller_warehouses", "warehouses"):
        assert without[name].equals(with_them[name]), name


@pytest.mark.parametrize("table_format", ["csv", "ndjson", "parquet"])
def test_files_hold_what_the_market_in_memory_holds(tmp_path: Path, table_format: str) -> None:
    options = SimulationOptions(250, seed=9, table_format=table_format)
    manifest = write_market(tmp_path, options)
    readers: dict[str, Callable[[Path], pl.DataFrame]] = {
        "csv": pl.read_csv,
        "ndjson": pl.read_ndjson,
        "parquet": pl.read_parquet,
    }
    for name, frame in simulate(options).tables.items():
        assert manifest.rows[f"{name}.{table_format}"] == frame.height
        if frame.height:
            again = readers[table_format](tmp_path / f"{name}.{table_format}")
            assert again.height == frame.height
            assert list(again.columns) == frame.columns
    written = json.loads((tmp_path / "truth" / "options.json").read_text())
    assert written["seed"] == 9
    assert written["version"] >= 1
    assert written["complete"]
    assert not list(tmp_path.rglob("*.part"))


def test_a_market_cut_off_half_way_is_marked_so_and_can_be_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("graphsvc.simulate.market.casework.notices", stop)
        with pytest.raises(KeyboardInterrupt):
            write_market(tmp_path, SimulationOptions(30, seed=1))
    assert json.loads((tmp_path / "truth" / "options.json").read_text())["complete"] is False
    assert not (tmp_path / "notices.csv").exists()
    write_market(tmp_path, SimulationOptions(30, seed=1))
    assert json.loads((tmp_path / "truth" / "options.json").read_text())["complete"] is True


def test_writing_again_in_another_format_leaves_no_old_table(tmp_path: Path) -> None:
    write_market(tmp_path, SimulationOptions(30, seed=1))
    write_market(tmp_path, SimulationOptions(30, seed=1, table_format="parquet", listings_per_seller=0))
    assert not list(tmp_path.glob("*.csv"))
    assert not (tmp_path / "listings.parquet").exists()


def test_same_seed_gives_the_same_bytes_on_any_hash_seed(tmp_path: Path) -> None:
    def digests(hash_seed: str, seed: int) -> dict[str, str]:
        target = tmp_path / f"{hash_seed}-{seed}"
        code = (
            "import sys; from pathlib import Path; "
            "from graphsvc.simulate import SimulationOptions, write_market; "
            f"write_market(Path(sys.argv[1]), SimulationOptions(800, seed={seed}, prevalence=0.2))"
        )
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "POLARS_MAX_THREADS": hash_seed}
        subprocess.run([sys.executable, "-c", code, str(target)], check=True, env=environment)
        files = sorted(path for path in target.rglob("*") if path.is_file())
        return {
            str(path.relative_to(target)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
        }

    first = digests("1", 5)
    assert first == digests("2", 5)
    assert first["seller_addresses.csv"] != digests("1", 6)["seller_addresses.csv"]


def test_chunks_join_without_a_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphsvc.simulate.market.CHUNK", 97)
    market = simulate(SimulationOptions(500, seed=2))
    assert market.tables["sellers"]["seller_id"].n_unique() == 500
    assert market.tables["listings"]["listing_id"].is_unique().all()
    assert market.tables["seller_addresses"]["seller_id"].is_sorted()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sellers", 0),
        ("seed", -1),
        ("difficulty", "brutal"),
        ("difficulty", 1.5),
        ("prevalence", 0.9),
        ("days", 3),
        ("table_format", "xml"),
        ("listings_per_seller", -1),
    ],
)
def test_values_out_of_range_are_refused_by_name(field: str, value: object) -> None:
    chosen: dict[str, object] = {"sellers": 10, field: value}
    with pytest.raises(BadInput) as refused:
        SimulationOptions(**chosen)  # type: ignore[arg-type]
    assert field.removeprefix("table_") in refused.value.message
    assert refused.value.remedy


def test_a_place_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match="Cannot write the market"):
        write_market(tmp_path / "file", SimulationOptions(5))
