"""How sure we are that two values name the same thing: log-odds, added piece by piece.

The model is Fellegi and Sunter's (1969, "A theory for record linkage", Journal of the American Statistical
Association 64): every compared part adds ``ln(P(agreement | same) / P(agreement | different))``, and the sum with
the prior is turned into a probability. Weights are in nats and stand beside the part they belong to.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Comparison:
    """Probability (0 to 1) that two values name the same thing, and the reasons, strongest first."""

    probability: float
    reasons: tuple[str, ...]


@dataclass
class Weighing:
    """Adds up evidence in nats; a contradiction that nothing can outweigh is given as a large negative weight."""

    total: float
    parts: list[tuple[float, str]] = field(default_factory=list)

    def add(self, weight: float, reason: str) -> None:
        """Count one piece of evidence."""
        self.total += weight
        self.parts.append((weight, reason))

    def result(self) -> Comparison:
        """Return the probability and the reasons, by the size of their weight."""
        ordered = sorted(self.parts, key=lambda part: (-abs(part[0]), part[1]))
        return Comparison(round(logistic(self.total), 6), tuple(f"{reason} ({weight:+.1f})" for weight, reason in ordered))


def logistic(log_odds: float) -> float:
    """Return the probability of log-odds, without overflow."""
    bounded = max(-40.0, min(40.0, log_odds))
    return 1.0 / (1.0 + math.exp(-bounded))


EQUAL = Comparison(1.0, ("the same after normalisation",))
"""Two values that read the same."""

NOTHING = Comparison(0.0, ("one of them says nothing",))
"""No comparison is possible; absence is not agreement."""
