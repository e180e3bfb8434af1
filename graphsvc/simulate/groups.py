"""Honest stores that belong together: families, franchise chains, branches, clients of an agency."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphsvc.simulate.pools import OWN
from graphsvc.simulate.population import DISTRIBUTOR, HONEST
from graphsvc.simulate.private import (
    new_accounts,
    new_addresses,
    new_emails,
    new_firms,
    new_people,
    new_phones,
)
from graphsvc.simulate.streams import Ints, Rng, chance
from graphsvc.simulate.world import Hub, World

FAMILY, FRANCHISE, AGENCY, DISTRIBUTION = "family", "franchise", "agency", "distributor"


@dataclass(frozen=True)
class Cut:
    """Stores cut into groups: ``seller`` and the group (0 … count-1) of each."""

    seller: Ints
    group: Ints
    sizes: Ints

    @property
    def count(self) -> int:
        """Number of groups."""
        return len(self.sizes)


def form(world: World) -> None:
    """Form the honest groups (changes the slots in place)."""
    size = world.population.size
    world.group, world.clique = np.full(size, -1), np.full(size, -1)
    rng = world.streams.of("groups")
    free = rng.permutation(np.flatnonzero(world.population.role == HONEST))
    plan = (
        (FAMILY, 0.09, 2, 6),
        (FRANCHISE, 0.03, 5, 80),
        (AGENCY, 0.035, 10, 300),
        (DISTRIBUTION, 0.006, 2, 8),
    )
    for number, (kind, portion, least, most) in enumerate(plan):
        count = round(portion * size)
        cut = _cut(rng, free[:count], least, min(most, max(least, count // 3)))
        free = free[count:]
        _remember(world, kind, cut)
        {FAMILY: _family, FRANCHISE: _franchise, AGENCY: _agency, DISTRIBUTION: _distribution}[kind](
            world, cut, world.streams.of("group", number)
        )


def _cut(rng: Rng, sellers: Ints, least: int, most: int) -> Cut:
    draws = np.exp(
        rng.uniform(np.log(least), np.log(most + 1), len(sellers) // least + 1)
        - rng.exponential(0.4, len(sellers) // least + 1)
    )
    sizes = np.clip(draws.astype(np.int64), least, most)
    sizes = sizes[np.cumsum(sizes) <= len(sellers)]
    return Cut(sellers[: int(sizes.sum())], np.repeat(np.arange(len(sizes)), sizes), sizes)


def _remember(world: World, kind: str, cut: Cut) -> None:
    base = len(world.group_kind)
    world.group[cut.seller] = base + cut.group
    world.group_kind.update({base + number: kind for number in range(cut.count)})


def _some(world: World, rng: Rng, use: str, cut: Cut, made: Ints, groups: float, members: float) -> None:
    """Let some groups share what was made for them, and within those most members."""
    hit = chance(rng, groups, cut.count)[cut.group] & chance(rng, members, len(cut.seller))
    world.slots[use][cut.seller[hit]] = made[cut.group[hit]]


def _family(world: World, cut: Cut, rng: Rng) -> None:
    """A couple, their parents and a cousin: one flat, one phone, one account, or only the holder's name."""
    pools, slots = world.pools, world.slots
    lead = cut.seller[np.searchsorted(cut.group, np.arange(cut.count))]
    person = slots["person"][lead]
    _some(world, rng, "person", cut, person, 0.75, 0.85)
    shared = new_accounts(pools, rng, person, np.full(cut.count, -1))
    _some(world, rng, "account", cut, shared, 0.65, 0.85)
    _some(world, rng, "phone", cut, slots["phone"][lead], 0.5, 0.8)
    for use in ("ship", "return", "registered"):
        _some(world, rng, use, cut, slots["ship"][lead], 0.6, 0.85)
    _some(world, rng, "email", cut, slots["email"][lead], 0.15, 0.7)


def _franchise(world: World, cut: Cut, rng: Rng) -> None:
    """One brand's chain: the head office's firm, warehouse and return address on every store."""
    pools, population = world.pools, world.population
    lead = cut.seller[np.searchsorted(cut.group, np.arange(cut.count))]
    office = new_addresses(pools, rng, population.division[lead], work=0.8)
    firm = new_firms(pools, rng, population.division[lead])
    warehouse = pools.warehouse.add(
        cut.count, kind=OWN, address=new_addresses(pools, rng, population.division[lead], work=0.8)
    )
    _some(world, rng, "firm", cut, firm, 0.85, 0.9)
    _some(world, rng, "warehouse", cut, warehouse, 0.7, 0.8)
    _some(world, rng, "return", cut, office, 0.8, 0.85)
    _some(world, rng, "registered", cut, office, 0.6, 0.8)
    _some(
        world,
        rng,
        "account",
        cut,
        new_accounts(pools, rng, new_people(pools, rng, cut.count), firm),
        0.4,
        0.7,
    )
    _some(world, rng, "phone", cut, new_phones(pools, rng, cut.count), 0.5, 0.6)
    population.conduct[cut.seller] = DISTRIBUTOR
    world.franchise_brand.update({int(g): i for i, g in enumerate(np.unique(world.group[cut.seller]))})


def _distribution(world: World, cut: Cut, rng: Rng) -> None:
    """A distributor's own branches."""
    lead = cut.seller[np.searchsorted(cut.group, np.arange(cut.count))]
    for use, groups in (("firm", 0.8), ("person", 0.6), ("account", 0.6), ("ship", 0.8), ("return", 0.8)):
        made = (
            new_firms(world.pools, rng, world.population.division[lead])
            if use == "firm"
            else world.slots[use][lead]
        )
        _some(world, rng, use, cut, made, groups, 0.85)
    world.population.conduct[cut.seller] = DISTRIBUTOR


def _agency(world: World, cut: Cut, rng: Rng) -> None:
    """A service firm runs stores for strangers: its phone, e-mail or deposit account is on all."""
    pools = world.pools
    person = new_people(pools, rng, cut.count)
    made = {
        "phone": new_phones(pools, rng, cut.count),
        "email": new_emails(pools, rng, cut.count),
        "account": new_accounts(pools, rng, person, np.full(cut.count, -1)),
    }
    seen = {"phone": 0.75, "email": 0.6, "account": 0.25}
    labels = {"phone": "phone", "email": "email", "account": "payment_account"}
    for use, groups in seen.items():
        _some(world, rng, use, cut, made[use], groups, 0.85)
        users = np.bincount(
            cut.group[world.slots[use][cut.seller] == made[use][cut.group]], minlength=cut.count
        )
        known = chance(rng, 0.15, cut.count)
        world.hubs.extend(
            Hub("agency", labels[use], int(made[use][g]), int(users[g]), bool(known[g]))
            for g in range(cut.count)
            if users[g] > 1
        )
