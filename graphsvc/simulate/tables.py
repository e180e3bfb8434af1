"""Tables about stores, rendered for a range of stores at a time so that memory stays flat."""

from __future__ import annotations

import numpy as np
import polars as pl

from graphsvc.simulate.accounts import (
    account_numbers,
    emails,
    firm_names,
    holders,
    licences,
    phone_text,
    store_names,
)
from graphsvc.simulate.offers import CATEGORIES
from graphsvc.simulate.plan import END, Columns, Plan
from graphsvc.simulate.pools import ACCOUNT_KINDS, WAREHOUSE_KINDS
from graphsvc.simulate.population import OPEN
from graphsvc.simulate.streams import Floats, Ints, Mask, Rng, chance, pick
from graphsvc.simulate.text import choose, dates, dates_where, join, lookup, number
from graphsvc.simulate.vocabulary import BANKS, OPERATORS, divisions, person_names
from graphsvc.simulate.world import ADDRESS_KINDS
from graphsvc.simulate.written import write

MARKETPLACES = ("wanhuo", "leyigou", "haishang")
SOURCES = ("marketplace_feed", "logistics_partner", "payment_partner", "brand_report")
TEMPLATE_WORDS = (
    "正品",
    "包邮",
    "新款",
    "现货",
    "专柜",
    "特价",
    "官方",
    "限量",
    "热卖",
    "保真",
    "同款",
    "代购",
    "清仓",
    "直发",
    "厂家",
    "原单",
)


def seller_ids(plan: Plan, seller: Ints) -> pl.Series:
    """Return ids of stores, unique in the data set unless clashing ids were asked for."""
    shown = seller // len(MARKETPLACES) if plan.options.clashing_ids else seller
    return pl.Series(shown).cast(pl.String).str.zfill(7).str.replace("^", "s")


def marketplaces(plan: Plan, seller: Ints) -> pl.Series:
    """Return the marketplace of each store."""
    if plan.options.clashing_ids:
        return lookup(MARKETPLACES, seller % len(MARKETPLACES))
    drawn = (seller * 2654435761 % 4294967296) * 10 // 4294967296
    return lookup(MARKETPLACES, np.where(drawn < 6, 0, np.where(drawn < 9, 1, 2)))


def identity(plan: Plan, seller: Ints) -> dict[str, pl.Series]:
    """Return the columns that name a store in a table other than ``sellers``."""
    columns = {"seller_id": seller_ids(plan, seller)}
    if plan.options.clashing_ids:
        columns["marketplace"] = marketplaces(plan, seller)
    return columns


def sellers(plan: Plan, low: int, high: int, chunk: int) -> pl.DataFrame:
    """Render ``sellers`` for stores low … high-1."""
    rng, world, population = plan.world.streams.of("sellers", chunk), plan.world, plan.world.population
    seller = np.arange(low, high)
    slots = {use: world.slots[use][low:high] for use in ("phone", "email", "firm", "person")}
    noise = plan.noise[low:high]
    closed, removed = population.closed[low:high], population.removed[low:high]
    theme = np.where(
        population.racket[low:high] >= 0, population.racket[low:high] * 64 + population.cell[low:high], -1
    )
    person = world.pools.person.columns["name"][slots["person"]]
    sole = chance(rng, 0.35, len(seller)) & (slots["firm"] < 0)
    registered = choose(
        slots["firm"] >= 0, firm_names(world.pools, slots["firm"]), choose(sole, person_names(person))
    )
    status = lookup(("active", "closed", "removed"), np.where(closed == OPEN, 0, np.where(removed, 2, 1)))
    digits = world.pools.phone.columns["number"][np.maximum(slots["phone"], 0)]
    ids, market = seller_ids(plan, seller), marketplaces(plan, seller)
    return pl.DataFrame(
        {
            "seller_id": ids,
            "marketplace": market,
            "store_name": store_names(rng, theme, len(seller), 0.02 * noise),
            "registered_name": _nothing(registered),
            "licence_no": _nothing(licences(world.pools, slots["firm"])),
            "phone": choose(slots["phone"] >= 0, phone_text(rng, digits, noise), None),
            "email": _nothing(emails(world.pools, slots["email"])),
            "opened_on": dates_where(~chance(rng, 0.03, len(seller)), population.opened[low:high], END),
            "closed_on": dates_where(closed != OPEN, closed, END),
            "status": status,
            "url": join(
                lookup(("https://shop.",), np.zeros(len(seller), dtype=np.int64)),
                market,
                lookup((".example/",), np.zeros(len(seller), dtype=np.int64)),
                ids,
            ),
            "source": lookup(SOURCES, np.zeros(len(seller), dtype=np.int64)),
        }
    )


def _nothing(text: pl.Series) -> pl.Series:
    return choose(text.to_numpy() != "", text, None)


def rows_of(columns: Columns, low: int, high: int) -> Columns:
    """Return the links of stores low … high-1."""
    begin, end = np.searchsorted(columns[0], [low, high])
    return tuple(column[begin:end] for column in columns)


def _seen_between(rng: Rng, plan: Plan, first: Ints, last: Ints, second: Ints) -> dict[str, pl.Series]:
    """Return first and last day of a link; a second source saw less of it, some tell no dates."""
    shift = (second * (last - first) * rng.random(len(first)) * 0.4).astype(np.int64)
    dated = ~chance(rng, 0.06, len(first))
    return {"first_seen": dates_where(dated, first + shift, END), "last_seen": dates_where(dated, last, END)}


def _count(rng: Rng, first: Ints, last: Ints) -> pl.Series:
    volume = np.exp(rng.normal(0.0, 1.1, len(first))) * (1 + (last - first) / 4)
    return pl.Series(np.ceil(volume).astype(np.int64))


def _source(rng: Rng, main: int, second: Ints) -> pl.Series:
    return lookup(SOURCES, np.where(second > 0, np.where(main == 0, 1, 0), main))


def seller_addresses(plan: Plan, low: int, high: int, chunk: int) -> pl.DataFrame:
    """Render ``seller_addresses`` for stores low … high-1."""
    rng = plan.world.streams.of("addresses", chunk)
    seller, target, kind, first, last, second = rows_of(plan.addresses, low, high)
    noise = plan.noise[seller]
    slips = np.full(len(seller), plan.world.knobs.slips)
    return pl.DataFrame(
        {
            **identity(plan, seller),
            "kind": lookup(ADDRESS_KINDS, kind),
            "address": write(rng, plan.world.pools.address.columns, target, noise, slips),
            **_where(rng, plan, target),
            **_seen_between(rng, plan, first, last, second),
            "shipments": _count(rng, first, last).zip_with(
                pl.Series(kind == 0), pl.Series([None], dtype=pl.Int64).new_from_index(0, len(kind))
            ),
            "source": _source(rng, 0, second),
        }
    )


def _where(rng: Rng, plan: Plan, target: Ints) -> dict[str, pl.Series]:
    """Return postcode, country and coordinates, as far as the source had them."""
    columns, known, size = plan.world.pools.address.columns, divisions(), len(target)
    division = columns["division"][target]
    road = columns["road"][target] * 1009 + columns["number"][target] * 31 + columns["compound"][target] * 7
    spot = np.abs(road * 48271) % 100003 / 100003 - 0.5
    located = chance(rng, 0.25, size)
    jitter = rng.normal(0, 0.0003, (2, size))
    postcode = number((known.adcode[division] // 100) * 100 + known.adcode[division] % 97)
    return {
        "postcode": choose(chance(rng, 0.3, size), postcode, None),
        "country": choose(chance(rng, 0.9, size), lookup(("CN",), np.zeros(size, dtype=np.int64)), None),
        "lat": _maybe(located, known.latitude[division] + spot * 0.15 + jitter[0]),
        "lon": _maybe(located, known.longitude[division] + spot * 0.2 + jitter[1]),
    }


def _maybe(mask: Mask, values: Floats) -> pl.Series:
    return pl.Series(np.round(values, 6)).zip_with(
        pl.Series(mask), pl.Series([None], dtype=pl.Float64).new_from_index(0, len(values))
    )


def payment_accounts(plan: Plan, low: int, high: int, chunk: int) -> pl.DataFrame:
    """Render ``payment_accounts`` for stores low … high-1."""
    rng, pools = plan.world.streams.of("accounts", chunk), plan.world.pools
    seller, target, _, first, last, second = rows_of(plan.accounts, low, high)
    noise, columns = plan.noise[seller], pools.account.columns
    return pl.DataFrame(
        {
            **identity(plan, seller),
            "kind": lookup(ACCOUNT_KINDS, columns["kind"][target]),
            "account_no": account_numbers(rng, pools, target, noise),
            "holder": holders(rng, pools, target, noise),
            "institution": _nothing(lookup([name for name, _ in BANKS], columns["institution"][target])),
            **_seen_between(rng, plan, first, last, second),
            "transactions": _count(rng, first, last),
            "source": _source(rng, 2, second),
        }
    )


def warehouse_ids(plan: Plan, index: Ints) -> pl.Series:
    """Return ids of warehouses, in an order that tells nothing."""
    shuffled = plan.world.streams.of("warehouse ids").permutation(plan.world.pools.warehouse.size)
    return pl.Series(shuffled[index]).cast(pl.String).str.zfill(6).str.replace("^", "W")


def seller_warehouses(plan: Plan, low: int, high: int, chunk: int) -> pl.DataFrame:
    """Render ``seller_warehouses`` for stores low … high-1."""
    rng = plan.world.streams.of("seller warehouses", chunk)
    seller, target, _, first, last, second = rows_of(plan.warehouses, low, high)
    return pl.DataFrame(
        {
            **identity(plan, seller),
            "warehouse_id": warehouse_ids(plan, target),
            **_seen_between(rng, plan, first, last, second),
            "parcels": _count(rng, first, last),
            "source": _source(rng, 1, second),
        }
    )


def warehouses(plan: Plan) -> pl.DataFrame:
    """Render ``warehouses``: those that at least one store is seen at."""
    rng, columns = plan.world.streams.of("warehouses"), plan.world.pools.warehouse.columns
    index = np.unique(plan.warehouses[1])
    kind, address = columns["kind"][index], columns["address"][index]
    operator = lookup(OPERATORS, columns["operator"][index])
    noise = np.full(len(index), 0.5 * plan.world.knobs.noise)
    shown = np.where((kind != 1) | chance(rng, 0.85, len(index)), kind, 2)
    return pl.DataFrame(
        {
            "warehouse_id": warehouse_ids(plan, index),
            "name": join(
                operator, number(index * 7919 % 997), lookup(("号仓", "仓库", "号库房"), index * 31 % 3)
            ),
            "operator": _nothing(operator),
            "kind": lookup(WAREHOUSE_KINDS, shown),
            "address": choose(
                chance(rng, 0.93, len(index)),
                write(rng, plan.world.pools.address.columns, address, noise, np.zeros(len(index))),
                None,
            ),
            **_where(rng, plan, address),
        }
    ).sort("warehouse_id")


def listings(plan: Plan, low: int, high: int, chunk: int) -> pl.DataFrame:
    """Render ``listings`` for stores low … high-1; the first listing of a store is of its main brand."""
    rng, offers, world = plan.world.streams.of("listings", chunk), plan.offers, plan.world
    counts = offers.listings[low:high]
    seller = np.repeat(np.arange(low, high), counts)
    place = np.arange(len(seller)) - np.repeat(np.cumsum(counts) - counts, counts)
    brand = np.where(
        place == 0, offers.brand[seller, 0], offers.brand[seller, rng.integers(0, 4, len(seller))]
    )
    brands = offers.brands
    category = brands.category[brand, np.where(chance(rng, 0.75, len(seller)), 0, 1)]
    fake = chance(rng, offers.fakes[seller], len(seller))
    special = fake | (world.population.role[seller] == 0)
    factor = np.where(special, offers.factor[seller], np.exp(rng.normal(0, 0.13, len(seller))))
    price = np.round(
        np.exp(brands.level[brand] + 0.35 * (category % 3 - 1) + rng.normal(0, 0.3, len(seller))) * factor, 2
    )
    weight = np.exp(rng.normal(0, 0.9, len(seller))) * np.where(fake, 1.6, 1.0)
    units = rng.poisson(
        np.minimum(
            5e5, offers.turnover[seller] * weight / np.maximum(1, counts)[seller - low] / np.maximum(price, 1)
        )
    )
    first, last = world.life(seller)
    listed = first + ((last - first) * rng.random(len(seller)) ** 1.7).astype(np.int64)
    ids = seller_ids(plan, seller)
    return pl.DataFrame(
        {
            "listing_id": listing_ids(seller, place),
            **identity(plan, seller),
            "brand": choose(chance(rng, 0.95, len(seller)), brands.names.gather(brand), None),
            "category": lookup(CATEGORIES, category),
            "title": _titles(rng, brands.names.gather(brand), category, offers.template[seller]),
            "unit_price": pl.Series(np.maximum(price, 1.0)),
            "currency": lookup(("CNY",), np.zeros(len(seller), dtype=np.int64)),
            "units_sold_30d": pl.Series(units),
            "listed_on": dates(listed, END),
            "url": join(
                lookup(("https://item.example/",), np.zeros(len(seller), dtype=np.int64)),
                ids,
                number(place).str.replace("^", "/"),
            ),
        }
    )


def listing_ids(seller: Ints, place: Ints) -> pl.Series:
    """Return ids of listings."""
    return pl.Series(seller * 1000 + place).cast(pl.String).str.zfill(10).str.replace("^", "L")


def _titles(rng: Rng, brand: pl.Series, category: Ints, template: Ints) -> pl.Series:
    words = [
        lookup(
            TEMPLATE_WORDS, np.where(template < 12, rng.integers(0, 16, len(template)), template * step % 16)
        )
        for step in (1, 5, 11)
    ]
    model = number(rng.integers(100, 9999, len(template)))
    first, second = words[0], words[1]
    front = template % 2 == 0
    gap = lookup(("", " "), pick(rng, np.array([0.6, 0.4]), len(template)))
    return choose(
        front,
        join(first, gap, brand, gap, lookup(CATEGORIES, category), second, model),
        join(brand, gap, model, lookup(CATEGORIES, category), gap, words[2], first),
    )
