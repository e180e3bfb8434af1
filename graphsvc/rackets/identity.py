"""Identity over time: a racket keeps its id while its core survives; merges and splits are recorded.

A new group *continues* an earlier one when each is the other's best match and they share at least half of the
earlier core (or of the new group's, if it is the smaller: a racket that police thinned out is still itself). What
else an earlier group's stores went into is a *merge* (the earlier group has no continuation) or a *split*.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import blake2b

import polars as pl

from graphsvc.rackets.findings import LINEAGE, Findings

CONTINUES, MERGED, SPLIT = "continues", "merged", "split"
_LEAST_SHARE = 0.3
_LEAST_SHARED = 2


def fresh_id(sellers: list[str]) -> str:
    """Return a racket id made from its first members: ``R-`` and ten hex digits.

    >>> fresh_id(["b", "a"]) == fresh_id(["a", "b"])
    True
    """
    return "R-" + blake2b("\n".join(sorted(sellers)).encode(), digest_size=5).hexdigest()


def with_identity(findings: Findings, earlier: pl.DataFrame) -> Findings:
    """Return findings whose groups carry lasting ids, with lineage.

    Parameters
    ----------
    findings : Findings
        ``racketId`` may be anything unique within the run.
    earlier : DataFrame
        Members of the run published before: ``racketId, seller, role``; empty for a first run.
    """
    overlap = _overlap(findings.members, earlier)
    continued = _continued(overlap)
    taken = set(continued.values()) | set(earlier["racketId"].unique().to_list())
    names: dict[str, str] = {}
    for (local,), part in findings.members.sort("racketId", "seller").group_by(
        "racketId", maintain_order=True
    ):
        name = continued.get(str(local)) or fresh_id(part["seller"].to_list())
        if str(local) not in continued and name in taken:
            name = fresh_id([*part["seller"].to_list(), f"again after {name}"])
        taken.add(name)
        names[str(local)] = name
    rename = pl.col("racketId").replace_strict(names, return_dtype=pl.String) if names else pl.col("racketId")
    lineage = _lineage(overlap, continued).with_columns(rename) if names else pl.DataFrame(schema=LINEAGE)
    return replace(
        findings,
        rackets=findings.rackets.with_columns(rename),
        members=findings.members.with_columns(rename).sort("racketId", "seller"),
        relies_on=findings.relies_on.with_columns(rename),
        lineage=lineage.select(LINEAGE.names()).sort("racketId", "earlier"),
    )


def _overlap(members: pl.DataFrame, earlier: pl.DataFrame) -> pl.DataFrame:
    """Return ``racketId, earlier, shared`` with the sizes of both, cores counting before attached members."""
    before = earlier.select(
        pl.col("racketId").alias("earlier"), "seller", (pl.col("role") == "core").alias("core")
    )
    sizes = before.group_by("earlier").agg(pl.len().alias("old"))
    return (
        members.select("racketId", "seller")
        .join(before, on="seller")
        .group_by("racketId", "earlier")
        .agg(
            pl.len().alias("shared"),
            pl.col("core").sum().alias("cores"),
            pl.col("seller").min().alias("first"),
        )
        .join(members.group_by("racketId").agg(pl.len().alias("new")), on="racketId")
        .join(sizes, on="earlier")
        .sort(["cores", "shared", "earlier", "first"], descending=[True, True, False, False])
    )


def _continued(overlap: pl.DataFrame) -> dict[str, str]:
    """Match greedily, largest common core first; each id is given once."""
    out: dict[str, str] = {}
    used: set[str] = set()
    for row in overlap.iter_rows(named=True):
        enough = row["shared"] >= 0.5 * min(row["old"], row["new"])
        if enough and row["racketId"] not in out and row["earlier"] not in used:
            out[row["racketId"]] = row["earlier"]
            used.add(row["earlier"])
    return out


def _lineage(overlap: pl.DataFrame, continued: dict[str, str]) -> pl.DataFrame:
    alive = list(continued.values())
    kept = pl.Series("kept", [continued.get(name) for name in overlap["racketId"].to_list()], dtype=pl.String)
    return (
        overlap.with_columns(kept)
        .with_columns(
            pl.when(pl.col("kept") == pl.col("earlier"))
            .then(pl.lit(CONTINUES))
            .when(pl.col("earlier").is_in(alive))
            .then(pl.lit(SPLIT))
            .otherwise(pl.lit(MERGED))
            .alias("kind")
        )
        .filter(
            (pl.col("kind") == CONTINUES)
            | ((pl.col("shared") >= _LEAST_SHARED) & (pl.col("shared") >= _LEAST_SHARE * pl.col("old")))
        )
        .select("racketId", "earlier", "kind", pl.col("shared").cast(pl.Int64))
    )
