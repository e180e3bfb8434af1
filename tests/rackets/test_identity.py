"""Ids over time: whatever groups form, merge and split, ids are unique, kept where members are kept, and traced."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from graphsvc.rackets.findings import ASSESSED, MEMBERS, RACKETS, RELIES_ON, Findings
from graphsvc.rackets.identity import CONTINUES, MERGED, SPLIT, fresh_id, with_identity

NONE = pl.DataFrame(schema={"racketId": pl.String, "seller": pl.String, "role": pl.String})
Groups = Sequence[Sequence[str]]


def findings(groups: Groups, prefix: str = "g") -> Findings:
    """A run that found these groups, all stores core."""
    named = {f"{prefix}{n}": members for n, members in enumerate(groups)}
    ranked = [{"racketId": k, "rank": n, "size": len(v)} for n, (k, v) in enumerate(named.items(), 1)]
    return Findings(
        pl.DataFrame(ranked, RACKETS),
        pl.DataFrame([{"racketId": k, "seller": s, "role": "core"} for k, v in named.items() for s in v], MEMBERS),
        pl.DataFrame(schema=ASSESSED),
        pl.DataFrame([{"racketId": k, "identifier": f"i-{k}"} for k in named], RELIES_ON),
    )  # fmt: skip


def after(groups: Groups, earlier: Findings | None = None, prefix: str = "g") -> Findings:
    """The run with lasting ids."""
    before = earlier.members.select("racketId", "seller", "role") if earlier is not None else NONE
    return with_identity(findings(groups, prefix), before)


def ids(run: Findings) -> dict[frozenset[str], str]:
    """Members to id."""
    return {
        frozenset(part["seller"].to_list()): str(name)
        for (name,), part in run.members.group_by("racketId", maintain_order=True)
    }


def lineage(run: Findings) -> set[tuple[str, str, str]]:
    """``(new, old, kind)``."""
    return set(run.lineage.select("racketId", "earlier", "kind").iter_rows())


@st.composite
def groupings(draw: st.DrawFn) -> list[list[str]]:
    """Some of 14 stores, in groups of two or more."""
    labels = draw(st.lists(st.integers(0, 5), min_size=14, max_size=14))
    parts: dict[int, list[str]] = {}
    for store, label in enumerate(labels):
        parts.setdefault(label, []).append(f"s{store:02d}")
    return [members for label, members in sorted(parts.items()) if label and len(members) > 1]


@given(groupings(), groupings(), groupings())
def test_ids_are_unique_in_every_run_and_all_frames_use_them(one: Groups, two: Groups, three: Groups) -> None:
    run: Findings | None = None
    for groups in (one, two, three):
        earlier, run = run, after(groups, run)
        names = set(run.rackets["racketId"])
        assert len(names) == len(groups)
        assert set(run.members["racketId"]) == names
        assert set(run.relies_on["racketId"]) == names
        assert run.rackets["size"].to_list() == [len(g) for g in groups], "the ranking stays"
        assert set(run.lineage["racketId"]) <= names
        known = set(earlier.members["racketId"]) if earlier else set()
        assert set(run.lineage["earlier"]) <= known
        for new, old, kind in lineage(run):
            assert (new == old) == (kind == CONTINUES)
        continued = {new for new, _, kind in lineage(run) if kind == CONTINUES}
        assert continued == names & known, "an id is kept by continuation only"


@given(groupings(), groupings())
def test_the_same_groups_again_keep_their_ids(one: Groups, two: Groups) -> None:
    before = after(two, after(one))
    again = after(list(reversed(two)), before, prefix="other")
    assert ids(again) == ids(before)
    assert lineage(again) == {(name, name, CONTINUES) for name in ids(before).values()}


@given(groupings(), groupings())
def test_neither_local_names_nor_order_matter(one: Groups, two: Groups) -> None:
    before = after(one)
    mixed = [list(reversed(group)) for group in reversed(two)]
    assert ids(after(two, before)) == ids(after(mixed, before, prefix="z"))
    assert lineage(after(two, before)) == lineage(after(mixed, before, prefix="z"))


@given(groupings(), groupings())
def test_every_earlier_group_that_mostly_survives_is_traced(one: Groups, two: Groups) -> None:
    before = after(one)
    now = after(two, before)
    traced = {old for _, old, _ in lineage(now)}
    for members, name in ids(before).items():
        if any(
            len(members & set(group)) * 2 > len(members) and len(members & set(group)) > 1 for group in two
        ):
            assert name in traced


def test_a_merge_keeps_the_larger_core_s_id_and_records_the_other() -> None:
    before = after([["a", "b", "c", "d"], ["x", "y", "z"]])
    big, small = ids(before)[frozenset("abcd")], ids(before)[frozenset("xyz")]
    now = after([list("abcdxyz")], before)
    assert set(ids(now).values()) == {big}
    assert lineage(now) == {(big, big, CONTINUES), (big, small, MERGED)}
    assert dict(now.lineage.select("earlier", "shared").iter_rows()) == {big: 4, small: 3}


def test_a_split_keeps_the_id_with_the_larger_part_and_records_the_other() -> None:
    before = after([list("abcdefg")])
    (old,) = ids(before).values()
    now = after([list("abcd"), list("efg")], before)
    named = ids(now)
    assert named[frozenset("abcd")] == old
    child = named[frozenset("efg")]
    assert lineage(now) == {(old, old, CONTINUES), (child, old, SPLIT)}


def test_the_core_decides_between_parts_of_one_size() -> None:
    before = NONE.vstack(
        pl.DataFrame(
            [("R-1", s, "core" if s in "ef" else "attached") for s in "abcdef"],
            schema=NONE.schema,
            orient="row",
        )
    )
    assert ids(with_identity(findings([list("abc"), list("def")]), before))[frozenset("def")] == "R-1"


def test_a_racket_that_was_raided_is_still_itself() -> None:
    before = after([list("abcdefgh")])
    assert set(ids(after([list("ab")], before)).values()) == set(ids(before).values())


def test_one_store_in_common_is_no_lineage() -> None:
    before = after([list("abcd")])
    now = after([["a", "q", "r", "s", "t"]], before)
    assert lineage(now) == set()
    assert not set(ids(now).values()) & set(ids(before).values())


def test_a_run_that_found_nothing() -> None:
    assert after([]).lineage.is_empty()
    now = after([], after([list("abc")]))
    assert now.rackets.is_empty()
    assert now.lineage.is_empty()


@given(st.lists(st.text("abcdefgh:0", min_size=1), min_size=1, unique=True))
def test_fresh_ids_forget_the_order(sellers: list[str]) -> None:
    assert fresh_id(sellers) == fresh_id(sorted(sellers, reverse=True))
    assert fresh_id(sellers) != fresh_id([*sellers, "one more"])


def test_a_new_group_never_takes_the_id_of_an_earlier_one() -> None:
    """A group that moved on keeps its id; its first members, grouped again, get another."""
    first = after([list("ab")])
    (old,) = ids(first).values()
    grown = after([list("abcdefgh")], first)
    assert set(ids(grown).values()) == {old}
    apart = ids(after([list("cdefgh"), list("ab")], grown))
    assert apart[frozenset("cdefgh")] == old
    assert apart[frozenset("ab")] != old
