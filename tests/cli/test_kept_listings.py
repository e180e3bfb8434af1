"""The listings of the last load are kept, so that the scan can be repeated without the files."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from graphsvc.loading import LISTINGS, keep_listings
from graphsvc.scan.kernel import scan
from ingest.stage import stage


def load(folder: Path, price: str) -> pl.DataFrame:
    """Stage one listing at a price and keep it; return what the home holds afterwards."""
    tables = folder / f"tables-{price}"
    tables.mkdir()
    (tables / "sellers.csv").write_text("seller_id\ns1\n", encoding="utf-8")
    (tables / "listings.csv").write_text(
        f"listing_id,seller_id,unit_price\nl1,s1,{price}\n", encoding="utf-8"
    )
    staged = stage([tables], folder / f"work-{price}", b"k" * 32)
    keep_listings(staged, folder)
    return pl.read_parquet(folder / LISTINGS / "*.parquet")


def test_only_the_last_load_is_kept_and_can_be_scanned(tmp_path: Path) -> None:
    assert load(tmp_path, "5")["unit_price"].to_list() == [5.0]
    kept = load(tmp_path, "7")
    assert kept["unit_price"].to_list() == [7.0]
    assert scan(kept.lazy()).sellers["listings"].to_list() == [1]
