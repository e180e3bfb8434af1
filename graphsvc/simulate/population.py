"""Who is in the market: roles, rackets as chains of cells, life of each store."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from graphsvc.simulate.knobs import Knobs
from graphsvc.simulate.options import SimulationOptions
from graphsvc.simulate.streams import Ints, Mask, Rng, Streams, chance, pick
from graphsvc.simulate.vocabulary import divisions

HONEST, LONE, RACKET = 0, 1, 2
ROLES = ("honest", "lone_counterfeiter", "racket")
PLAIN, DISCOUNTER, DISTRIBUTOR = 0, 1, 2
CONDUCTS = ("plain", "discounter", "distributor")
OPEN = 10**6
"""Closing day of a store that is still open; day 0 is the last day observed, earlier days are negative."""
LARGEST = 500


@dataclass(frozen=True)
class Rackets:
    """Rackets, ragged: ``members[starts[r]:starts[r] + sizes[r]]`` are the stores of racket r in order.

    ``of`` and ``place`` say, per member, which racket and which position in the chain.
    """

    sizes: Ints
    starts: Ints
    members: Ints
    of: Ints
    place: Ints
    cell: Ints
    division: Ints

    @property
    def count(self) -> int:
        """Number of rackets."""
        return len(self.sizes)


@dataclass(frozen=True)
class Population:
    """All stores, by index (the index carries no information: roles are spread at random)."""

    role: Ints
    conduct: Ints
    racket: Ints
    cell: Ints
    opened: Ints
    closed: Ints
    removed: Mask
    division: Ints
    rackets: Rackets

    @property
    def size(self) -> int:
        """Number of stores."""
        return len(self.role)


def populate(options: SimulationOptions, knobs: Knobs, streams: Streams) -> Population:
    """Draw the stores of a market."""
    size = options.sellers
    order = streams.of("order").permutation(size).astype(np.int64)
    rackets = _rackets(order, options, knobs, streams.of("rackets"))
    spent = len(rackets.members)
    lone = order[spent : spent + round(size * 0.5 * min(options.prevalence, 0.1))]
    role = np.zeros(size, dtype=np.int64)
    role[lone], role[rackets.members] = LONE, RACKET
    racket, cell = np.full(size, -1), np.full(size, -1)
    racket[rackets.members], cell[rackets.members] = rackets.of, rackets.cell
    rng = streams.of("life")
    division = pick(rng, divisions().weight, size)
    division[rackets.members] = _members_home(rackets, rng)
    opened, closed, removed = _honest_life(rng, size, options.days)
    _short_lives(rng, lone, opened, closed, removed, options.days)
    _racket_lives(rng, rackets, opened, closed, removed, options.days, knobs)
    conduct = np.where(role == HONEST, pick(rng, np.array([0.955, 0.035, 0.01]), size), PLAIN)
    return Population(role, conduct, racket, cell, opened, closed, removed, division, rackets)


def _rackets(order: Ints, options: SimulationOptions, knobs: Knobs, rng: Rng) -> Rackets:
    budget = round(len(order) * options.prevalence)
    draws = np.exp(rng.normal(np.log(7.0), 1.05, size=budget // 2 + 1))
    sizes = np.clip(np.round(draws), 2, max(2, min(LARGEST, budget // 3))).astype(np.int64)
    sizes = sizes[np.cumsum(sizes) <= budget]
    rest = budget - int(sizes.sum())
    sizes = np.append(sizes, rest) if 2 <= rest <= LARGEST else sizes
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)[: len(sizes)]
    of = np.repeat(np.arange(len(sizes)), sizes)
    place = np.arange(len(of)) - starts[of]
    length = np.maximum(
        3, np.round(np.minimum(sizes * rng.uniform(0.12, 0.35, len(sizes)), 12 - 6 * knobs.missing))
    ).astype(np.int64)
    cell = (place + (rng.random(len(sizes)) * length).astype(np.int64)[of]) // length[of]
    return Rackets(
        sizes, starts, order[: len(of)], of, place, cell, pick(rng, divisions().weight, len(sizes))
    )


def _members_home(rackets: Rackets, rng: Rng) -> Ints:
    """Most stores of a racket trade from its home, some from anywhere."""
    count = len(rackets.members)
    away = pick(rng, divisions().weight, count)
    return np.where(chance(rng, 0.6, count), rackets.division[rackets.of], away)


def _honest_life(rng: Rng, size: int, days: int) -> tuple[Ints, Ints, Mask]:
    opened = -(rng.beta(1.1, 1.6, size) * (days + 1800)).astype(np.int64) - 2
    young = chance(rng, 0.3, size)
    opened = np.where(young, -(rng.random(size) * days * 1.2).astype(np.int64) - 2, opened)
    closed = np.full(size, OPEN)
    ends = chance(rng, 0.14, size)
    closed[ends] = opened[ends] + (rng.random(int(ends.sum())) * -opened[ends]).astype(np.int64) + 1
    return opened, closed, ends & chance(rng, 0.08, size)


def _short_lives(rng: Rng, who: Ints, opened: Ints, closed: Ints, removed: Mask, days: int) -> None:
    """Give counterfeiting stores recent, short lives (changes the arrays in place)."""
    opened[who] = -(rng.random(len(who)) * days * 1.1).astype(np.int64) - 5
    _end(rng, who, opened, closed, removed)


def _end(rng: Rng, who: Ints, opened: Ints, closed: Ints, removed: Mask) -> None:
    life = (25 + rng.exponential(190, len(who))).astype(np.int64)
    over = opened[who] + life < -1
    closed[who] = np.where(over, opened[who] + life, OPEN)
    removed[who] = over & chance(rng, 0.55, len(who))


def _racket_lives(
    rng: Rng, rackets: Rackets, opened: Ints, closed: Ints, removed: Mask, days: int, knobs: Knobs
) -> None:
    """Open the cells of each racket one after another, each in a burst; some stores were bought aged."""
    count, members = len(rackets.members), rackets.members
    span = np.minimum(rng.uniform(40, 330, rackets.count), days)
    begin = -rng.uniform(span + 20, np.maximum(span + 40, days * 1.15))
    cells = np.zeros(rackets.count, dtype=np.int64)
    np.maximum.at(cells, rackets.of, rackets.cell)
    wave = rackets.cell / np.maximum(1, cells)[rackets.of] * span[rackets.of]
    opened[members] = np.minimum(
        -3, begin[rackets.of] + wave + rng.exponential(knobs.burst_days, count)
    ).astype(np.int64)
    _end(rng, members, opened, closed, removed)
    aged = members[chance(rng, knobs.aged, count)]
    opened[aged] -= rng.integers(150, 1500, len(aged))
