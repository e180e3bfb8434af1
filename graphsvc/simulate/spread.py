"""What ordinary stores have besides the first of each: a new bank, a second address, a stock room.

Without it, merely having several accounts or a warehouse would give rackets away.
"""

from __future__ import annotations

import numpy as np

from graphsvc.simulate.pools import OWN, UNKNOWN
from graphsvc.simulate.population import LONE, RACKET
from graphsvc.simulate.private import new_accounts, new_addresses, new_people
from graphsvc.simulate.streams import Floats, Ints, Rng, chance
from graphsvc.simulate.world import RETURN, SHIP, World


def spread(world: World) -> None:
    """Give stores further identifiers that nobody shares (changes slots and links in place)."""
    role = world.population.role
    likely = np.where(role == RACKET, 0.0, np.where(role == LONE, 0.75, 0.5))
    _accounts(world, world.streams.of("more accounts"), likely)
    _stock_rooms(world, world.streams.of("more warehouses"), np.where(role == RACKET, 0.15, 0.42))
    _addresses(world, world.streams.of("more addresses"), np.where(role == RACKET, 0.1, 0.42))


def _accounts(world: World, rng: Rng, likely: Floats) -> None:
    """Banks are changed, a relative's account is lent: several accounts, some only for weeks."""
    size = world.population.size
    seller = np.repeat(np.arange(size), np.where(chance(rng, likely, size), 1 + rng.poisson(1.1, size), 0))
    person = world.slots["person"][seller]
    relative = chance(rng, 0.3, len(seller))
    person = np.where(relative, new_people(world.pools, rng, len(seller)), person)
    made = new_accounts(world.pools, rng, person, world.slots["firm"][seller])
    first, last = _part(world, rng, seller)
    world.accounts.add(seller, made, -1, first, last)


def _part(world: World, rng: Rng, seller: Ints) -> tuple[Ints, Ints]:
    """Draw a stretch of each store's life, often a short one."""
    first, last = world.life(seller)
    length = np.maximum(1, last - first)
    stretch = np.where(
        chance(rng, 0.5, len(seller)), rng.integers(8, 90, len(seller)), length * rng.random(len(seller))
    )
    stretch = np.minimum(stretch, length).astype(np.int64)
    begin = first + (rng.random(len(seller)) * (length - stretch)).astype(np.int64)
    return begin, np.minimum(last, begin + stretch)


def _stock_rooms(world: World, rng: Rng, likely: Floats) -> None:
    seller = np.flatnonzero((world.slots["warehouse"] < 0) & chance(rng, likely, world.population.size))
    site = new_addresses(world.pools, rng, world.population.division[seller], work=0.65)
    at_ship = chance(rng, 0.35, len(seller)) & (world.slots["ship"][seller] >= 0)
    site = np.where(at_ship, world.slots["ship"][seller], site)
    kind = np.where(chance(rng, 0.5, len(seller)), OWN, UNKNOWN)
    world.slots["warehouse"][seller] = world.pools.warehouse.add(len(seller), kind=kind, address=site)


def _addresses(world: World, rng: Rng, likely: Floats) -> None:
    seller = np.flatnonzero(chance(rng, likely, world.population.size))
    site = new_addresses(world.pools, rng, world.population.division[seller], work=0.5)
    first, last = _part(world, rng, seller)
    kind = np.where(chance(rng, 0.65, len(seller)), SHIP, RETURN)
    world.addresses.add(seller, site, kind, first, last)
