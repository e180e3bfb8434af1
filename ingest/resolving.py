"""Identifiers of a data set that are spelled in several ways: the certain ones become one, the likely ones
SIMILAR_TO."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from graphsvc.model.graph import Label, Rel
from graphsvc.model.progress import SILENT, Progress
from ingest import resolve
from ingest.frames import Kind, Parts
from ingest.staged import Staged

SOURCE = "resolve"
"""The source of SIMILAR_TO: nobody said it, we compared."""

_Similar = Callable[[pl.DataFrame], pl.DataFrame]
_Merges = Callable[[pl.DataFrame, pl.DataFrame], pl.DataFrame]
_HOW: dict[Label, tuple[_Similar, _Merges]] = {
    Label.ADDRESS: (resolve.similar, resolve.merges),
    Label.PERSON: (resolve.similar_names, resolve.merges_names),
}


def resolve_staged(staged: Staged, progress: Progress = SILENT) -> dict[Label, tuple[int, int]]:
    """Merge and tie what is spelled in several ways; return how many nodes were merged and tied, by label.

    Compares what this data set holds: the work grows linearly with its distinct addresses and names, and
    so does the memory.
    """
    done: dict[Label, tuple[int, int]] = {}
    with progress.step("Comparing spellings", len(_HOW)) as advance:
        for label, (similar, merges) in _HOW.items():
            candidates = staged.candidates(label)
            if candidates.height > 1:
                pairs = similar(candidates)
                merged = merges(candidates, pairs)
                staged.rename(label, merged.select("old", "kept"))
                tied = _tied(pairs, merged)
                _add(staged, label, tied)
                done[label] = (merged.height, tied.height)
            advance(1)
    return done


def _tied(pairs: pl.DataFrame, merged: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs between what is left after merging: of several, the most probable."""

    def kept(column: str) -> pl.Expr:
        return pl.col(column).replace(merged["old"], merged["kept"])

    left = pairs.with_columns(kept("a"), kept("b")).filter(pl.col("a") != pl.col("b"))
    first, second = pl.min_horizontal("a", "b"), pl.max_horizontal("a", "b")
    ordered = left.with_columns(first.alias("a"), second.alias("b")).sort("a", "b", "probability", "why")
    return ordered.unique(["a", "b"], keep="last", maintain_order=True)


def _add(staged: Staged, label: Label, pairs: pl.DataFrame) -> None:
    parts = Parts()
    parts.relationship(
        Kind(Rel.SIMILAR_TO, label, label),
        pairs,
        start=pl.col("a"),
        end=pl.col("b"),
        source=pl.lit(SOURCE),
        probability=pl.col("probability"),
        why=pl.col("why"),
    )
    staged.add(parts)
