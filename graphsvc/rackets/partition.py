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

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from graphsvc.links.evidence import Assessor, Evidence, EvidenceOptions
from graphsvc.links.incidence import DIGITS
from graphsvc.model.market import Market
from graphsvc.rackets.constraints import constraints, kept_apart, start
from graphsvc.rackets.engines import Engine, Ints, WeightedGraph


@dataclass(frozen=True)
class PartitionOptions:
    """``bars`` are the shares of common infrastructure needed, one a round; ``density`` is CPM's resolution on the
    graph of groups; identifiers that mean one operation with a probability below ``least`` are left out."""

    bars: tuple[float, ...] = (0.2, 0.1, 0.05, 0.04)
    density: float = 0.01
    least: float = 0.02


@dataclass(frozen=True)
class Grouping:
    """Groups and the evidence they rest on.

    Attributes
    ----------
    labels : int array
        A group per store (row ``s`` of ``evidence.incidence``), singletons included.
    evidence : Evidence
        Store by store; an identifier that still ties several groups carries the last round's hub probability, one
        that lies within one group the probability by which its stores were first brought together.
    """

    labels: Ints
    evidence: Evidence


def partition(
    market: Market, engine: Engine, seed: int, options: PartitionOptions, weighing: EvidenceOptions
) -> Grouping:
    """Group the stores of a market; see the module's text."""
    assessor = Assessor(market, weighing)
    evidence = assessor.stores
    said = constraints(market, evidence.incidence.sellers)
    labels = start(evidence.incidence.sellers.height, said)
    if said.same.size:
        evidence = assessor.between(labels)
    for bar in options.bars:
        edges = common(evidence, options).filter(pl.col("common") > bar)
        graph = WeightedGraph(
            evidence.incidence.sellers.height,
            edges["a"].to_numpy().astype(np.int64),
            edges["b"].to_numpy().astype(np.int64),
            edges["common"].to_numpy(),
        )
        labels = kept_apart(engine.partition(graph, options.density, seed)[labels], labels, said, edges)
        evidence = assessor.between(labels)
    return Grouping(labels, _final(assessor.stores, evidence, weighing))


def _final(first: Evidence, last: Evidence, weighing: EvidenceOptions) -> Evidence:
    again = last.identifiers.select("identifier", pl.col("hubProbability").alias("later"))
    h = first.identifiers.join(again, on="identifier", how="left", maintain_order="left").select(
        pl.coalesce("later", "hubProbability").alias("hubProbability")
    )["hubProbability"]
    weight = (-h.log()).clip(0.0, weighing.most)
    return replace(first, identifiers=first.identifiers.with_columns(h, weight.alias("weight")))


def common(evidence: Evidence, options: PartitionOptions) -> pl.DataFrame:
    """Return ``a, b, common``: the share of infrastructure that groups a < b have in common, sorted."""
    graph = evidence.incidence
    about = evidence.identifiers.select("i", "kind_of", (1 / pl.col("degree")).alias("value"))
    uses = graph.uses.select("s", "i").join(about, on="i")
    breadth = (
        pl.concat(
            [
                uses.select("s", "kind_of", "value"),
                graph.breadth.select("s", "kind_of", pl.col("own").cast(pl.Float64).alias("value")),
            ]
        )
        .group_by("s", "kind_of")
        .agg(pl.col("value").sum().round(DIGITS).alias("breadth"))
    ).lazy()
    return (
        evidence.shared.lazy()
        .join(about.lazy().select("i", "value"), on="i")
        .filter(pl.col("same") > options.least)
        .group_by("a", "b", "kind_of", "family")
        .agg((pl.col("value") * pl.col("same")).sum().round(DIGITS).alias("shared"))
        .join(breadth.rename({"s": "a"}), on=["a", "kind_of"])
        .join(breadth.rename({"s": "b", "breadth": "breadth_b"}), on=["b", "kind_of"])
        .with_columns(
            (pl.col("shared") / (pl.col("breadth") * pl.col("breadth_b")).sqrt()).clip(0, 1).alias("share")
        )
        .group_by("a", "b", "family")
        .agg(pl.col("share").max())
        .group_by("a", "b")
        .agg((1 - (1 - pl.col("share")).product()).round(DIGITS).alias("common"))
        .sort("a", "b")
        .collect()
    )
