"""What a person may choose about a simulated market."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from graphsvc.model.errors import BadInput

VERSION = 1
"""Version of the simulator's behaviour: the same version, options and seed give the same bytes."""

DIFFICULTIES: Mapping[str, float] = {"easy": 0.25, "normal": 0.5, "hard": 0.8}
FORMATS = ("csv", "ndjson", "parquet")


@dataclass(frozen=True)
class SimulationOptions:
    """Options of a simulated market.

    Parameters
    ----------
    sellers : int
        Number of stores, at least 1.
    seed : int
        Same seed and options give the same market, byte for byte.
    difficulty : float or str
        ``easy``, ``normal``, ``hard``, or a number from 0 (clean) to 1 (beyond hard).
    prevalence : float
        Share of stores that belong to rackets, 0 to 0.5.
    days : int
        Days of trade observed, 30 to 3650; older links stay in the tables as history.
    listings_per_seller : int
        Mean number of listings of a store; 0 leaves the table out.
    table_format : str
        ``csv``, ``ndjson`` or ``parquet``.
    clashing_ids : bool
        Let two marketplaces use the same seller id; every table then names its marketplace.

    Raises
    ------
    BadInput
        When a value is outside its range.
    """

    sellers: int
    seed: int = 0
    difficulty: float | str = "normal"
    prevalence: float = 0.06
    days: int = 365
    listings_per_seller: int = 8
    table_format: str = "csv"
    clashing_ids: bool = False

    def __post_init__(self) -> None:
        _require(self.sellers >= 1, f"sellers is {self.sellers}", "Ask for at least 1 store.")
        _require(self.seed >= 0, f"seed is {self.seed}", "Give a seed of 0 or more.")
        _require(
            0 <= self.prevalence <= 0.5, f"prevalence is {self.prevalence}", "Give a share from 0 to 0.5."
        )
        _require(30 <= self.days <= 3650, f"days is {self.days}", "Give 30 to 3650 days.")
        _require(
            0 <= self.listings_per_seller <= 200,
            f"listings_per_seller is {self.listings_per_seller}",
            "Give 0 to 200.",
        )
        _require(
            self.table_format in FORMATS,
            f"format is {self.table_format!r}",
            f"Choose one of {', '.join(FORMATS)}.",
        )
        _require(0 <= self.hardness <= 1, f"difficulty is {self.difficulty}", "Give a number from 0 to 1.")

    @property
    def hardness(self) -> float:
        """Return the difficulty as a number from 0 to 1."""
        if isinstance(self.difficulty, str) and self.difficulty in DIFFICULTIES:
            return DIFFICULTIES[self.difficulty]
        try:
            return float(self.difficulty)
        except ValueError as error:
            raise BadInput(
                f"Simulation option difficulty is {self.difficulty!r}.",
                f"Choose {', '.join(DIFFICULTIES)} or a number from 0 to 1.",
            ) from error

    def as_dict(self) -> dict[str, Any]:
        """Return the options and the simulator's version, ready for ``truth/options.json``."""
        return {**asdict(self), "hardness": self.hardness, "version": VERSION}


def _require(holds: bool, what: str, remedy: str) -> None:
    if not holds:
        raise BadInput(f"Simulation option {what}.", remedy)
