"""Helper processes: the same results in the same order, and failures that are told."""

from __future__ import annotations

import os

import polars as pl
import pytest

from graphsvc.model.errors import GraphsvcError
from ingest.normalise import bulk


def doubled(values: pl.DataFrame, plus: int) -> pl.DataFrame:
    return values.select(pl.col("value") * 2 + plus, process=pl.lit(os.getpid()))


def fragile(values: pl.DataFrame) -> pl.DataFrame:
    for value in values["value"]:
        if value == "die":
            os._exit(3)
        if value == "fail":
            raise ValueError("no such value")
    return values


def test_children_share_the_work_and_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MANY", 5)
    monkeypatch.setattr(bulk, "SOME", 4)
    monkeypatch.setattr(bulk, "_LEAST", 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    five, four, three = (pl.DataFrame({"value": range(height)}) for height in (5, 4, 3))
    with bulk.helpers(2):
        before = bulk.run(doubled, four, 1)
        first, second = bulk.run(doubled, five, 1), bulk.run(doubled, five, 1)
        after = bulk.run(doubled, four, 1)
        alone = bulk.run(doubled, three, 1)
    assert first["value"].equals(second["value"])
    assert first["value"].to_list() == [1, 3, 5, 7, 9]
    children = set(first["process"])
    assert len(children) == 2
    assert set(second["process"]) == children
    assert os.getpid() not in children
    assert set(before["process"]) == {os.getpid()}, "too few to start children for"
    assert set(after["process"]) == children, "enough for children that run"
    assert set(alone["process"]) == {os.getpid()}, "too few to be worth it"


@pytest.mark.parametrize(("value", "told"), [("fail", "ValueError: no such value"), ("die", "died")])
def test_a_failure_is_told(value: str, told: str) -> None:
    with pytest.raises(GraphsvcError, match=told):
        bulk.run(fragile, pl.DataFrame({"value": ["a", value]}), processes=2)


def test_rows_become_columns() -> None:
    schema = {"text": pl.String, "number": pl.Float64}
    assert bulk.columns([("a", 1.0), None], schema).rows() == [("a", 1.0), (None, None)]
    assert bulk.columns([], schema).schema == schema
