"""From weighed evidence to groups: agglomeration by rounds, each round a CPM partition of groups, not of stores.

At every round the players are the groups found so far (stores at first). What two groups have in common is measured
per kind of identifier as the share of their infrastructure that is the same,

    C_k(A, B) = sum over shared i of r_i v_i / sqrt(T_k(A) T_k(B)),   v_i = 1 / g_i,   T_k(A) = sum over i of A of v_i,

where ``g_i`` counts the distinct *groups* that use i, so that a racket does not make its own account look common, and
``r_i`` is the chance that sharing i means anything (not a hub, not recycled, the same thing at all). A store with many
accounts shares one by accident more easily; the denominator is the store's own breadth. Kinds are combined as
independent: ``1 - prod(1 - C_k)`` over families, the best kind within a family.

Cores come first, where much of the infrastructure is common and the ties are dense: a mule account between two rackets
is one of many accounts of each, and does not tie all with all; and where each of the two is firm without it, one thing
alone does not join them (:mod:`graphsvc.rackets.firm`). What is tied to the cores and between them is decided by
structure and behaviour together (:mod:`graphsvc.rackets.attach`), the surest first, until nothing more joins; then
groups that meet only at a public thing are asked whether they behave as one (:mod:`graphsvc.rackets.alike`). The bar of
what is in common falls on only between groups whose behaviour nobody knows.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from graphsvc.links.evidence import Assessor, Evidence, EvidenceOptions
from graphsvc.links.incidence import DIGITS, by_kind
from graphsvc.model.market import Market
from graphsvc.rackets.alike import AlikeWeights, alike
from graphsvc.rackets.attach import Discovery, TieModel, compare_ties, discovery, one_operation
from graphsvc.rackets.constraints import Constraints, constraints, kept_apart, start
from graphsvc.rackets.engines import Engine, Ints, WeightedGraph, partition_by_shape
from graphsvc.rackets.firm import firm_apart
from graphsvc.rackets.manner import Manner, manner

_BELIEVED = pl.Schema({"identifier": pl.String, "believed": pl.Float64})
_PUBLIC = 0.99
"""Hub probability from which a place is where its owner is, not its users."""
_DOUBT = 1.5
"""Nats by which behaviour must not speak against two groups that join where it is silent: what it is usually worth."""
_PROBABLY = float(np.log(2))
"""Nats from which what two groups share means one operation more probably than not."""
_LEAST_HUB = 0.02
"""Behaviour is never so sure of an identifier that nothing is left for chance."""


@dataclass(frozen=True)
class PartitionOptions:
    """What decides whether groups join.

    ``bars`` are the shares of common infrastructure needed for cores, one a round. ``attach`` are the probabilities of
    being one operation above which tied groups join, one a round, weighed by ``ties``; the last is asked again while
    groups join, at most ``again`` times. ``alike`` is that probability for groups of several stores that meet only at
    something public which at most ``alike_most`` such groups use, weighed by ``alike_weights``.
    ``density`` is CPM's resolution in all these. ``silent_bars`` are further rounds for groups of which behaviour says
    less than ``silent`` nats, and ``silent_density`` the resolution there. Identifiers that mean one operation with a
    probability below ``least`` are left out.
    """

    bars: tuple[float, ...] = (0.2, 0.1)
    attach: tuple[float, ...] = (0.9, 0.7, 0.5, 0.4)
    again: int = 4
    alike: float = 0.6
    alike_most: int = 100
    density: float = 0.3
    silent: float = 1.0
    silent_bars: tuple[float, ...] = (0.05, 0.04)
    silent_density: float = 0.02
    least: float = 0.02
    ties: TieModel = field(default_factory=TieModel)
    alike_weights: AlikeWeights = field(default_factory=AlikeWeights)


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
    said : Constraints
        What people know of pairs of stores.
    """

    labels: Ints
    evidence: Evidence
    said: Constraints


def partition(
    market: Market, engine: Engine, seed: int, options: PartitionOptions, weighing: EvidenceOptions
) -> Grouping:
    """Group the stores of a market; see the module's text."""
    rounds = Rounds(market, engine, seed, options, weighing)
    for bar in options.bars:
        rounds.join(rounds.common(bar), options.density)
    joined = [rounds.attach(bar) for bar in options.attach]
    if joined[-1]:  # otherwise asking again would tell the same
        rounds.attach_all(options.attach[-1])
    if rounds.join(rounds.alike(options.alike), options.density):
        rounds.attach_all(options.attach[-1])
    for bar in options.silent_bars:
        rounds.join(rounds.silent(rounds.common(bar)), options.silent_density)
    evidence = _final(rounds.assessor.stores, rounds.evidence, pl.concat(rounds.believed), weighing)
    return Grouping(rounds.labels, evidence, rounds.said)


class Rounds:
    """The groups so far, ``labels``, and the evidence between them; each round joins some.

    ``believed`` holds the identifiers that behaviour spoke for, with what is left of their hub probability.
    """

    def __init__(
        self, market: Market, engine: Engine, seed: int, options: PartitionOptions, weighing: EvidenceOptions
    ) -> None:
        self._engine, self._seed, self._options = engine, seed, options
        self.assessor = Assessor(market, weighing)
        self.evidence = self.assessor.stores
        self.believed = [pl.DataFrame(schema=_BELIEVED)]
        self._manner: Manner | None = None
        self._discovery: Discovery | None = None
        sellers = self.evidence.incidence.sellers
        self.said = constraints(market, sellers)
        self.labels = start(sellers.height, self.said)
        if self.said.same.size:
            self.evidence = self.assessor.between(self.labels, self.evidence)

    def common(self, bar: float) -> pl.DataFrame:
        """Return ``a, b, common`` where the share of common infrastructure is above the bar, but not where one thing
        alone ties two firm groups."""
        edges = common(self.evidence, self._options).filter(pl.col("common") > bar)
        most = self.assessor.options.most
        return edges.filter(~firm_apart(self.assessor.stores, self.evidence, self.labels, edges, most))

    def attach(self, bar: float) -> bool:
        """Join tied groups that are one operation with a probability above the bar; tell whether groups joined."""
        learnt = self._learnt()
        found = compare_ties(learnt, self.evidence)
        if found.is_empty():
            return False
        self._discovery = self._discovery or discovery(learnt, found)
        shares = common(self.evidence, self._options)
        edges = one_operation(
            learnt, self._discovery, self.evidence, found, shares, self._options.ties
        ).filter(pl.col("common") > bar)
        before, ties = self.labels, self._ties(edges)
        joined = self.join(edges, self._options.density)
        now = np.empty(before.max(initial=-1) + 1, dtype=np.int64)
        now[before] = self.labels
        together = now[ties["a"].to_numpy()] == now[ties["b"].to_numpy()]
        self.believed.append(ties.filter(pl.Series(together, dtype=pl.Boolean)).select(_BELIEVED.names()))
        return joined

    def attach_all(self, bar: float) -> None:
        """Attach until no group joins: of what hangs on one group only the surest few join it in each round."""
        for _ in range(self._options.again):
            if not self.attach(bar):
                break

    def alike(self, bar: float) -> pl.DataFrame:
        """Return ``a, b, common``: groups that meet in public and are probably one operation, above the bar."""
        public = self.assessor.stores.identifiers["hubProbability"].to_numpy() > _PUBLIC
        options = self._options
        found = alike(self._learnt(), self.evidence, public, options.alike_most, options.alike_weights)
        return found.filter(pl.col("common") > bar)

    def _learnt(self) -> Manner:
        """Return what behaviour is worth between the groups so far, learnt when first asked for."""
        self._manner = self._manner or manner(self.assessor, self.labels)
        return self._manner.between(self.labels)

    def _ties(self, edges: pl.DataFrame) -> pl.DataFrame:
        """Return ``a, b, identifier, believed``: what ties groups, and the hub probability that behaviour leaves it."""
        return (
            self.evidence.shared.join(edges, on=["a", "b"])
            .join(self.evidence.identifiers.select("i", "identifier"), on="i")
            .select("a", "b", "identifier", (1 - pl.col("common")).alias("believed"))
        )

    def silent(self, edges: pl.DataFrame) -> pl.DataFrame:
        """Keep the edges between groups of which too little behaviour is learnt to decide, and which share something
        that probably means one operation: much of a public house in common is a public house. What behaviour is
        usually worth may forbid it."""
        meant = self.evidence.pairs.filter(pl.col("weight") > _PROBABLY).select("a", "b")
        edges = edges.join(meant, on=["a", "b"], how="semi", maintain_order="left")
        if edges.is_empty():
            return edges
        found = self._learnt().of(edges)
        return edges.filter((found["known"] < self._options.silent) & (found["likeness"] > -_DOUBT))

    def join(self, edges: pl.DataFrame, density: float) -> bool:
        """Partition the graph of groups that the edges make, within what people judged; tell whether groups joined."""
        if edges.is_empty():
            return False
        graph = WeightedGraph(
            self.evidence.incidence.sellers.height,
            edges["a"].to_numpy().astype(np.int64),
            edges["b"].to_numpy().astype(np.int64),
            edges["common"].to_numpy(),
        )
        parts = partition_by_shape(self._engine, graph, density, self._seed)
        before, self.labels = self.labels, kept_apart(parts[self.labels], self.labels, self.said, edges)
        if self.labels.max() == before.max():
            return False
        self.evidence = self.assessor.between(self.labels, self.evidence)
        return True


def _final(first: Evidence, last: Evidence, believed: pl.DataFrame, weighing: EvidenceOptions) -> Evidence:
    again = last.identifiers.select("identifier", pl.col("hubProbability").alias("later"))
    spoken_for = believed.group_by("identifier").agg(pl.col("believed").min())
    h = (
        first.identifiers.join(again, on="identifier", how="left", maintain_order="left")
        .join(spoken_for, on="identifier", how="left", maintain_order="left")
        .select(
            pl.min_horizontal(
                pl.coalesce("later", "hubProbability"), pl.col("believed").clip(lower_bound=_LEAST_HUB)
            ).alias("hubProbability")
        )["hubProbability"]
    )
    weight = (-h.log()).clip(0.0, weighing.most)
    return replace(first, identifiers=first.identifiers.with_columns(h, weight.alias("weight")))


def common(evidence: Evidence, options: PartitionOptions) -> pl.DataFrame:
    """Return ``a, b, common``: the share of infrastructure that groups a < b have in common, sorted."""
    graph = evidence.incidence
    value = 1 / evidence.identifiers["degree"].to_numpy()
    uses = (
        graph.uses.select("s", "i")
        .with_columns(evidence.identifiers.select("kind_of", "entity")[graph.uses["i"]])
        .with_columns(pl.Series("value", value[graph.uses["i"].to_numpy()]))
    )
    # Spellings of one thing are no breadth of their own.
    once = uses.group_by("s", "kind_of", "entity").agg(pl.col("value").max()).sort("s", "kind_of", "entity")
    s, kind = (once[name].to_physical().to_numpy() for name in ("s", "kind_of"))
    breadth = graph.breadth + by_kind(s, kind, graph.breadth.shape[0], once["value"].to_numpy())
    shared = (
        evidence.shared.with_columns(pl.Series("value", value[evidence.shared["i"].to_numpy()]))
        .filter(pl.col("same") > options.least)
        .group_by("a", "b", "family", "kind_of", "entity")
        .agg((pl.col("value") * pl.col("same")).max().alias("shared"))
        .group_by("a", "b", "family", "kind_of")
        .agg(pl.col("shared").sum().round(DIGITS))
    )
    a, b, kind = (shared[name].to_physical().to_numpy() for name in ("a", "b", "kind_of"))
    share = np.clip(shared["shared"].to_numpy() / np.sqrt(breadth[a, kind] * breadth[b, kind]), 0, 1)
    return (
        shared.select("a", "b", "family", pl.Series("share", share))
        .group_by("a", "b", "family")
        .agg(pl.col("share").max())
        .group_by("a", "b")
        .agg((1 - (1 - pl.col("share")).product()).round(DIGITS).alias("common"))
        .sort("a", "b")
    )
