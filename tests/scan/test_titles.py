"""Title habits: what most titles of a store have, against the same said in plain Python."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from graphsvc.scan import titles

SCHEMA = {
    "seller": pl.String,
    "listing_id": pl.String,
    "brand": pl.String,
    "category": pl.String,
    "title": pl.String,
}
PIECES = ["正品", "Nike", "包邮", "★", "运动鞋", " ", "2016", "新款", "Ｎｅｗ", "ab", "-", "é"]
LISTING = st.fixed_dictionaries(
    {
        "seller": st.sampled_from(["a", "b", "c"]),
        "brand": st.sampled_from([None, "NIKE", "新"]),
        "category": st.sampled_from([None, "运动鞋"]),
        "title": st.one_of(st.none(), st.lists(st.sampled_from(PIECES), max_size=6).map("".join)),
    }
)


def found(rows: list[Any]) -> dict[str, set[str]]:
    listings = pl.DataFrame([{"listing_id": str(n), **row} for n, row in enumerate(rows)], schema=SCHEMA)
    out: dict[str, set[str]] = {}
    for seller, word in titles.words(listings.lazy()).collect().iter_rows():
        out.setdefault(seller, set()).add(word)
    return out


def tokens(title: str) -> set[str]:
    """Words, signs, and all pairs of Chinese characters in a row."""
    text = unicodedata.normalize("NFKC", title).lower()
    words: set[str] = set()
    for run in re.findall(r"[一-鿿]+|[^\W\d_一-鿿]+|[^\w\s]", text):
        if re.match(r"[一-鿿]", run):
            words |= {run[i : i + 2] for i in range(len(run) - 1)}
        elif not run[0].isalpha() or len(run) > 2:
            words.add(run)
    return words


def named(word: str, row: dict[str, Any]) -> bool:
    text = " ".join(str(row[c]) for c in ("brand", "category") if row[c]).lower()
    return bool(text) and (word in text or (len(word) == 2 and all(sign in text for sign in word)))


@settings(max_examples=200, deadline=None)
@given(st.lists(LISTING, max_size=15))
def test_habits_are_what_half_of_the_titles_have(rows: list[dict[str, Any]]) -> None:
    expected: dict[str, set[str]] = {}
    for seller in "abc":
        mine = [row for row in rows if row["seller"] == seller and row["title"]]
        said = [word for row in mine for word in tokens(row["title"]) if not named(word, row)]
        habit = {word for word in said if 2 * said.count(word) >= len(mine)}
        if habit:
            expected[seller] = habit
    assert found(rows) == expected


def test_many_titles_are_sampled_and_say_the_same() -> None:
    rows = [
        {
            "seller": "a",
            "brand": "x",
            "category": "鞋",
            "title": f"工厂直销 {'包邮' if n % 3 else '现货'} {n}",
        }
        for n in range(1_000)
    ]
    assert found(rows) == {"a": {"工厂", "厂直", "直销", "包邮"}}


def test_rare_words_come_first_and_few_are_kept() -> None:
    common = [(seller, "包邮") for seller in "abc"]
    rows = [("a", f"词{n}") for n in range(20)] + common
    habits = titles.habits(pl.DataFrame(rows, schema=titles.WORDS, orient="row"))
    assert habits["seller"].to_list() == ["a", "b", "c"]
    kept = habits["titleWords"][0].split(" ")
    assert len(kept) == 12
    assert "包邮" not in kept
    assert habits["titleWords"][1] == "包邮"


def test_no_titles_no_habits() -> None:
    nothing = titles.habits(titles.words(pl.LazyFrame(schema=SCHEMA)).collect())
    assert nothing.schema == {"seller": pl.String, "titleWords": pl.String}
    assert nothing.is_empty()
