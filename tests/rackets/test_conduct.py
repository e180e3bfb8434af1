"""What a market's own suspect groups teach about the others."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from graphsvc.rackets.conduct import TRAITS, conduct_log_odds, traits
from tests.rackets.markets import make


def market(rotation: list[float | None]) -> pl.DataFrame:
    """Return traits of stores s000, s001, … of which nothing but the rotation is known."""
    names = [f"s{place:03}" for place in range(len(rotation))]
    frame = pl.DataFrame({"seller": names, "rotation": rotation}, schema_overrides={"rotation": pl.Float64})
    return frame.with_columns(pl.lit(None, pl.Float64).alias(name) for name in TRAITS[1:])


def suspects(count: int, of: int) -> pl.DataFrame:
    return pl.DataFrame(
        {"seller": [f"s{place:03}" for place in range(of)], "p": [0.95] * count + [0.05] * (of - count)}
    )


def test_stores_that_change_accounts_as_suspects_do_are_suspected() -> None:
    quick, slow = [20.0 + place % 10 for place in range(40)], [300.0 + place for place in range(160)]
    frame = market([*quick, *slow, 22.0, 400.0])
    odds = conduct_log_odds(frame, suspects(40, 200))["odds"].to_list()
    assert odds[200] > 0.3
    assert odds[201] < 0.0


def test_what_is_unknown_says_nothing() -> None:
    frame = market([20.0] * 40 + [300.0] * 160 + [None])
    assert conduct_log_odds(frame, suspects(40, 200))["odds"][200] == 0.0


def test_a_trait_that_nobody_has_says_nothing() -> None:
    assert conduct_log_odds(market([None] * 50), suspects(10, 50))["odds"].unique().to_list() == [0.0]


def test_where_suspects_are_like_the_others_it_says_nothing() -> None:
    frame = market([float(10 + place % 4) for place in range(200)])
    assert conduct_log_odds(frame, suspects(100, 200))["odds"].abs().max() < 0.05  # type: ignore[operator]


def test_no_groups_at_all() -> None:
    none = pl.DataFrame(schema={"seller": pl.String, "p": pl.Float64})
    assert conduct_log_odds(market([1.0, 2.0]), none)["odds"].to_list() == [0.0, 0.0]


def test_accounts_in_other_peoples_names() -> None:
    uses = {
        "person:li": ["a"],
        "person:wu": ["b"],
        "account:1": ["a", "b"],
        "account:2": ["a"],
        "account:3": ["b", "c"],
    }
    of = make(uses, alone=["d"])
    held = pl.col("identifier").replace_strict(
        {"account:1": "person:li", "account:2": "person:li", "account:3": "person:xu"}, default=None
    )
    of = replace(of, identifiers=of.identifiers.with_columns(held.alias("holder")))
    known = traits(of).select("seller", "accounts", "holders", "own_name")
    assert known.rows() == [
        ("a", 2.0, 1.0, 1.0),
        ("b", 2.0, 2.0, 0.0),
        ("c", 1.0, 1.0, 0.0),
        ("d", None, None, None),
    ]
