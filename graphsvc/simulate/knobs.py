"""How one number, the difficulty, moves everything that makes rackets hard to see.

Calibrated only on public facts (docs/simulator.md lists them); frozen: detection is measured, not fitted.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Knobs:
    """Numbers that follow from the difficulty; shares and probabilities unless a unit is named."""

    missing: float
    comply: float
    sharing: float
    cover: float
    rotation_days: tuple[float, float]
    accounts_seen: float
    noise: float
    slips: float
    hub_use: float
    mules: float
    transfers: float
    strays: float
    camouflage: float
    good_share: float
    price_ratio: float
    burst_days: float
    aged: float
    tester_filter: float
    label_delay_days: float

    @classmethod
    def of(cls, hardness: float) -> Knobs:
        """Return the knobs of a hardness from 0 to 1."""

        def between(easy: float, hard: float) -> float:
            return easy + (hard - easy) * hardness

        return cls(
            missing=between(0.03, 0.2),
            comply=between(0.99, 0.84),
            sharing=between(1.12, 1.05),
            cover=between(0.15, 0.1),
            rotation_days=(between(35, 15), between(45, 28)),
            accounts_seen=between(3.6, 1.8),
            noise=between(0.15, 0.75),
            slips=between(0.005, 0.07),
            hub_use=between(0.1, 0.5),
            mules=between(0.03, 0.3),
            transfers=between(0.0, 0.08),
            strays=between(0.005, 0.055),
            camouflage=between(0.0, 0.2),
            good_share=between(0.05, 0.5),
            price_ratio=between(0.3, 0.7),
            burst_days=between(4, 25),
            aged=between(0.05, 0.4),
            tester_filter=between(0.2, 0.7),
            label_delay_days=between(20, 110),
        )
