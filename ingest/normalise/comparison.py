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
    """Adds up evidence in nats.

    A contradiction that nothing can outweigh is a large negative weight. What one of two values does not say cannot
    be made up for by agreement elsewhere: that is a limit to the probability.
    """

    total: float
    limit: float = 1.0
    parts: list[tuple[float, str]] = field(default_factory=list)

    def add(self, weight: float, reason: str) -> None:
        """Count one piece of evidence."""
        self.total += weight
        self.parts.append((weight, reason))

    def doubt(self, probability: float, reason: str) -> None:
        """Let the result be no more than ``probability``: so often are two values one that agree in all but this."""
        self.limit = min(self.limit, probability)
        self.parts.append((0.0, f"{reason}, at most {probability:.2f}"))

    @property
    def probability(self) -> float:
        """The probability so far."""
        return round(min(logistic(self.total), self.limit), 6)

    def result(self) -> Comparison:
        """Return the probability and the reasons, by the size of their weight."""
        ordered = sorted(self.parts, key=lambda part: (-abs(part[0]), part[1]))
        told = tuple(f"{reason} ({weight:+.1f})" if weight else reason for weight, reason in ordered)
        return Comparison(self.probability, told)


def logistic(log_odds: float) -> float:
    """Return the probability of log-odds, without overflow."""
    bounded = max(-40.0, min(40.0, log_odds))
    return 1.0 / (1.0 + math.exp(-bounded))


EQUAL = Comparison(1.0, ("the same after normalisation",))
"""Two values that read the same."""

NOTHING = Comparison(0.0, ("one of them says nothing",))
"""No comparison is possible; absence is not agreement."""
