"""The market under construction: identifiers, what each store uses, what the truth remembers."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from graphsvc.simulate.knobs import Knobs
from graphsvc.simulate.options import SimulationOptions
from graphsvc.simulate.pools import Links, Pools
from graphsvc.simulate.population import OPEN, Population
from graphsvc.simulate.streams import Ints, Rng, Streams

SHIP, RETURN, REGISTERED = 0, 1, 2
ADDRESS_KINDS = ("ship_from", "return", "registered")


@dataclass
class Hub:
    """One identifier that serves or joins unrelated stores, for the truth."""

    kind: str
    label: str
    index: int
    users: int
    known: bool


@dataclass
class World:
    """Working state. Slots hold one identifier a store (-1: none); links hold further, dated ones."""

    options: SimulationOptions
    knobs: Knobs
    streams: Streams
    population: Population
    pools: Pools
    slots: dict[str, Ints]
    addresses: Links = field(default_factory=Links)
    accounts: Links = field(default_factory=Links)
    warehouses: Links = field(default_factory=Links)
    hubs: list[Hub] = field(default_factory=list)
    group_kind: dict[int, str] = field(default_factory=dict)
    group: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    clique: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    franchise_brand: dict[int, int] = field(default_factory=dict)
    workshop: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def life(self, seller: Ints) -> tuple[Ints, Ints]:
        """Return first and last day of activity of the stores."""
        opened, closed = self.population.opened[seller], self.population.closed[seller]
        return opened, np.where(closed == OPEN, 0, closed)

    def period(self, rng: Rng, seller: Ints) -> tuple[Ints, Ints]:
        """Draw, per store, a period of use that covers most of its life."""
        first, last = self.life(seller)
        length = np.maximum(0, last - first)
        begin = first + (length * np.clip(rng.beta(0.6, 4.0, len(seller)) - 0.02, 0, 1)).astype(np.int64)
        end = last - (length * np.clip(rng.beta(0.5, 5.0, len(seller)) - 0.02, 0, 1)).astype(np.int64)
        return begin, np.maximum(begin, end)
