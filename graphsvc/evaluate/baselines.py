"""The usual ways of grouping and ranking stores, to be beaten: each takes a market and yields a prediction.

All are deterministic, see exact identifiers that are not known to serve the public, and rank a group by its
excess suspicion (how much more its stores are suspected by the scan than stores are on average), unless they
say otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl

from graphsvc.evaluate import fraudar, partition
from graphsvc.evaluate.prediction import Prediction, Truth, from_groups
from graphsvc.evaluate.sharing import Ints, Sharing, components, projected, sharing
from graphsvc.model.market import Market
from graphsvc.rackets.engines import Gds, WeightedGraph
from graphsvc.store.driver import Store

Baseline = Callable[[Market], Prediction]

PAIR_CAP = 50
"""Identifiers of more stores than this make no pairs; the usual remedy against hubs."""


@dataclass(frozen=True)
class LeidenOptions:
    """What tuning chooses: which identifiers count, how pairs weigh, and the resolution."""

    cap: int = PAIR_CAP
    inverse: bool = True
    resolution: float = 1.0


TUNING = tuple(
    LeidenOptions(cap, inverse, resolution)
    for cap in (10, 20, 50)
    for inverse in (False, True)
    for resolution in (1.0, 4.0, 16.0, 64.0)
)
"""The settings that :func:`tune_leiden` tries."""


def connected(market: Market, cap: int | None = None, keep_services: bool = False) -> Prediction:
    """Connected components of stores that share an identifier of at most ``cap`` stores."""
    uses = sharing(market, cap, keep_services)
    return _predict(uses.names, components(uses), market)


def by_size(market: Market, cap: int = 20) -> Prediction:
    """Capped components, the largest first."""
    uses = sharing(market, cap)
    return from_groups(_groups(uses.names, components(uses)))


def without_graph(market: Market) -> Prediction:
    """Every store by itself, the most suspected by the scan first."""
    stores = market.sellers.select("seller", pl.col("suspicion").fill_null(0.0).alias("score")).sort("seller")
    named = stores.with_columns(pl.col("seller").alias("racket_id"), pl.lit(1.0).alias("member_confidence"))
    none, suspect = pl.lit(None, pl.Float64).alias("confidence"), pl.lit("suspect").alias("status")
    return Prediction(named, named.with_columns(none, suspect))


def louvain(market: Market, cap: int = PAIR_CAP, seed: int = 0) -> Prediction:
    """Louvain on the number of shared identifiers (python-louvain, nodes and edges put in sorted)."""
    import community
    import networkx as nx

    uses = sharing(market, cap)
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(len(uses.names)))
    pairs = _pairs(uses, inverse=False)
    graph.add_weighted_edges_from(zip(pairs.a.tolist(), pairs.b.tolist(), pairs.weight.tolist(), strict=True))
    found = community.best_partition(graph, random_state=seed)
    return _predict(
        uses.names, np.array([found[node] for node in range(len(uses.names))], dtype=np.int64), market
    )


def leiden_modularity(market: Market, options: LeidenOptions | None = None, seed: int = 0) -> Prediction:
    """Leiden on modularity."""
    options = options or LeidenOptions()
    uses = sharing(market, options.cap)
    return _predict(uses.names, _leiden(uses, options, modularity=True, seed=seed), market)


def tune_leiden(market: Market, truth: Truth, seed: int = 0) -> LeidenOptions:
    """Choose the settings with the best B-cubed F1 on a market whose truth is known (not the one
    measured)."""

    def quality(options: LeidenOptions) -> float:
        rows = partition.items(leiden_modularity(market, options, seed), truth)
        return partition.bcubed(rows).f1 or 0.0

    return max(TUNING, key=quality)


def leiden_cpm(market: Market, resolution: float = 0.05, seed: int = 0) -> Prediction:
    """Leiden on the constant Potts model at one fixed resolution, untuned."""
    uses = sharing(market, PAIR_CAP)
    return _predict(
        uses.names, _leiden(uses, LeidenOptions(resolution=resolution), modularity=False, seed=seed), market
    )


def leiden_gds(market: Market, store: Store, resolution: float = 1.0, seed: int = 0) -> Prediction:
    """Leiden on modularity in the Neo4j server (Graph Data Science)."""
    uses = sharing(market, PAIR_CAP)
    graph = _pairs(uses, inverse=True)
    if graph.a.size == 0:
        return _predict(uses.names, np.arange(graph.n), market)
    # The engine takes a density: give it the one that stands for this modularity resolution.
    density = 2 * resolution * float(graph.weight.sum()) / graph.n**2
    return _predict(uses.names, Gds(store).partition(graph, density, seed), market)


def camouflage_resistant(market: Market, limit: int = 20) -> Prediction:
    """FRAUDAR: at most ``limit`` dense blocks, the densest first; a store is in the first block that holds
    it."""
    uses = sharing(market, None)
    labels, scores = np.full(len(uses.names), -1, dtype=np.int64), []
    for number, block in enumerate(fraudar.blocks(uses.seller, uses.identifier, limit)):
        labels[block.rows[labels[block.rows] < 0]] = number
        scores.append((f"block-{number:04d}", block.density))
    table = pl.DataFrame(
        {"seller": uses.names, "block": labels}, schema={"seller": pl.String, "block": pl.Int64}
    )
    named = table.filter(pl.col("block") >= 0).select(
        (pl.lit("block-") + pl.col("block").cast(pl.String).str.zfill(4)).alias("racket_id"), "seller"
    )
    return from_groups(
        named, pl.DataFrame(scores, schema={"racket_id": pl.String, "score": pl.Float64}, orient="row")
    )


def baselines(tuned: LeidenOptions | None = None, store: Store | None = None) -> Mapping[str, Baseline]:
    """Return the baselines by name, in the order of the tables; GDS Leiden only with a store."""
    chosen: dict[str, Baseline] = {
        "components": connected,
        **{f"components-{cap}": partial(connected, cap=cap) for cap in (10, 20, 50)},
        "louvain": louvain,
        "leiden-modularity": partial(leiden_modularity, options=tuned),
        "leiden-cpm": leiden_cpm,
        "fraudar": camouflage_resistant,
        "size": by_size,
        "no-graph": without_graph,
    }
    return chosen if store is None else {**chosen, "leiden-gds": partial(leiden_gds, store=store)}


def _leiden(uses: Sharing, options: LeidenOptions, modularity: bool, seed: int) -> Ints:
    from graspologic_native import leiden_csr

    count = len(uses.names)
    if uses.seller.size == 0:
        return np.arange(count, dtype=np.int64)
    matrix = projected(uses, options.inverse)
    _, found = leiden_csr(
        matrix.indptr.astype(np.int64),
        matrix.indices.astype(np.int32),
        matrix.data.astype(np.float64),
        count,
        resolution=options.resolution,
        use_modularity=modularity,
        seed=seed,
    )
    return np.fromiter((found.get(node, -1 - node) for node in range(count)), dtype=np.int64, count=count)


def _pairs(uses: Sharing, inverse: bool) -> WeightedGraph:
    matrix = projected(uses, inverse).tocoo()
    upper = matrix.row < matrix.col
    a, b = matrix.row[upper].astype(np.int64), matrix.col[upper].astype(np.int64)
    return WeightedGraph(len(uses.names), a, b, matrix.data[upper].astype(np.float64))


def _groups(names: tuple[str, ...], labels: Ints) -> pl.DataFrame:
    """Name each group by its first store, so that names do not depend on how labels were numbered."""
    table = pl.DataFrame({"seller": names, "label": labels}, schema={"seller": pl.String, "label": pl.Int64})
    return table.select(pl.col("seller").min().over("label").alias("racket_id"), "seller")


def _predict(names: tuple[str, ...], labels: Ints, market: Market) -> Prediction:
    groups = _groups(names, labels)
    # Sorted, for sums of floating-point numbers depend on their order.
    suspicion = market.sellers.select("seller", pl.col("suspicion").fill_null(0.0)).sort("seller")
    mean = suspicion["suspicion"].mean() or 0.0
    scores = (
        groups.join(suspicion, on="seller")
        .sort("seller")
        .group_by("racket_id", maintain_order=True)
        .agg((pl.col("suspicion") - mean).sum().clip(0.0).alias("score"))
    )
    return from_groups(groups, scores)
