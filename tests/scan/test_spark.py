"""The scan on a real local Spark gives the very same numbers."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from graphsvc.model.errors import BadInput
from graphsvc.scan import kernel, spark
from graphsvc.scan.options import ScanOptions

FRAMES = ("offers", "sellers", "suspects", "groups")
pytestmark = pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning")
Made = Callable[..., pl.DataFrame]


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    started = spark.session("local[2]", partitions=3)
    try:
        yield started
    finally:
        started.stop()


def awkward(made: Made) -> pl.DataFrame:
    """Listings with gaps: no brand, category, price or purchases; dates, and columns of another type."""
    rows = made(3_000, 11, groups=30).drop("fake").with_row_index("n")
    gap = pl.col("n") % 7
    return rows.with_columns(
        brand=pl.when(gap != 0).then("brand"),
        category=pl.when(gap != 1).then("category"),
        unit_price=pl.when(gap != 2).then("unit_price").otherwise(0.0),
        currency=pl.when(gap != 3).then("currency"),
        units_sold_30d=pl.when(gap != 4).then("units_sold_30d").cast(pl.Int32),
        listed_on=pl.date(2026, 1, 1) + pl.duration(days=pl.col("n") % 100),
        title=pl.when(gap != 5).then(pl.format("正品 {} 工厂直销", "brand")),
    ).drop("n")


def test_spark_and_polars_agree_to_the_digit(made: Made, session: Any, tmp_path: Path) -> None:
    listings, authorised = (
        awkward(made),
        pl.DataFrame({"seller": ["tao:20", "tao:21"], "brand": ["brand 1", "brand 2"]}),
    )
    paths = [tmp_path / "a.parquet", tmp_path / "b.parquet"]
    listings.head(1_000).write_parquet(paths[0])
    listings.tail(2_000).write_parquet(paths[1])
    options = ScanOptions(per_seller=4)
    ours = kernel.scan(listings.lazy(), options, authorised)
    theirs = spark.scan(session, spark.read_parquet(session, paths), options, authorised)
    assert ours.suspects.height > 20
    for name in FRAMES:
        assert_frame_equal(getattr(theirs, name), getattr(ours, name), check_exact=True)


def test_a_missing_column_is_told_before_any_work(made: Made, session: Any, tmp_path: Path) -> None:
    made(10, 1).drop("unit_price").write_parquet(tmp_path / "a.parquet")
    with pytest.raises(BadInput, match="no column unit_price"):
        spark.scan(session, spark.read_parquet(session, [tmp_path / "a.parquet"]))


def test_without_the_extra_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(BadInput, match=r"pip install 'graphsvc\[spark\]'"):
        spark.session()
