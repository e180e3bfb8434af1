"""A seeded market with known truth. Stands alone: detection never imports it.

``simulate(SimulationOptions(...))`` returns frames, ``write_market(directory, options)`` writes
tables and ``truth/``.
"""

from graphsvc.simulate.market import Manifest, SimulatedMarket, simulate, write_market
from graphsvc.simulate.options import SimulationOptions

__all__ = ["Manifest", "SimulatedMarket", "SimulationOptions", "simulate", "write_market"]
