"""The whole market as numbers, before any text is written: built once, rendered chunk by chunk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphsvc.simulate import groups, histories, hubs, rackets
from graphsvc.simulate.knobs import Knobs
from graphsvc.simulate.offers import Offers, offer
from graphsvc.simulate.options import SimulationOptions
from graphsvc.simulate.population import OPEN, RACKET, populate
from graphsvc.simulate.private import equip
from graphsvc.simulate.spread import spread
from graphsvc.simulate.streams import Floats, Ints, Streams, chance
from graphsvc.simulate.world import REGISTERED, RETURN, SHIP, World

END = np.datetime64("2016-12-31", "D")
"""The last day observed."""
Columns = tuple[Ints, ...]


@dataclass(frozen=True)
class Plan:
    """A market as numbers: the world, its links (seller, target, kind, first, last) and what stores offer."""

    world: World
    addresses: Columns
    accounts: Columns
    warehouses: Columns
    offers: Offers
    raided: Ints
    raid_day: Ints
    noise: Floats

    @property
    def options(self) -> SimulationOptions:
        """The options the market was made from."""
        return self.world.options


def build(options: SimulationOptions) -> Plan:
    """Draw a market."""
    knobs, streams = Knobs.of(options.hardness), Streams(options.seed)
    population = populate(options, knobs, streams)
    pools, slots = equip(population, streams)
    world = World(options, knobs, streams, population, pools, slots)
    groups.form(world)
    rackets.share(world)
    hubs.serve(world)
    histories.age(world)
    spread(world)
    raided, day = _raids(world)
    _collect(world)
    seen = [
        _seen(world, links.columns(), number)
        for number, links in enumerate((world.addresses, world.accounts, world.warehouses))
    ]
    for number, use in enumerate(("phone", "email", "firm")):
        lost = chance(streams.of("missing slots", number), knobs.missing, options.sellers)
        slots[use] = np.where(lost, -1, slots[use])
    careless = np.where(population.role == RACKET, 1.0, 0.6) * knobs.noise
    return Plan(world, seen[0], seen[1], seen[2], offer(world), raided, day, careless)


def _collect(world: World) -> None:
    """Turn slots into dated links."""
    for use, kind in (("ship", SHIP), ("return", RETURN), ("registered", REGISTERED)):
        seller = np.flatnonzero(world.slots[use] >= 0)
        first, last = world.period(world.streams.of("period", kind), seller)
        world.addresses.add(seller, world.slots[use][seller], kind, first, last)
    for number, (use, links) in enumerate((("account", world.accounts), ("warehouse", world.warehouses))):
        seller = np.flatnonzero(world.slots[use] >= 0)
        first, last = world.period(world.streams.of("period", 10 + number), seller)
        links.add(seller, world.slots[use][seller], -1, first, last)


def _seen(world: World, columns: Columns, number: int) -> Columns:
    """Drop what nobody observed, and repeat what a second source reports as well."""
    rng = world.streams.of("seen", number)
    count = len(columns[0])
    times = np.where(chance(rng, world.knobs.missing, count), 0, np.where(chance(rng, 0.08, count), 2, 1))
    again = np.repeat(np.arange(count), times)
    second = np.concatenate([[False], again[1:] == again[:-1]]) if len(again) else np.zeros(0, dtype=bool)
    return (*(column[again] for column in columns), second.astype(np.int64))


def _raids(world: World) -> tuple[Ints, Ints]:
    """Choose past rackets that were raided: most of their stores close that day (in place)."""
    rng, population = world.streams.of("raids"), world.population
    rackets_ = population.rackets
    if rackets_.count == 0:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    opened = np.full(rackets_.count, OPEN)
    np.minimum.at(opened, rackets_.of, population.opened[rackets_.members])
    likely = 0.3 * rackets_.sizes / (rackets_.sizes + 12.0)
    raided = np.flatnonzero(chance(rng, likely, rackets_.count))
    if len(raided) == 0 and rackets_.count >= 5:
        raided = np.array([int(rng.integers(rackets_.count))])
    last = -np.minimum(15, world.options.days // 3)
    day = np.maximum(
        last - (rng.random(len(raided)) * world.options.days * 0.6).astype(np.int64), opened[raided] + 30
    ).clip(max=-2)
    of = np.full(rackets_.count, -1)
    of[raided] = np.arange(len(raided))
    raid = of[rackets_.of]
    hit = (raid >= 0) & chance(rng, 0.6, len(raid))
    members, days = rackets_.members[hit], day[raid[hit]]
    alive = (population.opened[members] < days) & (population.closed[members] > days)
    population.closed[members[alive]] = days[alive]
    population.removed[members[alive]] = True
    return raided, day
