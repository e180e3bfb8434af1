"""Compare loading with the plain ways to do it: over Bolt with a MERGE loop, offline with the bare importer.

    python benchmarks/load.py incremental [--sellers 20000] [--rows 60000]
    python benchmarks/load.py full [--sellers 1000000] [--data FOLDER]

Prints JSON with seconds, rates and the ratio that counts. Each ratio is of two measurements of one run, on
local servers in a temporary home; ``--data`` uses tables that are there instead of simulating a market.

incremental: relationships a second of ``ingest.load`` (nodes with all properties included) over those of an
``UNWIND … MERGE`` loop that merges two bare nodes and one relationship a row, both into an empty store.
full: speed of everything ``graphsvc ingest --full`` does, reading to restart, over that of the importer
alone.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import neo4j
import platformdirs

from graphsvc.model.graph import Label, Rel
from graphsvc.model.progress import Advance
from graphsvc.scan.kernel import scan
from graphsvc.simulate import SimulationOptions, write_market
from graphsvc.store import schema
from graphsvc.store.driver import Store
from graphsvc.store.local import LocalConfig, LocalNeo4j
from ingest.frames import Kind
from ingest.full import importer_files, load_full
from ingest.load import BATCH, load
from ingest.stage import stage
from ingest.staged import Staged

KEY = b"benchmark of loading"
MERGE = (
    "UNWIND $rows AS row MERGE (a:{kind.start} {{id: row.start}}) MERGE (b:{kind.end} {{id: row.end}}) "
    "MERGE (a)-[r:{kind.type} {{id: row.id}}]->(b) SET r += row.properties"
)


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
    found = stage([data], work, KEY, progress=clock, similar=similar)
    if "listings" in found.counts:
        with clock.step("Scanning listings"):
            authorised = found.relationships(Kind(Rel.AUTHORISES, Label.BRAND, Label.SELLER))
            found.with_scan(scan(found.listings, authorised=authorised.select(seller="end", brand="start")))
    return found


def merge_loop(found: Staged, store: Store, limit: int) -> tuple[int, float]:
    """Load up to ``limit`` relationships, in proportion to their kinds, the plain way; return rows and
    seconds."""
    total = sum(found.height(kind) for kind in found.kinds)
    loaded, seconds = 0, 0.0
    address = store.address
    with neo4j.GraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver:
        for kind in found.kinds:
            rows = found.relationships(kind)
            rows = rows.head(max(1, rows.height * limit // total))
            began = time.perf_counter()
            for part in rows.iter_slices(BATCH):
                said = part.drop("start", "end").to_dicts()
                ends = part.select("start", "end", "id").to_dicts()
                batch = [end | {"properties": one} for end, one in zip(ends, said, strict=True)]
                driver.execute_query(MERGE.format(kind=kind), {"rows": batch})
            seconds += time.perf_counter() - began
            loaded += rows.height
    return loaded, seconds


def incremental(data: Path, folder: Path, clock: Clock, limit: int) -> dict[str, object]:
    """Measure loading over Bolt."""
    found = staged(data, folder / "work", clock, similar=False)
    rates = {}
    for way in ("merge loop", "load"):
        local = server(folder / way.replace(" ", "-"))
        try:
            with Store(local.start(clock).address) as store:
                schema.apply(store)
                if way == "load":
                    found.merge(clock)
                    began = time.perf_counter()
                    load(found, store)
                    seconds, rows = (
                        time.perf_counter() - began,
                        sum(found.height(kind) for kind in found.kinds),
                    )
                else:
                    rows, seconds = merge_loop(found, store, limit)
        finally:
            local.stop()
        rates[way] = rows / seconds
    return {
        "relationships_per_second": {way: round(rate) for way, rate in rates.items()},
        "ratio": round(rates["load"] / rates["merge loop"], 2),
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
    parser.add_argument("--rows", type=int, default=60_000, help="relationships given to the MERGE loop")
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
            result = incremental(data, Path(folder), clock, given.rows)
    print(json.dumps({"benchmark": f"load {given.what}", **result, "steps": clock.seconds}, indent=2))


if __name__ == "__main__":
    main()
