"""People's words bind a run, and nothing else falls apart because of them."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.rackets.constraints import Constraints, contradicted, kept_apart, start
from graphsvc.rackets.detect import detect
from graphsvc.rackets.findings import SUSPECT
from tests.rackets.markets import block, confirmed, make, strangers

PAIRS = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda pair: pair[0] != pair[1]), max_size=6
)


def pairs(found: list[tuple[int, int]]) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return np.array(found, dtype=np.int64).reshape(-1, 2)


@given(PAIRS, PAIRS)
def test_same_starts_together_unless_judged_different(
    same: list[tuple[int, int]], different: list[tuple[int, int]]
) -> None:
    labels = start(10, Constraints(pairs(same), pairs(different)))
    assert all(labels[a] != labels[b] for a, b in different)
    if not different:
        assert all(labels[a] == labels[b] for a, b in same)


@given(PAIRS, PAIRS)
def test_contradicted_is_what_same_alone_would_join(
    same: list[tuple[int, int]], different: list[tuple[int, int]]
) -> None:
    found = contradicted(10, Constraints(pairs(same), pairs(different)))
    group = {store: {store} for store in range(10)}
    for a, b in same:
        joined = group[a] | group[b]
        group.update(dict.fromkeys(joined, joined))
    assert found.tolist() == [[a, b] for a, b in different if b in group[a]]


@given(PAIRS, st.integers(1, 3))
def test_a_merge_never_joins_what_was_judged_different(different: list[tuple[int, int]], groups: int) -> None:
    before = np.arange(10, dtype=np.int64)
    ties = pl.DataFrame(
        {"a": list(range(9)), "b": [n + 1 for n in range(9)], "common": [1 / (n + 2) for n in range(9)]}
    )
    labels = kept_apart(before % groups, before, Constraints(pairs([]), pairs(different)), ties)
    assert all(labels[a] != labels[b] for a, b in different)


def test_the_cut_goes_through_the_weakest_tie() -> None:
    before = np.arange(4, dtype=np.int64)
    ties = pl.DataFrame({"a": [0, 1, 2], "b": [1, 2, 3], "common": [0.9, 0.1, 0.9]})
    labels = kept_apart(np.zeros(4, dtype=np.int64), before, Constraints(pairs([]), pairs([(0, 3)])), ties)
    assert labels.tolist() == [0, 0, 1, 1]


def test_groups_without_a_judged_pair_stay_as_they_are() -> None:
    merged = np.array([0, 0, 1, 1], dtype=np.int64)
    labels = kept_apart(merged, np.arange(4, dtype=np.int64), Constraints(pairs([]), pairs([(0, 1)])))
    assert labels[2] == labels[3]
    assert labels[0] != labels[1]


def test_who_was_judged_the_same_belongs_whatever_it_shares() -> None:
    """Three stores with confirmed fakes that share nothing known but are known to be one operation: a suspect group."""
    judged = [{"kind": "same", "a": "x1", "b": "x2"}, {"kind": "same", "a": "x2", "b": "x3"}]
    known = [f"x{n}" for n in (1, 2, 3)]
    bought = 2 * confirmed(known)
    found = detect(make({**block("a", 6), **strangers(60)}, alone=known, judgements=judged, test_buys=bought))
    members = found.members.filter(pl.col("seller").is_in(known))
    assert members["confidence"].to_list() == [0.97] * 3
    assert members["stability"].to_list() == [1.0] * 3
    assert members["apart"].to_list() == [0] * 3
    racket = found.rackets.filter(pl.col("racketId") == members["racketId"][0]).row(0, named=True)
    assert (racket["size"], racket["status"]) == (3, SUSPECT)


def test_words_that_contradict_each_other_are_named_and_the_stores_stay_apart() -> None:
    judged = [
        {"kind": "same", "a": "x1", "b": "x2"},
        {"kind": "same", "a": "x2", "b": "x3"},
        {"kind": "different", "a": "x1", "b": "x3"},
        {"kind": "different", "a": "x1", "b": "x4"},
    ]
    known = [f"x{n}" for n in (1, 2, 3, 4)]
    found = detect(make({**block("a", 6), **strangers(60)}, alone=known, judgements=judged))
    assert found.contradictions.rows() == [("x1", "x3")]
    group = dict(found.members.select("seller", "racketId").rows())
    assert group.get("x1", "none") != group.get("x3", "no other")
