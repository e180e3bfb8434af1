"""What serves the public and so joins strangers: warehouses, lockers, parks, virtual offices, payouts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from graphsvc.simulate.pools import OTHER, THIRD_PARTY
from graphsvc.simulate.population import RACKET
from graphsvc.simulate.private import new_addresses, new_firms
from graphsvc.simulate.streams import Ints, Rng, chance
from graphsvc.simulate.vocabulary import OPERATORS
from graphsvc.simulate.world import REGISTERED, RETURN, SHIP, Hub, World

SIGN_LOCKER, SIGN_DEPOT, SIGN_HOUSE, SIGN_DESK = 0, 1, 2, 3


@dataclass(frozen=True)
class Plan:
    """One kind of hub: share of honest users, appeal to rackets, sizes, how many are known."""

    kind: str
    honest: float
    appeal: float
    least: int
    most: int
    largest_share: float
    known: float


PLANS = (
    Plan("fulfilment_house", 0.17, 1.2, 50, 3000, 0.03, 0.5),
    Plan("parcel_locker", 0.10, 0.9, 5, 250, 0.004, 0.3),
    Plan("courier_depot", 0.06, 0.7, 20, 500, 0.006, 0.25),
    Plan("office_park", 0.06, 0.5, 20, 900, 0.01, 0.1),
    Plan("wholesale_market", 0.05, 0.7, 20, 1500, 0.015, 0.2),
    Plan("virtual_office", 0.12, 1.0, 100, 10_000, 0.02, 0.4),
    Plan("aggregator", 0.09, 0.6, 100, 20_000, 0.04, 0.5),
)


@dataclass(frozen=True)
class Users:
    """Stores that use hubs of one kind: ``seller`` and the hub (0 … count-1) of each."""

    seller: Ints
    hub: Ints
    count: int


def serve(world: World) -> None:
    """Let stores use hubs (changes slots and links in place)."""
    makers: dict[str, Callable[[World, Users, Rng], tuple[str, Ints]]] = {
        "fulfilment_house": _fulfilment,
        "parcel_locker": _locker,
        "courier_depot": _depot,
        "office_park": _park,
        "wholesale_market": _market,
        "virtual_office": _virtual,
        "aggregator": _aggregator,
    }
    for number, plan in enumerate(PLANS):
        rng = world.streams.of("hubs", number)
        users = _users(world, plan, rng)
        if users.count:
            label, made = makers[plan.kind](world, users, rng)
            sizes, known = np.bincount(users.hub, minlength=users.count), chance(rng, plan.known, users.count)
            world.hubs.extend(
                Hub(plan.kind, label, int(made[h]), int(sizes[h]), bool(known[h]))
                for h in range(users.count)
                if sizes[h] > 1
            )


def _users(world: World, plan: Plan, rng: Rng) -> Users:
    """Choose users and cut them, sorted by place, into hubs of log-uniform sizes; the largest comes first."""
    population = world.population
    likelihood = np.where(population.role == RACKET, world.knobs.hub_use * plan.appeal, plan.honest)
    seller = np.flatnonzero(chance(rng, likelihood, population.size))
    seller = seller[np.lexsort((rng.random(len(seller)), population.division[seller]))]
    most = int(min(plan.most, max(3, plan.largest_share * population.size)))
    least = int(min(plan.least, max(2, most // 12)))
    sizes = np.exp(rng.uniform(np.log(least), np.log(most + 1), len(seller) // least + 1)).astype(np.int64)
    sizes[0] = most
    sizes = sizes[: int(np.searchsorted(np.cumsum(sizes), len(seller), side="right"))]
    if len(sizes) == 0:
        sizes = np.array([len(seller)]) if len(seller) >= 2 else sizes
    hub = np.repeat(np.arange(len(sizes)), sizes)
    start = int(rng.integers(0, len(seller) - len(hub) + 1))
    return Users(np.roll(seller, -start)[: len(hub)], hub, len(sizes))


def _place(world: World, users: Users) -> Ints:
    first = users.seller[np.searchsorted(users.hub, np.arange(users.count))]
    return world.population.division[first]


def _with_bay(world: World, made: Ints, users: Users, rng: Rng, share: float, **spread: Ints) -> Ints:
    """Return each user's address of its hub, some with a bay, cabinet or desk number of their own."""
    own = chance(rng, share, len(users.seller))
    result = made[users.hub]
    rows = world.pools.address.copy(result[own], **{name: values[own] for name, values in spread.items()})
    result[own] = rows
    return result


def _use(world: World, rng: Rng, use: str, seller: Ints, target: Ints) -> None:
    """Let stores use a hub's address: honest ones mostly instead of their own, rackets often beside it."""
    beside = chance(rng, np.where(world.population.role[seller] == RACKET, 0.6, 0.15), len(seller))
    world.slots[use][seller[~beside]] = target[~beside]
    first, last = world.period(rng, seller[beside])
    kind = {"ship": SHIP, "return": RETURN, "registered": REGISTERED}[use]
    world.addresses.add(seller[beside], target[beside], kind, first, last)


def _fulfilment(world: World, users: Users, rng: Rng) -> tuple[str, Ints]:
    site = new_addresses(world.pools, rng, _place(world, users), work=0.85)
    site = world.pools.address.copy(
        site, sign=np.full(users.count, SIGN_HOUSE), unit=np.full(users.count, -1)
    )
    house = world.pools.warehouse.add(
        users.count, kind=THIRD_PARTY, operator=rng.integers(0, len(OPERATORS), users.count), address=site
    )
    first, last = world.period(rng, users.seller)
    named = chance(rng, 0.85, len(users.seller))
    world.warehouses.add(users.seller[named], house[users.hub[named]], -1, first[named], last[named])
    ships = chance(rng, 0.75, len(users.seller))
    at = _with_bay(world, site, users, rng, 0.4, bay=rng.integers(1, 60, len(users.seller)))
    _use(world, rng, "ship", users.seller[ships], at[ships])
    backs = chance(rng, 0.3, len(users.seller))
    _use(world, rng, "return", users.seller[backs], at[backs])
    return "warehouse", house


def _locker(world: World, users: Users, rng: Rng) -> tuple[str, Ints]:
    site = new_addresses(world.pools, rng, _place(world, users), work=0.1)
    site = world.pools.address.copy(
        site, sign=np.full(users.count, SIGN_LOCKER), unit=np.full(users.count, -1)
    )
    at = _with_bay(world, site, users, rng, 0.3, bay=rng.integers(1, 90, len(users.seller)))
    _use(world, rng, "return", users.seller, at)
    return "address", site


def _depot(world: World, users: Users, rng: Rng) -> tuple[str, Ints]:
    site = new_addresses(world.pools, rng, _place(world, users), work=0.7)
    site = world.pools.address.copy(
        site, sign=np.full(users.count, SIGN_DEPOT), unit=np.full(users.count, -1)
    )
    _use(world, rng, "ship", users.seller, site[users.hub])
    return "address", site


def _park(world: World, users: Users, rng: Rng) -> tuple[str, Ints]:
    """Firms of one park: same compound, own building and room."""
    site = new_addresses(world.pools, rng, _place(world, users), work=1.0)
    count = len(users.seller)
    room = rng.integers(1, 26, count) * 100 + rng.integers(1, 20, count)
    at = _with_bay(world, site, users, rng, 1.0, building=rng.integers(1, 12, count), unit=room)
    _use(world, rng, "registered", users.seller, at)
    ships = chance(rng, 0.5, count)
    _use(world, rng, "ship", users.seller[ships], at[ships])
    return "address", site


def _market(world: World, users: Users, rng: Rng) -> tuple[str, Ints]:
    """Booths of a wholesale market; some write only the market."""
    site = new_addresses(world.pools, rng, _place(world, users), work=1.0)
    site = world.pools.address.copy(site, building=np.full(users.count, -1), unit=np.full(users.count, -1))
    count = len(users.seller)
    at = _with_bay(
        world, site, users, rng, 0.8, unit=rng.integers(1, 6, count) * 1000 + rng.integers(1, 400, count)
    )
    _use(world, rng, "ship", users.seller, at)
    return "address", site


def _virtual(world: World, users: Users, rng: Rng) -> tuple[str, Ints]:
    """One room where thousands of firms are registered, some with a desk number."""
    place = _place(world, users)
    site = new_addresses(world.pools, rng, place, work=1.0)
    at = _with_bay(
        world,
        site,
        users,
        rng,
        0.35,
        bay=rng.integers(1, 9999, len(users.seller)),
        sign=np.full(len(users.seller), SIGN_DESK),
    )
    _use(world, rng, "registered", users.seller, at)
    bare = users.seller[(world.slots["firm"][users.seller] < 0) & chance(rng, 0.8, len(users.seller))]
    world.slots["firm"][bare] = new_firms(world.pools, rng, world.population.division[bare])
    return "address", site


def _aggregator(world: World, users: Users, rng: Rng) -> tuple[str, Ints]:
    """Payout services collect for thousands of stores on one account."""
    firm = new_firms(world.pools, rng, _place(world, users))
    made = world.pools.account.add(
        users.count, kind=OTHER, number=rng.integers(10**9, 10**10, users.count), firm=firm
    )
    first, last = world.period(rng, users.seller)
    world.accounts.add(users.seller, made[users.hub], -1, first, last)
    return "payment_account", made
