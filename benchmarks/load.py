"""Compare loading with the plain ways to do it: over Bolt with a MERGE loop, offline with the bare importer.

    python benchmarks/load.py incremental [--sellers 20000] [--data FOLDER]
    python benchmarks/load.py full [--sellers 1000000] [--data FOLDER] [--similar]

Prints JSON with seconds and the ratios that count. Each ratio is of two measurements of one run, on local servers in
a temporary home; ``--data`` uses tables that are there instead of simulating a market.

incremental: ``ingest.load`` against an ``UNWIND … MERGE`` loop that brings the same prepared rows, every node and
relationship once with all its properties, into the same graph: nodes by one MERGE a row, relationships by two of
their ends and one of their own. Both are measured three times in a row: nine tenths of the stores into an empty
store; then the whole tables, of which a tenth is new (the ``ratio``: what an incremental load is); then the same
again. Each step is taken by both ways in turn, and all of that twice: the first time only warms the servers up.
full: speed of everything ``graphsvc ingest --full`` does, reading to restart, over that of the importer alone;
``--similar`` compares spellings as well, as the command does unless told not to.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import neo4j
import platformdirs
import polars as pl
from neo4j.spatial import WGS84Point

from graphsvc.loading import scanned
from graphsvc.model.graph import Label, Rel
from graphsvc.model.progress import Advance
from graphsvc.simulate import SimulationOptions, write_market
from graphsvc.store import schema
from graphsvc.store.driver import Store
from graphsvc.store.local import LocalConfig, LocalNeo4j
from ingest.frames import POINT
from ingest.full import importer_files, load_full
from ingest.load import BATCH, load
from ingest.stage import stage
from ingest.staged import Staged

KEY = b"benchmark of loading"
NODE = "UNWIND $rows AS row MERGE (n:{label} {{id: row.id}}) SET n += row"
RELATIONSHIP = (
    "UNWIND $rows AS row MERGE (a:{kind.start} {{id: row.start}}) MERGE (b:{kind.end} {{id: row.end}}) "
    "MERGE (a)-[r:{kind.type} {{id: row.id}}]->(b) SET r += row.properties"
)
EMPTY = (
    "MATCH ()-[r]->() CALL (r) { DELETE r } IN TRANSACTIONS OF 20000 ROWS",
    "MATCH (n) CALL (n) { DELETE n } IN TRANSACTIONS OF 20000 ROWS",
)
STEPS = ("nine tenths into an empty store", "a tenth new", "the same again")


class Clock:
    """Keeps the seconds of every step, and tells them on standard error as they end."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, what: str, total: int | None = None) -> Iterator[Advance]:
        """Time one step."""
        began = time.perf_counter()
        yield lambda units: None
        self.seconds[what] = round(self.seconds.get(what, 0.0) + time.perf_counter() - began, 2)
        print(f"{what}: {self.seconds[what]} s", file=sys.stderr)


def server(home: Path) -> LocalNeo4j:
    """Return a local Neo4j of its own, not yet started."""
    cache = Path(platformdirs.user_cache_dir("graphsvc"))
    return LocalNeo4j(LocalConfig(home, cache, bolt_port=0, http_port=0, heap="3g", pagecache="2g"))


def staged(data: Path, work: Path, clock: Clock, similar: bool) -> Staged:
    """Read, validate, normalise and scan."""
    return scanned(stage([data], work, KEY, progress=clock, similar=similar), clock)


def maps(rows: pl.DataFrame, load_id: str) -> list[dict[str, Any]]:
    """Return rows as property maps, as one would write them down."""
    places = [name for name, kind in rows.schema.items() if kind == POINT]
    found = [{name: value for name, value in row.items() if value is not None} for row in rows.to_dicts()]
    for row in found:
        row["loadId"] = load_id
        for name in places:
            if name in row:
                row[name] = WGS84Point((row[name]["longitude"], row[name]["latitude"]))
    return found


def merge_loop(found: Staged, store: Store) -> None:
    """Load the plain way."""
    address = store.address
    with neo4j.GraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver:
        for label in found.labels:
            for rows in found.iter_nodes(label):
                for part in rows.iter_slices(BATCH):
                    driver.execute_query(NODE.format(label=label), {"rows": maps(part, found.load_id)})
        for kind in found.kinds:
            for rows in found.iter_relationships(kind):
                for part in rows.iter_slices(BATCH):
                    said = maps(part.drop("start", "end"), found.load_id)
                    ends = part.select("start", "end", "id").to_dicts()
                    batch = [end | {"properties": one} for end, one in zip(ends, said, strict=True)]
                    driver.execute_query(RELATIONSHIP.format(kind=kind), {"rows": batch})


def without_tenth(data: Path, folder: Path) -> Path:
    """Write the tables again, without the rows of every tenth store."""
    folder.mkdir()
    for table in data.glob("*.csv"):
        rows = pl.read_csv(table, infer_schema=False)
        if "seller_id" in rows.columns:
            # ids end in a number
            rows = rows.filter(~pl.col("seller_id").fill_null("").str.ends_with("7"))
        rows.write_csv(folder / table.name)
    return folder


def counted(store: Store) -> tuple[int, int]:
    """Return how many nodes (but Load nodes) and relationships a store holds."""
    labels = (label for label in Label if label is not Label.LOAD)
    nodes = sum(store.read("load/count_nodes", {"LABEL": label})[0]["count"] for label in labels)
    return nodes, sum(store.read("load/count_relationships", {"TYPE": rel})[0]["count"] for rel in Rel)


@contextmanager
def fresh(home: Path, clock: Clock) -> Iterator[Store]:
    """Run an empty server of its own."""
    local = server(home)
    try:
        with Store(local.start(clock).address) as store:
            schema.apply(store)
            yield store
    finally:
        local.stop()


def incremental(data: Path, folder: Path, clock: Clock) -> dict[str, object]:
    """Measure loading over Bolt."""
    most = staged(without_tenth(data, folder / "most"), folder / "work-most", clock, similar=False)
    whole = staged(data, folder / "work", clock, similar=False)
    most.merge(clock)
    entities = whole.merge(clock)
    seconds: dict[str, dict[str, float]] = {}
    ways: dict[str, Callable[[Staged, Store], object]] = {"merge loop": merge_loop, "load": load}
    with ExitStack() as stack:
        stores = {way: stack.enter_context(fresh(folder / way.replace(" ", "-"), clock)) for way in ways}
        for _ in range(2):
            for store in stores.values():
                for statement in EMPTY:
                    store.run_schema(statement)
            for step, found in zip(STEPS, (most, whole, whole), strict=True):
                for way, bring in ways.items():
                    began = time.perf_counter()
                    bring(found, stores[way])
                    seconds.setdefault(step, {})[way] = round(time.perf_counter() - began, 2)
        graphs = {counted(store) for store in stores.values()}
    if len(graphs) > 1:
        raise SystemExit(f"the two ways made different graphs: {graphs}")
    ratios = {step: round(taken["merge loop"] / taken["load"], 2) for step, taken in seconds.items()}
    return {
        "nodes_and_relationships": entities,
        "seconds": seconds,
        "ratios": ratios,
        "ratio": ratios["a tenth new"],
    }


def full(data: Path, folder: Path, clock: Clock, similar: bool) -> dict[str, object]:
    """Measure the first bulk load."""
    began = time.perf_counter()
    found = staged(data, folder / "work", clock, similar)
    local = server(folder / "full")
    load_full(found, local, clock)
    local.start(clock)
    whole = time.perf_counter() - began
    local.stop()
    files = importer_files(found, folder / "prepared")
    command = server(folder / "bare").import_command(*files)
    began = time.perf_counter()
    subprocess.run(
        command.arguments,
        env=dict(command.environment),
        cwd=command.folder,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    bare = time.perf_counter() - began
    return {
        "nodes": sum(found.height(label) for label in found.labels),
        "relationships": sum(found.height(kind) for kind in found.kinds),
        "seconds": {"full": round(whole, 1), "bare importer": round(bare, 1)},
        "ratio": round(bare / whole, 3),
    }


def main() -> None:
    """Measure what is asked for and print JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("incremental", "full"))
    parser.add_argument("--sellers", type=int)
    parser.add_argument("--data", type=Path, help="tables to load instead of a simulated market")
    parser.add_argument("--similar", action="store_true", help="compare spellings as well (full)")
    given = parser.parse_args()
    clock = Clock()
    with tempfile.TemporaryDirectory(prefix="graphsvc-benchmark-") as folder:
        data = given.data or Path(folder) / "data"
        if given.data is None:
            sellers = given.sellers or (1_000_000 if given.what == "full" else 20_000)
            with clock.step(f"Simulating {sellers:,} sellers"):
                write_market(data, SimulationOptions(sellers=sellers, seed=1))
        if given.what == "full":
            result = full(data, Path(folder), clock, given.similar)
        else:
            result = incremental(data, Path(folder), clock)
    print(json.dumps({"benchmark": f"load {given.what}", **result, "steps": clock.seconds}, indent=2))


if __name__ == "__main__":
    main()
