"""How the scan compares with the least any scan must do: one median per brand and category of the same frame.

Prints JSON: seconds of both, their ratio, and the peak memory. ``python benchmarks/scan.py [LISTINGS]``.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graphsvc.scan.kernel import scan

Ints = NDArray[np.int64]
PER_SELLER = 20
_WORDS = "包邮 正品 现货 热卖 新款 官方授权 支持验货 七天退换 工厂直销 限时特价 new sale"


def titles(rng: np.random.Generator, seller: Ints) -> pl.Series:
    """Return a title for each listing: two phrases that its seller likes, one by chance, a number."""
    phrases = np.array(_WORDS.split())
    liked = rng.integers(0, phrases.size, (int(seller.max()) + 1, 2))[seller]
    words = (phrases[liked[:, 0]], phrases[liked[:, 1]], phrases[rng.integers(0, phrases.size, seller.size)])
    model = pl.Series(rng.integers(100, 999, seller.size)).cast(pl.String)
    return pl.select(pl.concat_str(*(pl.Series(word) for word in words), model, separator=" ")).to_series()


def write(path: Path, count: int, seed: int = 1) -> None:
    """Write listings: each seller offers three brands; every twentieth sells fakes."""
    rng = np.random.default_rng(seed)
    sellers = max(1, count // PER_SELLER)
    brands = max(3, min(2_000, count // 500))
    seller, category = rng.integers(0, sellers, count), rng.integers(0, 10, count)
    brand = rng.integers(0, brands, (sellers, 3))[seller, rng.integers(0, 3, count)]
    fake = (rng.random(sellers) < 0.05)[seller] & (rng.random(count) < 0.8)
    genuine = rng.normal(5, 1, (brands, 10))[brand, category] + rng.normal(0, 0.2, count)
    pl.DataFrame(
        {
            "seller": pl.Series(seller).cast(pl.String),
            "listing_id": pl.Series(np.arange(count)).cast(pl.String),
            "brand": "brand " + pl.Series(brand).cast(pl.String),
            "category": "category " + pl.Series(category).cast(pl.String),
            "unit_price": np.exp(genuine - np.where(fake, rng.normal(1, 0.3, count), 0)).round(2),
            "currency": pl.Series(["CNY"]).new_from_index(0, count),
            "units_sold_30d": rng.poisson(np.where(fake, 60, 20)),
            "title": titles(rng, seller),
        }
    ).write_parquet(path)


def seconds(work: Callable[[], object]) -> float:
    """Return how long one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main(count: int) -> None:
    """Measure, best of three, and print."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "listings.parquet"
        write(path, count)
        table = pl.scan_parquet(path)
        bare = table.group_by("brand", "category").agg(pl.col("unit_price").median())
        medians = min(seconds(lambda: bare.collect(engine="streaming")) for _ in range(3))
        whole = min(seconds(lambda: scan(table)) for _ in range(3))
    print(
        json.dumps(
            {
                "listings": count,
                "threads": pl.thread_pool_size(),
                "median_seconds": round(medians, 3),
                "scan_seconds": round(whole, 3),
                "ratio": round(whole / medians, 2),
                "peak_gb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 2),
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
