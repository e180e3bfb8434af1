"""One stream of random numbers per part, so that one part's knob never reshuffles another."""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Rng = np.random.Generator


@dataclass(frozen=True)
class Streams:
    """Named child streams of one seed; the same name and keys always give the same numbers."""

    seed: int

    def of(self, part: str, *keys: int) -> Rng:
        """Return a fresh generator for ``part`` (and, say, the number of a chunk)."""
        sequence = np.random.SeedSequence(entropy=self.seed, spawn_key=(crc32(part.encode()), *keys))
        return np.random.Generator(np.random.PCG64(sequence))


def pick(rng: Rng, weights: Floats, size: int) -> Ints:
    """Draw ``size`` indices with the given (unnormalised) weights."""
    cumulative = np.cumsum(weights)
    drawn: Ints = np.searchsorted(cumulative, rng.random(size) * cumulative[-1], side="right").astype(
        np.int64
    )
    return drawn


def chance(rng: Rng, probability: float | Floats, size: int) -> Mask:
    """Draw ``size`` independent yes/no values."""
    answer: Mask = rng.random(size) < probability
    return answer


def zipf(count: int, exponent: float = 1.0) -> Floats:
    """Return weights of a few common and many rare things."""
    weights: Floats = 1.0 / np.arange(1, count + 1, dtype=np.float64) ** exponent
    return weights
