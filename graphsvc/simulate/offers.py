"""What stores sell: brands, categories, prices, turnover; who sells fakes and how cheaply."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from graphsvc.simulate.population import DISCOUNTER, DISTRIBUTOR, HONEST, OPEN, RACKET
from graphsvc.simulate.streams import Floats, Ints, Mask, Rng, chance, pick, zipf
from graphsvc.simulate.world import World

CATEGORIES = (
    "运动鞋",
    "手提包",
    "化妆品",
    "香水",
    "内存条",
    "手机配件",
    "手表",
    "羽绒服",
    "牛仔裤",
    "轴承",
    "滤芯",
    "墨盒",
    "奶粉",
    "白酒",
    "太阳镜",
    "耳机",
)
CATEGORY_LEVEL = np.log(
    np.array(
        [480, 900, 210, 380, 260, 70, 1500, 900, 260, 120, 90, 110, 230, 520, 600, 350], dtype=np.float64
    )
)
ALLIANCE = 20
SYLLABLES = [
    "al",
    "ba",
    "cor",
    "da",
    "el",
    "fi",
    "gra",
    "ho",
    "ix",
    "jo",
    "ka",
    "lu",
    "ma",
    "ne",
    "or",
    "pa",
    "qui",
    "ra",
    "sto",
    "ta",
    "ul",
    "ve",
    "wa",
    "xe",
    "yo",
    "zen",
    "ria",
    "lix",
    "tor",
    "nova",
    "bel",
    "san",
    "mont",
    "ver",
]


@dataclass(frozen=True)
class Brands:
    """Brands: name, what they make, price level, how often they are sold and how eagerly they complain."""

    names: pl.Series
    category: Ints
    level: Floats
    weight: Floats
    zeal: Floats


@dataclass(frozen=True)
class Offers:
    """Per store: four brands, listings, monthly turnover, price factor, share of fakes, template."""

    brands: Brands
    brand: Ints
    listings: Ints
    turnover: Floats
    factor: Floats
    fakes: Floats
    hidden: Mask
    template: Ints
    racket_brands: Ints


def make_brands(rng: Rng, count: int) -> Brands:
    """Invent ``count`` brands; the first few are the alliance's and are counterfeited most."""
    parts = [rng.integers(0, len(SYLLABLES), count) for _ in range(3)]
    names = ["".join(SYLLABLES[i] for i in row).capitalize() for row in zip(*parts, strict=True)]
    seen: dict[str, int] = {}
    for place, name in enumerate(names):
        seen[name] = seen.get(name, 0) + 1
        names[place] = name if seen[name] == 1 else f"{name} {seen[name]}"
    category = rng.integers(0, len(CATEGORIES), (count, 2))
    level = (
        CATEGORY_LEVEL[category[:, 0]]
        + rng.normal(0, 0.45, count)
        + np.where(np.arange(count) < ALLIANCE, 0.3, 0.0)
    )
    zeal = np.exp(rng.normal(0, 0.5, count)) * np.where(chance(rng, 0.07, count), 6.0, 1.0)
    return Brands(pl.Series(names), category, level, zipf(count, 0.75), zeal)


def offer(world: World) -> Offers:
    """Decide what every store sells."""
    population, rng = world.population, world.streams.of("offers")
    size, rackets = population.size, population.rackets
    brands = make_brands(world.streams.of("brands"), int(np.clip(size // 20, 30, 18_000)))
    brand = np.stack([pick(rng, brands.weight, size) for _ in range(4)], axis=1)
    for column in (1, 2, 3):
        brand[:, column] = np.where(chance(rng, 0.4, size), brand[:, 0], brand[:, column])
    fake_weight = brands.weight**1.1
    focus = np.stack([pick(rng, fake_weight, rackets.count) for _ in range(5)], axis=1)
    member = rackets.members
    for column in range(4):
        chosen = np.minimum(rng.geometric(0.45, len(member)) - 1 + (rackets.cell % 2), 4)
        own = chance(rng, 0.2 + 0.3 * world.options.hardness, len(member)) & (column > 0)
        brand[member, column] = np.where(own, brand[member, column], focus[rackets.of, chosen])
    _franchise_brands(world, brand)
    fakes, factor, hidden = _conduct(world, rng)
    turnover = (
        np.exp(rng.normal(8.6, 1.35, size))
        * np.where(fakes > 0, 1.8, 1.0)
        * np.where(population.conduct == DISCOUNTER, 3.0, 1.0)
    )
    turnover = np.where(population.closed == OPEN, turnover, 0.3 * turnover)
    return Offers(
        brands, brand, _listing_counts(world), turnover, factor, fakes, hidden, _templates(world), focus
    )


def _franchise_brands(world: World, brand: Ints) -> None:
    rng = world.streams.of("franchise brands")
    group = world.group
    chain = np.flatnonzero((group >= 0) & (world.population.conduct == DISTRIBUTOR))
    if len(chain):
        of_group = rng.integers(0, 1_000_000, int(group.max()) + 1) % (brand.max() + 1)
        brand[chain] = of_group[group[chain]][:, None]


def _conduct(world: World, rng: Rng) -> tuple[Floats, Floats, Mask]:
    """Share of fakes, price factor of what is special, and which rackets' stores trade under cover."""
    population, knobs = world.population, world.knobs
    size = population.size
    bad = population.role != HONEST
    good = np.clip(rng.beta(1.2, 2.4, size) * 3 * knobs.good_share, 0, 0.9)
    hidden = (population.role == RACKET) & chance(rng, knobs.camouflage, size)
    fakes = np.where(bad, np.where(hidden, 0.2 * (1 - good), 1 - good), 0.0)
    per_racket = np.exp(rng.normal(0, 0.22, population.rackets.count + 1))[population.racket]
    fake_price = np.clip(knobs.price_ratio * per_racket * np.exp(rng.normal(0, 0.15, size)), 0.08, 1.1)
    fake_price = np.where(hidden, rng.uniform(0.85, 1.0, size), fake_price)
    honest = np.exp(rng.normal(0, 0.13, size))
    honest = np.where(population.conduct == DISCOUNTER, rng.uniform(0.42, 0.75, size), honest)
    return fakes, np.where(bad, fake_price, honest), hidden


def _listing_counts(world: World) -> Ints:
    mean = world.options.listings_per_seller
    rng = world.streams.of("listing counts")
    counts = rng.poisson(mean * rng.gamma(1.6, 1 / 1.6, world.population.size))
    return np.minimum(counts + 1, 40 + 4 * mean) if mean else np.zeros(world.population.size, dtype=np.int64)


def _templates(world: World) -> Ints:
    """Which title template a store uses: common ones, and in rackets often the cell's own."""
    rng, population = world.streams.of("templates"), world.population
    size = population.size
    own = rng.integers(0, 12, size)
    cell = (population.racket * 977 + population.cell * 131) % 5000 + 12
    return np.where(
        (population.racket >= 0) & chance(rng, 0.75 - 0.5 * world.options.hardness, size), cell, own
    )
