"""Measure one detection run: what it costs beside the bare partition of the same graph, and its memory.

    python benchmarks/detect.py [--sellers 200000] [--seed 1] [--data FOLDER]
    python benchmarks/detect.py --server

Without ``--server`` a market is simulated (or ``--data`` names tables) and read as ``graphsvc ingest`` reads it, in a
process of its own; nothing is published. With ``--server`` the graph is read from Neo4j (``NEO4J_URI``, or the local
one), which must have been loaded before, and the run is published: the whole of ``graphsvc detect``.

Prints JSON. ``stages`` are seconds by the clock and of processor time: ``read`` (the graph: from the server, or the
prepared columns from disk), ``detect`` (links, rackets, ranking), ``publish``, and ``partition``: the native engine
alone on the pairs of stores that detection weighs, by ``weigh``. ``ratio`` is read + detect + publish over read +
partition, by the clock where the server takes part and of processor time where it does not. ``peak_mib`` is the largest
resident size of the process up to the end of detection; comparing with the bare partition comes after that. Columns
are read from disk far faster than a graph from a server, so that the ratio without ``--server`` is the harder one.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import numpy as np
import polars as pl

from graphsvc.connect import open_store
from graphsvc.evaluate import simulated
from graphsvc.links.evidence import Assessor, EvidenceOptions
from graphsvc.links.reading import read_market
from graphsvc.model.market import Market
from graphsvc.rackets.detect import detect
from graphsvc.rackets.engines import Native, WeightedGraph
from graphsvc.rackets.identity import with_identity
from graphsvc.rackets.partition import PartitionOptions
from graphsvc.rackets.publish import publish, published_members
from graphsvc.settings import read_settings
from graphsvc.simulate import SimulationOptions, write_market
from graphsvc.store.driver import Store

T = TypeVar("T")
Stages = dict[str, dict[str, float]]
_AIM = 10


def timed(stages: Stages, name: str, work: Callable[[], T]) -> T:
    """Do the work and note how long it took."""
    clock, processor = time.perf_counter(), time.process_time()
    made = work()
    took = {"seconds": time.perf_counter() - clock, "processor_seconds": time.process_time() - processor}
    stages[name] = {unit: round(value, 3) for unit, value in took.items()}
    return made


def peak() -> float:
    """Return the largest resident size of this process so far, in MiB."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def prepare(tables: Path | None, sellers: int, seed: int, out: Path) -> None:
    """Write the columns that detection reads, from tables or a simulated market."""
    with TemporaryDirectory(prefix="graphsvc-detect-") as folder:
        if tables is None:
            tables = Path(folder) / "market"
            write_market(tables, SimulationOptions(sellers, seed, table_format="parquet"))
        market = simulated.read_market([tables], Path(folder) / "staged")
    for name, frame in vars(market).items():
        frame.write_ipc(out / f"{name}.arrow")


def prepared(folder: Path) -> Market:
    """Read what :func:`prepare` wrote."""
    return Market(**{path.stem: pl.read_ipc(path) for path in folder.glob("*.arrow")})


def measure(read: Callable[[], Market], store: Store | None) -> dict[str, Any]:
    """Detect, publish where there is a store, and run the bare partition."""
    stages: Stages = {}
    began = datetime.now(UTC)
    market = timed(stages, "read", read)
    before = peak()
    findings = timed(stages, "detect", lambda: detect(market))
    after = peak()
    if store is not None:
        timed(
            stages,
            "publish",
            lambda: publish(store, with_identity(findings, published_members(store)), started=began),
        )
    pairs = timed(stages, "weigh", lambda: Assessor(market, EvidenceOptions())).stores.pairs
    ends = [pairs[end].to_numpy().astype(np.int64) for end in ("a", "b")]
    graph = WeightedGraph(market.sellers.height, ends[0], ends[1], pairs["weight"].to_numpy())
    timed(stages, "partition", lambda: Native().partition(graph, PartitionOptions.density, 1))
    unit = "seconds" if store is not None else "processor_seconds"
    spent = {name: took[unit] for name, took in stages.items()}
    whole = spent["read"] + spent["detect"] + spent.get("publish", 0.0)
    return {
        **findings.figures,
        "stages": stages,
        "ratio": round(whole / (spent["read"] + spent["partition"]), 1),
        "ratio_of": unit,
        "aim": _AIM,
        "peak_mib": {"after_read": before, "after_detect": after},
    }


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--sellers", type=int, default=200_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--data", type=Path)
    arguments.add_argument("--server", action="store_true")
    chosen = arguments.parse_args()
    if chosen.server:
        with open_store(read_settings()) as store:
            print(json.dumps(measure(lambda: read_market(store), store), indent=2))
        return
    with TemporaryDirectory(prefix="graphsvc-detect-") as folder:
        work = multiprocessing.get_context("spawn").Process(
            target=prepare, args=(chosen.data, chosen.sellers, chosen.seed, Path(folder))
        )
        work.start()
        work.join()
        if work.exitcode:
            raise SystemExit(work.exitcode)
        print(json.dumps(measure(lambda: prepared(Path(folder)), None), indent=2))


if __name__ == "__main__":
    main()
