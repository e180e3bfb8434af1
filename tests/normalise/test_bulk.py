"""Helper processes: the same results in the same order, and failures that are told."""

from __future__ import annotations

import os

import pytest

from graphsvc.model.errors import GraphsvcError
from ingest.normalise import bulk


def doubled(values: list[int], plus: int) -> list[list[int]]:
    return [[2 * value + plus, os.getpid()] for value in values]


def fragile(values: list[str]) -> list[str]:
    for value in values:
        if value == "die":
            os._exit(3)
        if value == "fail":
            raise ValueError("no such value")
    return values


def test_children_share_the_work_and_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MANY", 4)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    with bulk.helpers(2):
        first, second = bulk.run(doubled, [*range(5)], 1), bulk.run(doubled, [*range(5)], 1)
        alone = bulk.run(doubled, [*range(3)], 1)
    assert first == second
    assert [value for value, _ in first] == [1, 3, 5, 7, 9]
    children = {process for _, process in first}
    assert len(children) == 2
    assert os.getpid() not in children
    assert {process for _, process in alone} == {os.getpid()}, "too few to be worth it"


@pytest.mark.parametrize(("value", "told"), [("fail", "ValueError: no such value"), ("die", "died")])
def test_a_failure_is_told(value: str, told: str) -> None:
    with pytest.raises(GraphsvcError, match=told):
        bulk.run(fragile, ["a", value], processes=2)
