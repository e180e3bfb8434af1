"""The scan: order does not matter, cheaper is never less suspicious, a majority of fakes is still found."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from graphsvc.model.errors import BadInput
from graphsvc.model.market import OFFERS
from graphsvc.scan import kernel, rollup
from graphsvc.scan.kernel import Scan, ScanOptions, scan

FRAMES = ("offers", "sellers", "suspects", "groups")
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])

LISTING = st.fixed_dictionaries(
    {
        "seller": st.sampled_from(["a", "b", "c"]),
        "brand": st.sampled_from(["x", "y", None]),
        "category": st.sampled_from(["shoe", "bag", None, ""]),
        "unit_price": st.one_of(
            st.none(), st.floats(0, 1e9), st.sampled_from([10.0, 25.0, 100.0, float("nan"), float("inf")])
        ),
        "units_sold_30d": st.one_of(st.none(), st.integers(0, 10_000)),
    }
)
SCHEMA = {
    "seller": pl.String,
    "brand": pl.String,
    "category": pl.String,
    "unit_price": pl.Float64,
    "units_sold_30d": pl.Int64,
}


def share(caught: pl.DataFrame) -> float:
    return int(caught["fake"].sum()) / caught.height


def frame(rows: list[Any]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA).with_row_index("listing_id").cast({"listing_id": pl.String})


def assert_same(a: Scan, b: Scan) -> None:
    for name in FRAMES:
        assert_frame_equal(getattr(a, name), getattr(b, name), check_exact=True)


Made = Callable[..., pl.DataFrame]


def judged(listings: pl.DataFrame, options: ScanOptions | None = None) -> dict[str, float]:
    """Return the suspicion of every listing by its id."""
    everything = replace(options or ScanOptions(), threshold=1e-9, per_seller=10**6)
    rows = scan(listings.lazy(), everything).suspects
    return dict(rows.select("listing_id", "suspicion").iter_rows())


@FEW
@given(st.lists(LISTING, min_size=1, max_size=40), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows, random) -> None:  # type: ignore[no-untyped-def]
    listings = frame(rows)
    order = list(range(listings.height))
    random.shuffle(order)
    assert_same(scan(listings.lazy()), scan(listings[order].lazy()))


def test_the_order_of_many_rows_does_not_matter(made: Made) -> None:
    listings = made(20_000, 1)
    assert_same(scan(listings.lazy()), scan(listings.sample(fraction=1, shuffle=True, seed=2).lazy()))


@FEW
@given(st.lists(st.floats(1, 1e6), min_size=2, max_size=30), st.integers(0, 500))
def test_cheaper_is_never_less_suspicious(prices: list[float], units: int) -> None:
    rows = [
        {"seller": "s", "brand": "x", "category": "shoe", "unit_price": p, "units_sold_30d": units}
        for p in prices
    ]
    listings = frame(rows)
    found = judged(listings)
    ordered = listings.sort("unit_price", descending=True)["listing_id"]
    suspicions = [found[i] for i in ordered]
    assert suspicions == sorted(suspicions)


@FEW
@given(st.lists(st.integers(0, 5000), min_size=2, max_size=30), st.floats(0.05, 2))
def test_more_purchases_at_one_price_are_never_less_suspicious(
    made: Made, units: list[int], ratio: float
) -> None:
    fair = made(200, 3, infested=0, groups=1).drop("fake")
    odd = fair.head(len(units)).with_columns(
        listing_id=pl.Series([f"odd{n}" for n in range(len(units))]),
        unit_price=pl.lit(fair["unit_price"].median()) * ratio,
        units_sold_30d=pl.Series(units),
    )
    found = judged(pl.concat([fair, odd], how="vertical_relaxed"))
    suspicions = [found[f"odd{n}"] for n in np.argsort(units, kind="stable")]
    assert suspicions == sorted(suspicions)


@FEW
@given(st.lists(LISTING, min_size=1, max_size=60))
def test_medians_are_those_of_plain_python(rows) -> None:  # type: ignore[no-untyped-def]
    groups = scan(frame(rows).lazy()).groups
    expected: dict[tuple[object, object], list[float]] = {}
    for row in rows:
        price = row["unit_price"]
        if price is not None and 0 < price < float("inf"):
            expected.setdefault((row["brand"], row["category"] or None), []).append(float(np.log(price)))
    found = {(r["brand"], r["category"]): r for r in groups.iter_rows(named=True)}
    assert found.keys() == expected.keys()
    for key, logs in expected.items():
        middle = statistics.median(logs)
        assert found[key]["n"] == len(logs)
        assert found[key]["median"] == pytest.approx(np.exp(middle), rel=1e-9)
        assert found[key]["mad"] == pytest.approx(statistics.median(abs(x - middle) for x in logs), abs=1e-9)


@FEW
@given(st.lists(LISTING, min_size=1, max_size=40))
def test_sums_are_those_of_plain_python(rows) -> None:  # type: ignore[no-untyped-def]
    found = scan(frame(rows).lazy())
    assert found.offers.schema == OFFERS
    assert found.sellers.schema == rollup.SELLERS
    assert found.suspects.schema == rollup.SUSPECTS
    assert found.groups.schema == kernel.GROUPS
    for offer in found.offers.iter_rows(named=True):
        mine = [r for r in rows if r["seller"] == offer["seller"] and r["brand"] == offer["brand"]]
        units = [r["units_sold_30d"] for r in mine if r["units_sold_30d"] is not None]
        assert offer["listings"] == len(mine)
        assert offer["unitsSold30d"] == (sum(units) if units else None)
    assert found.sellers["listings"].sum() == len(rows)
    assert found.sellers["suspicion"].drop_nulls().is_between(0, 1).all()
    assert found.suspects["suspicion"].is_between(0, 1).all()


def test_fakes_are_found_and_the_honest_left_alone(made: Made) -> None:
    listings = made(20_000, 4)
    found = scan(listings.lazy(), ScanOptions(per_seller=10_000))
    caught = listings.join(found.suspects.select("listing_id"), on="listing_id", how="semi")
    assert share(caught) > 0.99
    assert int(caught["fake"].sum()) > 0.9 * int(listings["fake"].sum())
    sellers = dict(found.sellers.select("seller", "suspicion").iter_rows())
    assert min(sellers[f"tao:{n}"] for n in range(10)) > 0.8
    assert max(v for s, v in sellers.items() if int(s.removeprefix("tao:")) >= 10) < 0.2


@pytest.mark.parametrize("infested", [0.3, 0.5, 0.7, 0.85])
def test_a_group_mostly_of_fakes_is_measured_by_its_genuine_part(made: Made, infested: float) -> None:
    listings = made(6_000, 5, infested)
    found = scan(listings.lazy(), ScanOptions(per_seller=10_000))
    genuine = (
        listings.filter(~pl.col("fake")).group_by("brand", "category").agg(pl.col("unit_price").median())
    )
    both = found.groups.join(genuine, on=["brand", "category"])
    assert both.height == 12
    assert (both["reference"] / both["unit_price"]).is_between(0.9, 1.15).all()
    caught = listings.join(found.suspects.select("listing_id"), on="listing_id", how="semi")
    assert share(caught) > 0.98
    assert int(caught["fake"].sum()) > 0.9 * int(listings["fake"].sum())


def test_authorised_stores_anchor_a_group_that_shows_one_heap_only() -> None:
    rng = np.random.default_rng(6)
    price = np.concatenate([np.exp(rng.normal(4, 0.1, 196)), np.full(4, 150.0)])
    listings = pl.DataFrame(
        {
            "seller": ["fake"] * 196 + ["real"] * 4,
            "listing_id": [str(n) for n in range(200)],
            "brand": "x",
            "category": "shoe",
            "unit_price": price,
        }
    )
    blind = scan(listings.lazy())
    told = scan(listings.lazy(), authorised=pl.DataFrame({"seller": ["real"], "brand": ["x"]}))
    assert blind.suspects.is_empty()
    assert told.groups["reference"].to_list() == pytest.approx([150.0])
    assert set(told.suspects["seller"]) == {"fake"}
    assert told.sellers.filter(seller="fake")["suspectListings"].to_list() == [196]


def test_one_listing_is_no_suspect() -> None:
    listings = frame(
        [{"seller": "a", "brand": "x", "category": "shoe", "unit_price": 5.0, "units_sold_30d": 9}]
    )
    found = scan(listings.lazy())
    assert found.suspects.is_empty()
    assert found.sellers.rows() == [("a", 1, 0, 45.0, pytest.approx(0.03, abs=0.03), None)]
    assert found.groups["reference"].to_list() == pytest.approx([5.0])


def test_a_tiny_group_leans_on_its_kin() -> None:
    """One listing of a new brand, in a category where all other brands cost 100, stands out at 20."""
    kin: list[dict[str, Any]] = [
        {"seller": "a", "brand": f"b{b}", "category": "cap", "unit_price": 100.0 + n % 7, "units_sold_30d": 5}
        for b in range(8)
        for n in range(40)
    ]
    tiny = [
        {"seller": s, "brand": f"new {s}", "category": "cap", "unit_price": p, "units_sold_30d": 5}
        for s, p in (("q", 20.0), ("r", 90.0))
    ]
    assert scan(frame(kin + tiny).lazy()).suspects["seller"].to_list() == ["q"]
    scattered = [{**row, "unit_price": row["unit_price"] * 3.0 ** int(str(row["brand"])[1])} for row in kin]
    assert scan(frame(scattered + tiny).lazy()).suspects.is_empty()


def test_a_wide_group_says_little() -> None:
    rng = np.random.default_rng(7)
    rows = [
        {
            "seller": str(n % 50),
            "brand": "x",
            "category": None,
            "unit_price": float(np.exp(rng.uniform(1, 8))),
            "units_sold_30d": 5,
        }
        for n in range(500)
    ]
    assert scan(frame(rows).lazy()).suspects.is_empty()


def test_without_a_price_nothing_is_claimed() -> None:
    listings = pl.DataFrame({"seller": ["a", "a"], "listing_id": ["1", "2"], "unit_price": [0.0, None]})
    found = scan(listings.lazy())
    assert found.sellers.rows() == [("a", 2, 0, None, None, None)]
    assert found.offers.is_empty()
    assert found.suspects.is_empty()
    assert found.groups.is_empty()


def test_nothing_listed_nothing_found() -> None:
    listings = pl.LazyFrame(schema={"seller": pl.String, "listing_id": pl.String, "unit_price": pl.Float64})
    found = scan(listings)
    assert [getattr(found, name).height for name in FRAMES] == [0, 0, 0, 0]
    assert found.offers.schema == OFFERS
    assert found.sellers.schema == rollup.SELLERS


def test_the_worst_listings_of_a_seller_are_kept(made: Made) -> None:
    listings = made(5_000, 8)
    all_of_them = scan(listings.lazy(), ScanOptions(per_seller=10_000))
    few = scan(listings.lazy(), ScanOptions(per_seller=3))
    assert few.suspects.group_by("seller").len()["len"].max() == 3
    assert_frame_equal(few.sellers, all_of_them.sellers)
    danger = pl.col("suspicion") * (1 + pl.col("unit_price") * pl.col("units_sold_30d"))
    best = all_of_them.suspects.filter(seller="tao:1").sort(danger, descending=True).head(3)
    assert set(few.suspects.filter(seller="tao:1")["listing_id"]) == set(best["listing_id"])


def test_currencies_are_not_compared(made: Made) -> None:
    rows = made(2_000, 9, infested=0, groups=1).drop("fake")
    dollars = rows.with_columns(unit_price=pl.col("unit_price") / 7, currency=pl.lit("USD"))
    both = pl.concat([rows, dollars])
    assert scan(both.lazy()).suspects.height <= 2
    assert scan(both.lazy()).groups.height == 2


def test_a_missing_column_is_told() -> None:
    with pytest.raises(BadInput, match="no column unit_price"):
        scan(pl.LazyFrame({"seller": ["a"], "listing_id": ["1"]}))


@pytest.mark.parametrize(
    "wrong", [{"discount": 1.0}, {"surge": 1.0}, {"prior": 0.0}, {"unit_evidence": 5.0}, {"per_seller": 0}]
)
def test_options_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(BadInput, match="Scan option"):
        ScanOptions(**wrong)  # type: ignore[arg-type]
