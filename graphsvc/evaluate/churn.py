"""How well names of rackets last from one run to the next."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from graphsvc.evaluate.prediction import Prediction


@dataclass(frozen=True)
class Churn:
    """Counts of rackets between two runs.

    ``survived``: earlier rackets of which more than half the stores are in one later racket; ``renamed``:
    those of them that should have given that later racket its name (the one most of its stores come from) and
    did not; ``merged``: survivors that yielded to a larger one; ``gone``: earlier rackets that fell apart;
    ``born``: later rackets without a survivor in them.
    """

    survived: int
    renamed: int
    merged: int
    gone: int
    born: int

    @property
    def rate(self) -> float | None:
        """Share of the rackets that should have kept their name and lost it; None if there were none."""
        heirs = self.survived - self.merged
        return self.renamed / heirs if heirs else None


def churn(earlier: Prediction, later: Prediction) -> Churn:
    """Compare the names of two runs by the stores they share."""
    old = earlier.members.select("seller", pl.col("racket_id").alias("old"))
    new = later.members.select("seller", pl.col("racket_id").alias("new"))
    sizes = old.group_by("old").agg(pl.len().alias("size"))
    kept = (
        old.join(new, on="seller")
        .group_by("old", "new")
        .agg(pl.len().alias("both"))
        .join(sizes, on="old")
        .filter(2 * pl.col("both") > pl.col("size"))
    )
    # Among equally large parents, one that kept its name is the heir: either choice would have been right.
    heirs = (
        kept.with_columns((pl.col("old") == pl.col("new")).alias("same"))
        .sort(["new", "both", "same", "old"], descending=[False, True, True, False])
        .unique("new", keep="first", maintain_order=True)
    )
    return Churn(
        survived=kept.height,
        renamed=heirs.filter(~pl.col("same")).height,
        merged=kept.height - heirs.height,
        gone=sizes.height - kept.height,
        born=new["new"].n_unique() - heirs.height,
    )
