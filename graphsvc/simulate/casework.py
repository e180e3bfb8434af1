"""What brands and police have on file: test buys, notices, operations, known services, authorisations."""

from __future__ import annotations

import numpy as np
import polars as pl

from graphsvc.simulate.accounts import account_numbers
from graphsvc.simulate.plan import END, Plan
from graphsvc.simulate.pools import Pools
from graphsvc.simulate.population import DISCOUNTER, DISTRIBUTOR, HONEST
from graphsvc.simulate.streams import Floats, Ints, Rng, chance
from graphsvc.simulate.tables import identity, listing_ids, warehouse_ids
from graphsvc.simulate.text import choose, dates, dates_where, lookup, number
from graphsvc.simulate.vocabulary import divisions
from graphsvc.simulate.world import SHIP
from graphsvc.simulate.written import write

VERDICTS = ("counterfeit", "genuine", "inconclusive", "pending")
OUTCOMES = ("removed", "rejected", "pending")


def _brand_names(plan: Plan, brand: Ints) -> pl.Series:
    return plan.offers.brands.names.gather(brand)


def _numbered(prefix: str, count: int) -> pl.Series:
    return pl.Series(np.arange(count)).cast(pl.String).str.zfill(6).str.replace("^", prefix)


def test_buys(plan: Plan) -> pl.DataFrame:
    """Render ``test_buys``: few, biased to what is cheap; sellers send known testers genuine goods."""
    rng, world, offers = plan.world.streams.of("test buys"), plan.world, plan.offers
    population, knobs = world.population, world.knobs
    bad = population.role != HONEST
    zeal = np.clip(offers.brands.zeal[offers.brand[:, 0]], 0.3, 4.0)
    eager = (
        np.where(
            bad, np.where(offers.hidden, 0.02, 0.075), np.where(population.conduct == DISCOUNTER, 0.05, 0.005)
        )
        * zeal
    )
    eager = np.minimum(0.6, eager * np.clip(np.log10(offers.turnover) / 4, 0.3, 1.5))
    seller = np.repeat(
        np.arange(population.size),
        np.where(chance(rng, eager, population.size), 1 + rng.poisson(0.25, population.size), 0),
    )
    first, last = world.life(seller)
    day = np.maximum(first, last - 420) + (
        rng.random(len(seller)) * (last - np.maximum(first, last - 420))
    ).astype(np.int64)
    examined = day + 3 + rng.exponential(0.5 * knobs.label_delay_days + 5, len(seller)).astype(np.int64)
    caught = chance(rng, offers.fakes[seller] * (1 - knobs.tester_filter), len(seller)) & bad[seller]
    wrong = chance(rng, 0.004, len(seller))
    verdict = np.where(chance(rng, 0.06, len(seller)), 2, np.where(caught | (wrong & ~bad[seller]), 0, 1))
    verdict = np.where(examined > 0, 3, verdict)
    sent = plan.addresses[2] == SHIP
    origin = _one_of(rng, plan.addresses[0][sent], plan.addresses[1][sent], seller)
    paid = _one_of(rng, plan.accounts[0], plan.accounts[1], seller)
    listed = (offers.listings[seller] > 0) & chance(rng, 0.85, len(seller))
    columns, noise = world.pools.address.columns, plan.noise[seller]
    return pl.DataFrame(
        {
            "test_buy_id": _numbered("T", len(seller)),
            **identity(plan, seller),
            "listing_id": choose(listed, listing_ids(seller, np.zeros(len(seller), dtype=np.int64)), None),
            "brand": _brand_names(plan, offers.brand[seller, 0]),
            "bought_on": dates(day, END),
            "verdict": lookup(VERDICTS, verdict),
            "examiner": lookup(
                ("brand laboratory", "alliance laboratory", "third-party laboratory"),
                rng.integers(0, 3, len(seller)),
            ),
            "examined_on": dates_where(verdict != 3, examined, END),
            "origin_address": choose(
                (origin >= 0) & chance(rng, 0.6, len(seller)),
                write(rng, columns, np.maximum(origin, 0), noise, np.full(len(seller), knobs.slips)),
                None,
            )
            if len(columns["road"])
            else lookup((), np.full(len(seller), -1)),
            "payment_account_no": choose(
                (paid >= 0) & chance(rng, 0.5, len(seller)),
                account_numbers(rng, world.pools, np.maximum(paid, 0), noise),
                None,
            ),
            "tracking_no": number(rng.integers(10**11, 10**12, len(seller))),
        }
    )


def _one_of(rng: Rng, owner: Ints, target: Ints, seller: Ints) -> Ints:
    """Return one of each store's links (-1: it has none); ``owner`` is sorted."""
    low, high = np.searchsorted(owner, seller), np.searchsorted(owner, seller, side="right")
    chosen = low + (rng.random(len(seller)) * (high - low)).astype(np.int64)
    if len(target) == 0:
        return np.full(len(seller), -1)
    return np.where(high > low, target[np.minimum(chosen, len(target) - 1)], -1)


def notices(plan: Plan) -> pl.DataFrame:
    """Render ``notices``: late, more from zealous brands, and some against honest stores."""
    rng, world, offers = plan.world.streams.of("notices"), plan.world, plan.offers
    population = world.population
    bad = population.role != HONEST
    zeal = np.clip(offers.brands.zeal[offers.brand[:, 0]], 0.2, 8.0)
    rate = np.where(
        bad, np.where(offers.hidden, 0.04, 0.28), np.where(population.conduct == DISCOUNTER, 0.12, 0.012)
    )
    rate = np.minimum(0.9, np.where(population.conduct == DISTRIBUTOR, 0.3, 1.0) * rate * zeal)
    seller = np.repeat(
        np.arange(population.size),
        np.where(chance(rng, rate, population.size), 1 + rng.poisson(0.6, population.size), 0),
    )
    first, _ = world.life(seller)
    filed = (
        np.maximum(first, -540)
        + 2
        + rng.exponential(world.knobs.label_delay_days, len(seller)).astype(np.int64)
        + (rng.random(len(seller)) * 60).astype(np.int64)
    )
    kept = filed <= 0
    seller, filed = seller[kept], filed[kept]
    pending = chance(rng, np.where(filed > -30, 0.6, 0.05), len(seller))
    upheld = chance(rng, np.where(bad[seller], 0.8, 0.28), len(seller))
    listed = (offers.listings[seller] > 0) & chance(rng, 0.7, len(seller))
    reasons = (
        "counterfeit goods",
        "trademark in title",
        "price far below retail",
        "unauthorised sale",
        "packaging copied",
    )
    return pl.DataFrame(
        {
            "notice_id": _numbered("N", len(seller)),
            **identity(plan, seller),
            "listing_id": choose(listed, listing_ids(seller, np.zeros(len(seller), dtype=np.int64)), None),
            "brand": _brand_names(plan, offers.brand[seller, 0]),
            "filed_on": dates(filed, END),
            "outcome": lookup(OUTCOMES, np.where(pending, 2, np.where(upheld, 0, 1))),
            "reason": lookup(reasons, rng.integers(0, 5, len(seller))),
        }
    )


def values(plan: Plan) -> Floats:
    """Return the true yearly value (CNY) of the fakes each racket sells."""
    rackets, offers = plan.world.population.rackets, plan.offers
    each = offers.turnover[rackets.members] * offers.fakes[rackets.members] * 12
    return np.round(np.bincount(rackets.of, weights=each, minlength=rackets.count), 2)


def operations(plan: Plan) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Render ``operations`` and ``outcomes``: raids on past rackets, and some that found nothing."""
    rng, world = plan.world.streams.of("operations"), plan.world
    population, rackets = world.population, world.population.rackets
    empty = (
        rng.choice(np.flatnonzero(population.role == HONEST), size=len(plan.raided) // 4)
        if len(plan.raided) >= 4
        else np.zeros(0, dtype=np.int64)
    )
    day = np.concatenate([plan.raid_day, -rng.integers(20, 300, len(empty))])
    place = np.concatenate([rackets.division[plan.raided], population.division[empty]]).astype(np.int64)
    count = len(day)
    ids = _numbered("O", count)
    known = divisions()
    ops = pl.DataFrame(
        {
            "operation_id": ids,
            "name": number(np.arange(1, count + 1)).str.replace("^", "Operation "),
            "authority": known.short_city.plain.gather(place)
            + lookup(("公安局经侦支队", "市场监督管理局", "公安局"), rng.integers(0, 3, count)),
            "jurisdiction": number(known.adcode[place]),
            "started_on": dates(day, END),
            "ended_on": dates(np.minimum(0, day + rng.integers(1, 40, count)), END),
        }
    )
    return ops, _outcomes(plan, rng, ids, day, empty)


def _outcomes(plan: Plan, rng: Rng, ids: pl.Series, day: Ints, empty: Ints) -> pl.DataFrame:
    world = plan.world
    rackets, raids = world.population.rackets, len(plan.raided)
    of = np.full(rackets.count, -1)
    of[plan.raided] = np.arange(raids)
    raid = of[rackets.of]
    shut = (
        (raid >= 0)
        & (world.population.closed[rackets.members] == np.append(plan.raid_day, 0)[raid])
        & chance(rng, 0.85, len(raid))
    )
    sellers, store_raid = rackets.members[shut], raid[shut]
    site = (
        write(
            rng,
            world.pools.address.columns,
            world.workshop[plan.raided],
            np.full(raids, 0.3),
            np.zeros(raids),
        )
        if raids
        else pl.Series([], dtype=pl.String)
    )
    value = np.round(values(plan)[plan.raided] * rng.uniform(0.05, 0.4, raids), 2)
    order = np.arange(raids)
    parts = [
        ("store_closed", store_raid, sellers, None, None, np.ones(len(sellers))),
        ("arrest", order, None, None, None, 1 + rng.poisson(np.sqrt(rackets.sizes[plan.raided]))),
        ("site_closed", order, None, site, None, np.ones(raids)),
        ("goods_seized", order, None, site, value, 1 + rng.poisson(400, raids)),
        ("no_finding", raids + np.arange(len(empty)), empty, None, None, np.zeros(len(empty))),
    ]
    frames = [
        pl.DataFrame(
            {
                "operation_id": ids.gather(which),
                "kind": [kind] * len(which),
                **(identity(plan, who) if who is not None else {}),
                **({"address": where} if where is not None else {}),
                **(
                    {"value": pl.Series(worth), "currency": ["CNY"] * len(which)} if worth is not None else {}
                ),
                "count": pl.Series(np.asarray(many, dtype=np.int64)),
                "on": dates(day[which], END),
            },
            schema_overrides={"kind": pl.String, "currency": pl.String},
        )
        for kind, which, who, where, worth, many in parts
    ]
    return pl.concat(frames, how="diagonal")


def authorisations(plan: Plan) -> pl.DataFrame:
    """Render ``authorisations``: authorised stores, as far as brands have sent their lists."""
    rng, world, offers = plan.world.streams.of("authorisations"), plan.world, plan.offers
    population = world.population
    listed = np.flatnonzero(
        (population.conduct == DISTRIBUTOR) & (population.role == HONEST) & chance(rng, 0.8, population.size)
    )
    stray = np.flatnonzero((population.role == HONEST) & chance(rng, 0.004, population.size))
    seller = np.unique(np.concatenate([listed, stray]))
    first, _ = world.life(seller)
    ends = chance(rng, 0.5, len(seller))
    return pl.DataFrame(
        {
            **identity(plan, seller),
            "brand": _brand_names(plan, offers.brand[seller, 0]),
            "valid_from": dates(first, END),
            "valid_to": dates_where(ends, np.maximum(first + 365, rng.integers(-60, 700, len(seller))), END),
        }
    )


def hub_values(plan: Plan, label: str, index: Ints) -> pl.Series:
    """Return how an identifier is written in clean form."""
    pools: Pools = plan.world.pools
    rng, zero = plan.world.streams.of("clean", len(label)), np.zeros(len(index))
    if label == "warehouse":
        return warehouse_ids(plan, index)
    if label == "address":
        return write(rng, pools.address.columns, index, zero, zero)
    if label == "payment_account":
        return account_numbers(rng, pools, index, zero)
    if label == "phone":
        return number(pools.phone.columns["number"][index])
    from graphsvc.simulate.accounts import emails

    return emails(pools, index)


def identifiers(plan: Plan) -> pl.DataFrame:
    """Return what joins strangers: kind of hub, label, clean value, stores it serves, whether known."""
    frames = []
    for label in ("address", "warehouse", "payment_account", "phone", "email"):
        hubs = [hub for hub in plan.world.hubs if hub.label == label]
        frames.append(
            pl.DataFrame(
                {
                    "hub_kind": [hub.kind for hub in hubs],
                    "label": [label] * len(hubs),
                    "value": hub_values(plan, label, np.array([hub.index for hub in hubs], dtype=np.int64)),
                    "users": [hub.users for hub in hubs],
                    "known": [hub.known for hub in hubs],
                },
                schema={
                    "hub_kind": pl.String,
                    "label": pl.String,
                    "value": pl.String,
                    "users": pl.Int64,
                    "known": pl.Boolean,
                },
            )
        )
    return pl.concat(frames)


def known_services(plan: Plan) -> pl.DataFrame:
    """Render ``known_services``: a part of the hubs."""
    known = identifiers(plan).filter(pl.col("known") & (pl.col("label") != "email"))
    return known.select(kind="label", value="value", service="hub_kind").unique(maintain_order=True)
