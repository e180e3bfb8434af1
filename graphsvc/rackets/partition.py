"""From weighed evidence to groups: agglomeration by rounds, each round a CPM partition of groups, not of stores.

At every round the players are the groups found so far (stores at first). What two groups have in common is measured
per kind of identifier as the share of their infrastructure that is the same,

    C_k(A, B) = sum over shared i of r_i v_i / sqrt(T_k(A) T_k(B)),   v_i = 1 / g_i,   T_k(A) = sum over i of A of v_i,

where ``g_i`` counts the distinct *groups* that use i, so that a racket does not make its own account look common, and
``r_i`` is the chance that sharing i means anything (not a hub, not recycled, the same thing at all). A store with many
accounts shares one by accident more easily; the denominator is the store's own breadth. Kinds are combined as
independent: ``1 - prod(1 - C_k)`` over families, the best kind within a family.

The bar falls from round to round: cores first, where most of the infrastructure is common, then what attaches to a
core. A mule account between two rackets is one of many accounts of each and stays below the bar; a workshop that all
cells share does not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from graphsvc.links.evidence import Evidence
from graphsvc.rackets.engines import Engine, Ints, WeightedGraph


@dataclass(frozen=True)
class PartitionOptions:
    """``bars`` are the shares of common infrastructure needed, one a round; ``density`` is CPM's resolution on the
    graph of groups; ``expand`` bounds how many groups an identifier may tie pairwise."""

    bars: tuple[float, ...] = (0.2, 0.1, 0.05, 0.05)
    density: float = 0.003
    expand: int = 300


def partition(evidence: Evidence, engine: Engine, seed: int, options: PartitionOptions) -> Ints:
    """Return a group label per store (row ``s`` of the incidence), singletons included."""
    n = evidence.incidence.sellers.height
    labels = np.arange(n, dtype=np.int64)
    for bar in options.bars:
        edges = common(evidence, labels, options).filter(pl.col("common") > bar)
        groups = int(labels.max(initial=-1)) + 1
        graph = WeightedGraph(
            groups, edges["a"].to_numpy().astype(np.int64), edges["b"].to_numpy().astype(np.int64), edges["common"].to_numpy()
        )
        labels = engine.partition(graph, options.density, seed)[labels]
    return labels


def common(evidence: Evidence, labels: Ints, options: PartitionOptions) -> pl.DataFrame:
    """Return ``a, b, common``: the share of infrastructure that groups a < b have in common, sorted."""
    graph = evidence.incidence
    about = evidence.identifiers.select(
        "i", "kind_of", "family", (pl.col("soft") * (1 - pl.col("hubProbability"))).alias("means")
    )
    uses = (
        graph.uses.lazy().select("s", "i")
        .join(pl.LazyFrame({"s": np.arange(labels.size, dtype=np.uint32), "group": labels.astype(np.uint32)}), on="s")
        .group_by("group", "i").agg(pl.len().alias("stores"))
        .join(about.lazy(), on="i")
        .with_columns(pl.len().over("i").alias("groups"))
        .with_columns((1 / pl.col("groups")).alias("value"))
    ).collect()
    single = _unshared(graph_total=evidence.incidence.breadth, labels=labels)
    breadth = (
        pl.concat([uses.select("group", "kind_of", "value"), single])
        .group_by("group", "kind_of").agg(pl.col("value").sum().alias("breadth"))
    )
    shared = uses.filter(pl.col("groups").is_between(2, options.expand) & (pl.col("means") > 0.02)).lazy()
    pairs = (
        shared.select("i", "group", "kind_of", "family", "value", "means")
        .join(shared.select("i", pl.col("group").alias("b")), on="i")
        .filter(pl.col("group") < pl.col("b"))
        .group_by(pl.col("group").alias("a"), "b", "kind_of", "family")
        .agg((pl.col("value") * pl.col("means")).sum().alias("shared"))
        .join(breadth.lazy().rename({"group": "a"}), on=["a", "kind_of"])
        .join(breadth.lazy().rename({"group": "b", "breadth": "breadth_b"}), on=["b", "kind_of"])
        .with_columns((pl.col("shared") / (pl.col("breadth") * pl.col("breadth_b")).sqrt()).clip(0, 1).alias("share"))
        .group_by("a", "b", "family").agg(pl.col("share").max())
        .group_by("a", "b").agg((1 - (1 - pl.col("share")).product()).alias("common"))
        .sort("a", "b")
    )
    return pairs.collect()


def _unshared(graph_total: pl.DataFrame, labels: Ints) -> pl.DataFrame:
    """Return identifiers that only one store uses, as ``group, kind_of, value``: they widen a group's breadth."""
    return graph_total.select(
        pl.Series("group", labels.astype(np.uint32)[graph_total["s"].to_numpy()]), "kind_of", pl.col("own").cast(pl.Float64).alias("value")
    )
