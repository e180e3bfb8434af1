"""What can be tuned in the scan, with the reasons for the defaults."""

from __future__ import annotations

import math
from dataclasses import dataclass

from graphsvc.model.errors import BadInput


@dataclass(frozen=True)
class ScanOptions:
    """Parameters of the scan.

    Parameters
    ----------
    discount : float
        Price of a typical fake as a share of the genuine price, in (0, 1). Half-way to it (in log price) the
        evidence changes sign.
    surge : float
        How many times the usual number of purchases a well-selling fake has, above 1.
    prior : float
        Share of suspicious listings expected before a group is looked at, in (0, 1).
    prior_listings : float
        How many listings that expectation counts for, against a group's own share.
    scale_listings : float
        How many listings the pooled spread of prices counts for, against a group's own spread.
    default_scale : float
        Spread of log prices assumed where nothing is known (Laplace scale; 0.3 is about ±35%).
    smallest_scale : float
        Floor of that spread: bounds what one price can say to ``log(1 / discount) / smallest_scale`` nats.
    unit_evidence : float
        Most that purchases can say, in nats, either way.
    threshold : float
        A listing at or above this suspicion is a suspect.
    per_seller : int
        Suspects kept per seller, the ones with the most suspicious sales first.

    Raises
    ------
    BadInput
        If a value is out of its range.
    """

    discount: float = 0.4
    surge: float = 3.0
    prior: float = 0.05
    prior_listings: float = 20.0
    scale_listings: float = 10.0
    default_scale: float = 0.3
    smallest_scale: float = 0.15
    unit_evidence: float = 2.0
    threshold: float = 0.5
    per_seller: int = 20

    def __post_init__(self) -> None:
        shares = {"discount": self.discount, "prior": self.prior, "threshold": self.threshold}
        for name, value in shares.items():
            if not 0 < value < 1:
                raise BadInput(f"Scan option {name} is {value}.", "Give a value between 0 and 1.")
        positive = {
            "prior_listings": self.prior_listings,
            "scale_listings": self.scale_listings,
            "default_scale": self.default_scale,
            "smallest_scale": self.smallest_scale,
            "surge - 1": self.surge - 1,
            "per_seller": self.per_seller,
        }
        for name, number in positive.items():
            if not (math.isfinite(number) and number > 0):
                raise BadInput(f"Scan option {name} is {number}.", "Give a positive number.")
        if not 0 <= self.unit_evidence <= 4:
            raise BadInput(
                f"Scan option unit_evidence is {self.unit_evidence}.", "Give a value between 0 and 4."
            )

    @property
    def gap(self) -> float:
        """How far below the genuine price a typical fake is, in log price."""
        return -math.log(self.discount)

    @property
    def lift(self) -> float:
        """How far above the usual log purchases a well-selling fake is."""
        return math.log(self.surge)
