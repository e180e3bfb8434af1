"""Identifiers with a past: recycled, mules of two rackets, sold stores, borrowed licences."""

from __future__ import annotations

import numpy as np

from graphsvc.simulate.population import HONEST, OPEN
from graphsvc.simulate.private import new_accounts, new_people
from graphsvc.simulate.streams import Ints, Rng, chance
from graphsvc.simulate.world import RETURN, SHIP, Hub, World


def age(world: World) -> None:
    """Give identifiers their past (changes slots and links in place)."""
    _recycle(world, world.streams.of("recycled"))
    _mules(world, world.streams.of("mules"))
    _transfers(world, world.streams.of("transfers"))
    _borrow(world, world.streams.of("borrowed"))
    _stray(world, world.streams.of("strays"))


def _recycle(world: World, rng: Rng) -> None:
    """A number given up years ago by one store is issued again to an unrelated one."""
    population = world.population
    gone = np.flatnonzero(
        (population.closed < -400)
        & (population.closed < OPEN)
        & (population.role == HONEST)
        & (world.group < 0)
    )
    young = np.flatnonzero(population.opened > -330)
    count = min(len(gone), len(young), round(0.012 * population.size))
    old, new = rng.permutation(gone)[:count], rng.permutation(young)[:count]
    phone = chance(rng, 0.6, count)
    world.slots["phone"][new[phone]] = world.slots["phone"][old[phone]]
    again = ~phone & (world.slots["account"][old] >= 0)
    first, last = world.period(rng, new[again])
    accounts = world.slots["account"][old[again]]
    world.accounts.add(new[again], accounts, -1, first, last)
    world.hubs.extend(Hub("recycled", "phone", int(i), 2, False) for i in world.slots["phone"][new[phone]])
    world.hubs.extend(Hub("recycled", "payment_account", int(i), 2, False) for i in accounts)


def _mules(world: World, rng: Rng) -> None:
    """One person's account collects for stores of two rackets."""
    rackets = world.population.rackets
    count = int(np.ceil(world.knobs.mules * rackets.count / 2)) if rackets.count > 1 else 0
    if count == 0:
        return
    pairs = np.stack([rng.permutation(rackets.count)[:count], rng.permutation(rackets.count)[:count]], axis=1)
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    accounts = new_accounts(
        world.pools, rng, new_people(world.pools, rng, len(pairs)), np.full(len(pairs), -1)
    )
    users = np.zeros(len(pairs), dtype=np.int64)
    for side in (0, 1):
        racket = pairs[:, side]
        uses = np.minimum(1 + rng.poisson(0.8, len(pairs)), rackets.sizes[racket])
        start = (rng.random(len(pairs)) * (rackets.sizes[racket] - uses + 1)).astype(np.int64)
        within = np.arange(int(uses.sum())) - np.repeat(np.cumsum(uses) - uses, uses)
        member = rackets.members[np.repeat(rackets.starts[racket] + start, uses) + within]
        first, last = world.period(rng, member)
        world.accounts.add(member, np.repeat(accounts, uses), -1, first, last)
        users += uses
    world.hubs.extend(
        Hub("mule", "payment_account", int(a), int(u), False) for a, u in zip(accounts, users, strict=True)
    )


def _transfers(world: World, rng: Rng) -> None:
    """Some racket stores were bought from honest people who still trade elsewhere."""
    population = world.population
    aged = np.flatnonzero((population.racket >= 0) & (population.opened < -400))
    sold = aged[chance(rng, min(1.0, world.knobs.transfers * 5), len(aged))]
    honest = np.flatnonzero((population.role == HONEST) & (population.opened < -500))
    if len(honest) == 0 or len(sold) == 0:
        return
    former = rng.choice(honest, size=len(sold))
    first = population.opened[sold]
    last = np.maximum(first, np.minimum(-260, first + rng.integers(60, 900, len(sold))))
    paid = world.slots["account"][former] >= 0
    world.accounts.add(sold[paid], world.slots["account"][former[paid]], -1, first[paid], last[paid])
    shipped: Ints = chance(rng, 0.4, len(sold)) & (world.slots["ship"][former] >= 0)
    world.addresses.add(
        sold[shipped], world.slots["ship"][former[shipped]], SHIP, first[shipped], last[shipped]
    )


def _borrow(world: World, rng: Rng) -> None:
    """Counterfeiters show the licence of a firm that knows nothing of it."""
    population = world.population
    fakes = np.flatnonzero(population.role != HONEST)
    borrower = fakes[chance(rng, 0.05 + 0.5 * world.knobs.transfers, len(fakes))]
    lenders = np.flatnonzero((population.role == HONEST) & (world.slots["firm"] >= 0))
    if len(lenders):
        world.slots["firm"][borrower] = world.slots["firm"][rng.choice(lenders, size=len(borrower))]


def _stray(world: World, rng: Rng) -> None:
    """Coincidence joins two stores of any kind: a sublet flat, a former employee's phone, a slip."""
    size = world.population.size
    some = np.flatnonzero(chance(rng, world.knobs.strays, size))
    other = rng.integers(0, size, len(some))
    some, other = some[some != other], other[some != other]
    what = rng.integers(0, 4, len(some))
    for number, use in enumerate(("ship", "return", "account", "phone")):
        pair = (what == number) & (world.slots[use][other] >= 0)
        seller, target = some[pair], world.slots[use][other[pair]]
        if use == "phone":
            world.slots[use][seller] = target
            continue
        first, last = world.period(rng, seller)
        links = world.accounts if use == "account" else world.addresses
        links.add(seller, target, {"ship": SHIP, "return": RETURN, "account": -1}[use], first, last)
