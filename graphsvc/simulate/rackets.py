"""What the stores of a racket share: overlapping windows along a chain, never one identifier for all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphsvc.simulate.pools import OWN, UNKNOWN
from graphsvc.simulate.population import Rackets
from graphsvc.simulate.private import (
    new_accounts,
    new_addresses,
    new_emails,
    new_firms,
    new_people,
    new_phones,
)
from graphsvc.simulate.streams import Ints, Mask, Rng, chance, pick
from graphsvc.simulate.vocabulary import divisions
from graphsvc.simulate.world import RETURN, SHIP, World


@dataclass(frozen=True)
class Windows:
    """Members that share identifiers of one type: who, and which window (0 … count-1) each is in."""

    member: Ints
    window: Ints
    count: int
    racket: Ints


SHARED = {
    "ship": 0.9,
    "return": 0.9,
    "warehouse": 0.65,
    "phone": 0.65,
    "person": 0.8,
    "firm": 0.4,
    "email": 0.45,
    "registered": 0.45,
}
BESIDE = {"ship": SHIP, "return": RETURN, "warehouse": -1}


def share(world: World) -> None:
    """Let the stores of each racket share sites, people, phones and accounts (in place)."""
    rackets, streams = world.population.rackets, world.streams
    if rackets.count == 0:
        return
    world.workshop = new_addresses(world.pools, streams.of("workshops"), rackets.division, work=0.5)
    for use, likelihood in SHARED.items():
        rng = streams.of("racket shares", list(SHARED).index(use))
        _override(world, use, windows(rng, rackets, world, likelihood), rng)
    _rotate(world, streams.of("rotation"))


def windows(rng: Rng, rackets: Rackets, world: World, likelihood: float) -> Windows:
    """Cut chains into windows, bricks laid with another offset for each type, and drop who does not comply.

    Windows of different types overlap, so a racket hangs together though each identifier covers a part.
    """
    knobs, sizes = world.knobs, rackets.sizes
    cover = knobs.cover * np.exp(rng.normal(0, 0.2, rackets.count))
    few = rng.integers(2, 5, rackets.count)
    least = np.where(sizes <= 4, sizes, np.where(sizes < 10, few, 2))
    length = np.clip(np.round(sizes * cover), least, sizes).astype(np.int64)
    offset = np.where(length < sizes, (rng.random(rackets.count) * length).astype(np.int64), 0)
    on = chance(rng, min(1.0, likelihood * knobs.sharing), rackets.count)
    used = on[rackets.of] & chance(rng, knobs.comply, len(rackets.members))
    brick = (rackets.place + offset[rackets.of]) // length[rackets.of]
    key, window = np.unique((rackets.of * 1000 + brick)[used], return_inverse=True)
    return Windows(rackets.members[used], window.astype(np.int64), len(key), key // 1000)


def _override(world: World, use: str, shared: Windows, rng: Rng) -> None:
    if shared.count == 0:
        return
    made = _make(world, use, shared, rng)
    world.slots[use][shared.member] = made[shared.window]
    if use == "person":
        _same_holder(world, shared)
    if use in BESIDE:
        _beside(world, use, shared, made, rng)


def _beside(world: World, use: str, shared: Windows, made: Ints, rng: Rng) -> None:
    """While one site is given up for the next, some stores are seen at both."""
    step = np.where(chance(rng, 0.5, len(shared.member)), 1, -1)
    near = np.clip(shared.window + step, 0, shared.count - 1)
    both = (
        chance(rng, 0.25, len(near))
        & (shared.racket[near] == shared.racket[shared.window])
        & (near != shared.window)
    )
    seller, target = shared.member[both], made[near[both]]
    first, last = world.period(rng, seller)
    if use == "warehouse":
        world.warehouses.add(seller, target, -1, first, last)
    else:
        world.addresses.add(seller, target, BESIDE[use], first, last)


def _make(world: World, use: str, shared: Windows, rng: Rng) -> Ints:
    pools, rackets = world.pools, world.population.rackets
    home = rackets.division[shared.racket]
    away = np.where(chance(rng, 0.7, shared.count), home, pick(rng, divisions().weight, shared.count))
    if use in ("ship", "return", "registered"):
        sites = new_addresses(pools, rng, away, work=0.45)
        at_workshop = chance(rng, 0.12, shared.count) & (use != "registered")
        return np.where(at_workshop, world.workshop[shared.racket], sites)
    if use == "warehouse":
        sites = np.where(
            chance(rng, 0.3, shared.count),
            world.workshop[shared.racket],
            new_addresses(pools, rng, away, work=0.7),
        )
        return pools.warehouse.add(
            shared.count, kind=np.where(chance(rng, 0.4, shared.count), OWN, UNKNOWN), address=sites
        )
    makers = {"phone": new_phones, "email": new_emails, "person": new_people}
    return new_firms(pools, rng, away) if use == "firm" else makers[use](pools, rng, shared.count)


def _same_holder(world: World, shared: Windows) -> None:
    """Accounts of these stores are held by the person they share: another number, the same name."""
    account = world.slots["account"][shared.member]
    person = world.slots["person"][shared.member]
    world.slots["account"][shared.member] = world.pools.account.copy(account, person=person, firm=-1)


def _rotate(world: World, rng: Rng) -> None:
    """Cells collect payments on accounts that change every few weeks; only some payments are seen."""
    rackets, knobs = world.population.rackets, world.knobs
    cells = windows(rng, rackets, world, 0.95)
    if cells.count == 0:
        return
    low, high = knobs.rotation_days
    turn, phase = rng.uniform(low, high, cells.count), rng.uniform(0, 45, cells.count)
    holder = new_people(world.pools, rng, cells.count)
    seen = 1 + rng.poisson(knobs.accounts_seen - 1, len(cells.member))
    member, window = np.repeat(cells.member, seen), np.repeat(cells.window, seen)
    first, last = world.life(member)
    first = np.maximum(first, last - 500)
    moment = first + rng.random(len(member)) * (last - first)
    turn_no = np.floor((moment + phase[window]) / turn[window]).astype(np.int64)
    key, account = np.unique(window * 4096 + (turn_no + 2048), return_inverse=True)
    cell = key // 4096
    other = chance(rng, 0.45, len(key))
    person = np.where(other, new_people(world.pools, rng, len(key)), holder[cell])
    made = new_accounts(world.pools, rng, person, np.full(len(key), -1))
    begin = (((key % 4096) - 2048) * turn[cell] - phase[cell]).astype(np.int64)
    start = np.maximum(first, begin[account])
    end = np.maximum(start, np.minimum(last, (begin + turn[cell]).astype(np.int64)[account]))
    world.accounts.add(member, made[account], -1, start, end)
    _forget_private(world, rng, cells.member)


def _forget_private(world: World, rng: Rng, member: Ints) -> None:
    """Most stores that collect on rotating accounts are not seen with one of their own."""
    gone: Mask = chance(rng, 0.7, len(member))
    world.slots["account"][member[gone]] = -1
