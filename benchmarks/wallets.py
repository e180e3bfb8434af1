"""Measure ingest and detection on real wallets with reviewed groups.

    python benchmarks/wallets.py FOLDER [--baselines components-50,leiden-cpm]

Prints JSON: seconds by the clock and of processor time of reading the tables and of detecting, peak memory of
the process (MiB), and the figures against the reviewed groups (see ``graphsvc.evaluate.wallets`` for what
they mean). ``components-50-services`` is capped components with the known services kept.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from graphsvc.evaluate import ours
from graphsvc.evaluate.baselines import baselines, connected
from graphsvc.evaluate.report import OURS
from graphsvc.evaluate.runner import Detector
from graphsvc.evaluate.simulated import read_market
from graphsvc.evaluate.wallets import ceiling, labels, measure
from graphsvc.model.market import Market

T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[T, dict[str, float]]:
    """Do the work; return what it made, and how long it took."""
    clock, processor = time.perf_counter(), time.process_time()
    made = work()
    took = {"seconds": time.perf_counter() - clock, "processor_seconds": time.process_time() - processor}
    return made, {name: round(value, 2) for name, value in took.items()}


def peak() -> float:
    """Return the largest resident size of this process so far, in MiB."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def read(folder: Path) -> Market:
    """Read the tables as ``graphsvc ingest`` does, up to what detection needs."""
    with TemporaryDirectory(prefix="graphsvc-wallets-") as work:
        return read_market([folder], Path(work) / "staged")


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--baselines", default="", help="names with commas between them")
    arguments.add_argument("--no-detect", action="store_true", help="leave our own detection out")
    chosen = arguments.parse_args()
    known: Mapping[str, Detector] = {
        **baselines(),
        "components-50-services": partial(connected, cap=50, keep_services=True),
    }
    groups, sellers = labels(chosen.folder)
    market, took = timed(lambda: read(chosen.folder))
    out: dict[str, Any] = {
        "stores": market.sellers.height,
        "links": market.links.height,
        "ingest": {**took, "peak_mib": peak()},
        "detectors": {},
    }
    wanted = {} if chosen.no_detect else {OURS: ours.detect}
    for name, detector in {**wanted, **{n: known[n] for n in chosen.baselines.split(",") if n}}.items():
        prediction, took = timed(partial(detector, market))
        figures = asdict(measure(prediction, groups, sellers))
        out["detectors"][name] = {**took, "peak_mib": peak(), **figures}
    out["told_the_groups"] = asdict(measure(ceiling(market, groups), groups, sellers))
    print(json.dumps(out, indent=2))


if __name__ == "__main__":
    main()
