"""The truth agrees with the tables, and the market is as nasty as it claims to be."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy.stats import skew

from graphsvc.simulate import SimulatedMarket, SimulationOptions, simulate


@pytest.fixture(scope="module")
def market() -> SimulatedMarket:
    return simulate(SimulationOptions(20_000, seed=21))


def by_difficulty(level: float, **more: int) -> SimulatedMarket:
    return simulate(
        SimulationOptions(
            6000, seed=33, difficulty=level, prevalence=0.2, listings_per_seller=more.get("listings", 0)
        )
    )


def test_every_store_has_a_role_and_rackets_add_up(market: SimulatedMarket) -> None:
    members, rackets = market.truth["members"], market.truth["rackets"]
    assert set(members["seller_id"]) == set(market.tables["sellers"]["seller_id"])
    counted = members.filter(pl.col("racket_id").is_not_null()).group_by("racket_id").len("stores")
    joined = rackets.join(counted, on="racket_id", how="full", coalesce=True)
    assert joined.filter(pl.col("size") != pl.col("stores")).is_empty()
    assert joined.null_count().select("size", "stores").row(0) == (0, 0)
    assert members.filter((pl.col("role") == "racket") != pl.col("racket_id").is_not_null()).is_empty()
    assert members.filter(pl.col("group_id").is_not_null() & (pl.col("role") != "honest")).is_empty()
    assert set(members["group_kind"].drop_nulls()) == {"family", "franchise", "agency", "distributor"}


def test_prevalence_is_the_share_of_stores_in_rackets(market: SimulatedMarket) -> None:
    members = market.truth["members"]
    assert (members["role"] == "racket").mean() == pytest.approx(0.06, abs=0.005)
    many = simulate(SimulationOptions(4000, seed=1, prevalence=0.3, listings_per_seller=0)).truth["members"]
    assert (many["role"] == "racket").mean() == pytest.approx(0.3, abs=0.02)
    none = simulate(SimulationOptions(500, seed=1, prevalence=0)).truth
    assert none["rackets"].is_empty()


def test_racket_sizes_are_log_normal_around_seven() -> None:
    options = SimulationOptions(60_000, seed=4, prevalence=0.3, listings_per_seller=0)
    sizes = simulate(options).truth["rackets"]["size"].to_numpy()
    assert 6 <= np.median(sizes) <= 8
    assert sizes.min() == 2
    assert 100 < sizes.max() <= 500
    assert abs(skew(np.log(sizes))) < 0.7 < skew(sizes)


def test_hubs_of_every_kind_reach_their_sizes(market: SimulatedMarket) -> None:
    hubs = market.truth["identifiers"]
    largest = dict(hubs.group_by("hub_kind").agg(pl.col("users").max()).iter_rows())
    assert set(largest) == {
        "fulfilment_house", "parcel_locker", "courier_depot", "office_park", "wholesale_market",
        "virtual_office", "aggregator", "agency", "recycled", "mule",
    }  # fmt: skip
    assert largest["virtual_office"] == 400
    assert largest["fulfilment_house"] == 600
    houses = hubs.filter(pl.col("hub_kind") == "fulfilment_house")["users"]
    assert houses.to_numpy().min() >= 45
    seen = market.tables["seller_warehouses"].group_by("warehouse_id").agg(pl.col("seller_id").n_unique())
    assert seen["seller_id"].to_numpy().max() > 300


def test_rackets_use_hubs_too_and_mules_join_two(market: SimulatedMarket) -> None:
    members = market.truth["members"].select("seller_id", "racket_id", "role")
    houses = market.truth["identifiers"].filter(pl.col("hub_kind") == "fulfilment_house")["value"]
    users = market.tables["seller_warehouses"].filter(pl.col("warehouse_id").is_in(houses.implode()))
    assert users.join(members, on="seller_id").group_by("role").len().height == 3
    accounts = (
        market.tables["payment_accounts"].filter(pl.col("kind") == "bank").join(members, on="seller_id")
    )
    digits = accounts.with_columns(number=pl.col("account_no").str.replace_all(r"\D", ""))
    shared = digits.drop_nulls("racket_id").group_by("number").agg(pl.col("racket_id").n_unique())
    assert (shared["racket_id"] == 2).any()


def test_no_single_identifier_covers_a_large_racket() -> None:
    market = by_difficulty(0.5)
    members = market.truth["members"].drop_nulls("racket_id").select("seller_id", "racket_id")
    sizes = market.truth["rackets"].filter(pl.col("size") >= 15).select("racket_id", "size")
    hubs = market.truth["identifiers"].filter(pl.col("label") == "warehouse")["value"]
    used = (
        market.tables["seller_warehouses"]
        .filter(~pl.col("warehouse_id").is_in(hubs.implode()))
        .unique(["seller_id", "warehouse_id"])
    )
    most = (
        used.join(members, on="seller_id")
        .group_by("racket_id", "warehouse_id")
        .len()
        .group_by("racket_id")
        .agg(pl.col("len").max())
    )
    cover = most.join(sizes, on="racket_id").select(pl.col("len") / pl.col("size")).to_series()
    assert cover.len() > 5
    assert np.median(cover.to_numpy()) < 0.35


def test_known_services_are_a_part_of_the_hubs(market: SimulatedMarket) -> None:
    hubs, known = market.truth["identifiers"], market.tables["known_services"]
    assert 0 < known.height < hubs.height / 2
    assert set(known["value"]) <= set(hubs["value"])


def test_difficulty_hides_evidence_and_muddles_text() -> None:
    easy, hard = by_difficulty(0.0), by_difficulty(1.0)
    for name in ("seller_addresses", "seller_warehouses"):
        owned = [m.tables[name].select("seller_id").n_unique() for m in (easy, hard)]
        assert owned[0] != owned[1]
    for column in ("phone", "email"):
        assert easy.tables["sellers"][column].null_count() < hard.tables["sellers"][column].null_count()
    wide = r"[０-９]"
    written = [m.tables["seller_addresses"]["address"].str.contains(wide).mean() for m in (easy, hard)]
    assert written[0] < written[1]  # type: ignore[operator]


def test_difficulty_brings_fakes_nearer_to_honest_prices_and_buys_nearer_to_genuine() -> None:
    ratios, caught = [], []
    for level in (0.0, 1.0):
        market = by_difficulty(level, listings=6)
        listings = market.tables["listings"].join(market.truth["members"], on="seller_id")
        typical = (
            listings.filter(pl.col("role") == "honest")
            .group_by("brand", "category")
            .agg(pl.col("unit_price").median().alias("usual"))
        )
        sold = listings.filter(pl.col("role") == "racket").join(typical, on=["brand", "category"])
        ratios.append(sold.select((pl.col("unit_price") / pl.col("usual")).median()).item())
        buys = (
            market.tables["test_buys"]
            .join(market.truth["members"], on="seller_id")
            .filter(pl.col("role") == "racket")
        )
        caught.append(buys.select((pl.col("verdict") == "counterfeit").mean()).item())
    assert ratios[0] < 0.6 < 1.0
    assert ratios[0] < ratios[1]
    assert caught[0] > caught[1]


def test_brands_complain_about_honest_stores_and_biased_brands_more(market: SimulatedMarket) -> None:
    notices = market.tables["notices"].join(market.truth["members"], on="seller_id")
    honest = notices.filter(pl.col("role") == "honest")
    assert 0.2 < honest.height / notices.height < 0.8
    assert set(honest["outcome"]) == {"removed", "rejected", "pending"}


def test_operations_close_stores_of_raided_rackets(market: SimulatedMarket) -> None:
    raided = market.truth["rackets"].filter("raided")
    assert 0 < raided.height < market.truth["rackets"].height / 3
    closed = (
        market.tables["outcomes"]
        .filter(pl.col("kind") == "store_closed")
        .join(market.truth["members"], on="seller_id")
    )
    assert set(closed["racket_id"]) <= set(raided["racket_id"])
    statuses = closed.join(market.tables["sellers"].select("seller_id", "status"), on="seller_id")["status"]
    assert set(statuses) == {"removed"}


def test_ids_tell_nothing_about_the_role(market: SimulatedMarket) -> None:
    members = market.truth["members"].with_columns(number=pl.col("seller_id").str.slice(1).cast(pl.Int64))
    middle = members.filter(pl.col("role") == "racket").select(pl.col("number").mean()).item()
    assert middle == pytest.approx(10_000, rel=0.06)
