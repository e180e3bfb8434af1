"""Compare partition engines on one weighted graph: native CPM Leiden, python-louvain, and GDS on a server.

    python benchmarks/partition.py [--stores 200000] [--pairs 1750000] [--no-louvain] [--gds]

Prints JSON: seconds of each engine, groups found, agreement with the planted groups, and the ratios that
count. All engines get the same graph in the same process, one after the other. Seconds are of processor time
(both engines use one thread), but for the server's, which are by the clock. ``--gds`` uses NEO4J_URI,
NEO4J_USERNAME and NEO4J_PASSWORD.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl

from graphsvc.evaluate.partition import adjusted_rand
from graphsvc.rackets.engines import Gds, Native, WeightedGraph
from graphsvc.store.address import ServerAddress
from graphsvc.store.driver import Store

Ints = np.ndarray


def planted(stores: int, pairs: int, seed: int) -> tuple[WeightedGraph, Ints]:
    """Make groups of log-normal sizes; most pairs lie in them along a chain, a fifth between strangers."""
    generator = np.random.default_rng(seed)
    sizes = np.clip(np.exp(generator.normal(np.log(12), 0.9, stores)).astype(np.int64), 1, 500)
    group = np.repeat(np.arange(stores), sizes)[:stores]
    start = np.searchsorted(group, group)
    size = np.bincount(group)[group]
    inside = int(pairs * 0.8)
    # Draw more than needed: pairs drawn twice and pairs of a store with itself fall away.
    one = generator.choice(stores, 3 * inside, p=(size - 1) / (size - 1).sum())
    reach = np.maximum(1, np.minimum(size[one] // 2, 12))
    other = start[one] + (one - start[one] + generator.integers(1, reach + 1)) % size[one]
    strangers = generator.integers(0, stores, (2, pairs - inside))
    near = _distinct(one, other, stores, generator)[:inside]
    codes = np.unique(np.r_[near, _distinct(strangers[0], strangers[1], stores, generator)])
    a, b = codes // stores, codes % stores
    weight = np.where(
        group[a] == group[b], generator.gamma(4, 0.5, codes.size), generator.gamma(1, 0.1, codes.size)
    )
    return WeightedGraph(stores, a, b, weight.astype(np.float64) + 1e-6), group


def _distinct(one: Ints, other: Ints, stores: int, generator: np.random.Generator) -> Ints:
    low, high = np.minimum(one, other), np.maximum(one, other)
    return generator.permutation(np.unique((low * stores + high)[low != high]))


def louvain(graph: WeightedGraph, seed: int) -> tuple[Ints, float]:
    """Run python-louvain; building its graph is not counted."""
    import community
    import networkx as nx

    network: nx.Graph[int] = nx.Graph()
    network.add_nodes_from(range(graph.n))
    network.add_weighted_edges_from(
        zip(graph.a.tolist(), graph.b.tolist(), graph.weight.tolist(), strict=True)
    )
    began = time.process_time()
    found = community.best_partition(network, random_state=seed)
    return np.array([found[node] for node in range(graph.n)]), time.process_time() - began


def timed(partition: Callable[[], Ints]) -> tuple[Ints, float]:
    """Run a partition; return its labels and seconds of processor time, which a busy machine does not
    stretch."""
    began = time.process_time()
    labels = partition()
    return labels, time.process_time() - began


def told(labels: Ints, seconds: float, truth: Ints) -> dict[str, Any]:
    """Describe one engine's result."""
    rows = pl.DataFrame({"truth": truth, "cluster": labels})
    return {
        "seconds": round(seconds, 3),
        "groups": int(np.unique(labels).size),
        "ari": round(adjusted_rand(rows) or 0.0, 4),
    }


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--stores", type=int, default=200_000)
    arguments.add_argument("--pairs", type=int, default=1_750_000)
    arguments.add_argument("--resolution", type=float, default=0.05)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument(
        "--repeat", type=int, default=3, help="runs of the native engine; the middle one counts"
    )
    arguments.add_argument("--no-louvain", action="store_true")
    arguments.add_argument("--gds", action="store_true")
    chosen = arguments.parse_args()
    graph, truth = planted(chosen.stores, chosen.pairs, chosen.seed)
    runs = [
        timed(lambda: Native().partition(graph, chosen.resolution, chosen.seed)) for _ in range(chosen.repeat)
    ]
    native = float(np.median([seconds for _, seconds in runs]))
    out: dict[str, Any] = {
        "stores": graph.n,
        "pairs": int(graph.a.size),
        "native": told(runs[0][0], native, truth),
        "repeatable": all(np.array_equal(runs[0][0], labels) for labels, _ in runs),
    }
    if not chosen.no_louvain:
        labels, seconds = louvain(graph, chosen.seed)
        out |= {
            "louvain": told(labels, seconds, truth),
            "louvain_over_native": round(seconds / native, 1),
            "aim": 40,
        }
    if chosen.gds:
        address = ServerAddress(
            os.environ["NEO4J_URI"],
            os.environ.get("NEO4J_USERNAME", "neo4j"),
            os.environ.get("NEO4J_PASSWORD", ""),
        )
        with Store(address) as store:
            began = time.perf_counter()
            labels = Gds(store).partition(graph, chosen.resolution, chosen.seed)
            seconds = time.perf_counter() - began
        out |= {"gds": told(labels, seconds, truth), "gds_over_native": round(seconds / native, 1)}
    print(json.dumps(out, indent=2))


if __name__ == "__main__":
    main()
