"""The same facts give the same run: whatever the order of rows, the hash seed of Python, the number of threads."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from graphsvc.model.market import Market
from graphsvc.rackets.detect import DetectOptions, detect, digest
from graphsvc.rackets.engines import engine
from graphsvc.rackets.findings import Findings
from tests.rackets.markets import shuffled

ROOT = Path(__file__).parents[2]
FRAMES = ("rackets", "members", "assessed", "relies_on")
IN_A_PROCESS = """
import sys
from dataclasses import fields
from pathlib import Path
import polars as pl
from graphsvc.model.market import Market
from graphsvc.rackets.detect import detect
from graphsvc.rackets.engines import engine
source, target = map(Path, sys.argv[1:3])
market = Market(**{f.name: pl.read_parquet(source / f"{f.name}.parquet") for f in fields(Market)})
for name in sys.argv[3:]:
    findings = detect(market, engine=engine(name))
    for frame in ("rackets", "members", "assessed", "relies_on"):
        getattr(findings, frame).write_parquet(target / f"{name}-{frame}.parquet")
    (target / f"{name}-digest").write_text(findings.digest)
"""


def assert_same(one: Findings, other: Findings) -> None:
    for name in FRAMES:
        assert_frame_equal(getattr(one, name), getattr(other, name), check_exact=True)
    assert (one.digest, one.figures) == (other.digest, other.figures)


@pytest.mark.parametrize("name", ["native", "louvain", "networkx"])
def test_the_order_of_rows_changes_nothing(simulated: Market, name: str) -> None:
    expected = detect(simulated, engine=engine(name))
    assert expected.rackets.height > 3
    for seed in (1, 2):
        assert_same(detect(shuffled(simulated, seed), engine=engine(name)), expected)


def test_neither_hash_seed_nor_threads_change_anything(simulated: Market, tmp_path: Path) -> None:
    source = tmp_path / "market"
    source.mkdir()
    for name, frame in vars(simulated).items():
        frame.write_parquet(source / f"{name}.parquet")
    engines = ("native", "louvain", "networkx")
    for seed, threads in (("0", "1"), ("4711", "3")):
        target = tmp_path / seed
        target.mkdir()
        environment = {
            **os.environ, "PYTHONHASHSEED": seed, "POLARS_MAX_THREADS": threads, "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        subprocess.run(
            [sys.executable, "-c", IN_A_PROCESS, str(source), str(target), *engines],
            env=environment,
            check=True,
        )
    for name in engines:
        here = detect(simulated, engine=engine(name))
        for seed in ("0", "4711"):
            assert (tmp_path / seed / f"{name}-digest").read_text() == here.digest
            for frame in FRAMES:
                there = pl.read_parquet(tmp_path / seed / f"{name}-{frame}.parquet")
                assert_frame_equal(there, getattr(here, frame), check_exact=True)


def test_names_of_stores_do_not_change_the_groups(simulated: Market) -> None:
    """Renaming all stores (and so their order) renames the members of groups and nothing else."""
    stores = simulated.sellers["seller"].sort()
    new = {old: f"{n:06d}-{old}" for n, old in enumerate(reversed(stores.to_list()))}

    def renamed(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.with_columns(pl.col("seller").replace(new)) if "seller" in frame.columns else frame

    market = Market(**{name: renamed(frame) for name, frame in vars(simulated).items()})
    before, after = detect(simulated), detect(market)
    pairs = [
        set(frame.group_by("racketId").agg(pl.col("seller").sort())["seller"].map_elements(tuple, pl.Object))
        for frame in (renamed(before.members), after.members)
    ]
    # Behaviour is learnt from samples drawn by the stores' order: in a market this small a tie on the edge of
    # being believed may fall to the other side.
    common = len(pairs[0] & pairs[1])
    assert common >= 0.75 * max(len(pairs[0]), len(pairs[1]))


def test_the_digest_tells_markets_apart(simulated: Market) -> None:
    other = replace(simulated, links=simulated.links.head(simulated.links.height - 1))
    assert digest(other) != digest(simulated)
    assert digest(shuffled(simulated, 3)) == digest(simulated)


def test_parameters_say_how_to_repeat_a_run(simulated: Market) -> None:
    findings = detect(simulated, DetectOptions(seed=9))
    assert findings.parameters["seed"] == 9
    assert findings.parameters["engine"] == "native"
    assert {"graphsvc", "polars", "graspologic-native"} <= findings.versions.keys()
