"""Listings for the tests of the scan."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest


@pytest.fixture(scope="session", name="made")
def maker() -> Callable[..., pl.DataFrame]:
    """Return :func:`made`."""
    return made


def made(count: int, seed: int, infested: float = 0.1, groups: int = 12) -> pl.DataFrame:
    """Make listings, each told ``fake`` or not; fakes cost about 37% and sell three times as often."""
    rng = np.random.default_rng(seed)
    group = rng.integers(0, groups, count)
    fake = rng.random(count) < infested
    genuine = np.exp(rng.normal(5, 1, groups))[group] * np.exp(rng.normal(0, 0.12, count))
    return pl.DataFrame(
        {
            "seller": [
                f"tao:{s}" for s in np.where(fake, rng.integers(0, 10, count), rng.integers(10, 200, count))
            ],
            "listing_id": [f"l{n}" for n in range(count)],
            "brand": [f"brand {g % 4}" for g in group],
            "category": [f"category {g // 4}" for g in group],
            "unit_price": np.where(fake, genuine * np.exp(-rng.normal(1.0, 0.2, count)), genuine).round(2),
            "currency": ["CNY"] * count,
            "units_sold_30d": rng.poisson(np.where(fake, 60, 20)),
            "fake": fake,
        }
    )
