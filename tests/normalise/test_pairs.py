from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.normalise import account, address, name
from ingest.normalise.comparison import Comparison

COMPARE: dict[str, Callable[[str, str], Comparison]] = {
    "address": address.compare,
    "account": account.compare,
    "name": name.compare,
}
with Path(__file__).with_name("pairs.csv").open(encoding="utf-8", newline="") as _file:
    PAIRS = [(row["what"], row["expected"], row["a"], row["b"]) for row in csv.DictReader(_file)]


def test_there_are_enough_pairs_of_each_side() -> None:
    assert len(PAIRS) >= 120
    assert {expected for _, expected, _, _ in PAIRS} == {"same", "different", "uncertain"}


@pytest.mark.parametrize(("what", "expected", "a", "b"), PAIRS)
def test_a_pair_falls_on_its_side(what: str, expected: str, a: str, b: str) -> None:
    found = COMPARE[what](a, b)
    low, high = {"same": (0.9, 1.0), "different": (0.0, 0.1), "uncertain": (0.02, 0.979)}[expected]
    assert low <= found.probability <= high, found.reasons
    assert found == COMPARE[what](b, a)
    assert found.reasons
