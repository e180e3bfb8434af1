"""How stores title their listings: the words that most titles of a store have, whatever it sells.

Whoever writes the listings of forty stores writes them one way: the same promises, the same signs, the same order of
words. A word here is a Latin word, a sign, or two Chinese characters in a row (Chinese does not part words, and
overlapping pairs find any phrase of two characters and more). The brand's and the category's own name say nothing.
"""

from __future__ import annotations

import polars as pl

WORDS = pl.Schema({"seller": pl.String, "word": pl.String})

_ENOUGH = 8
"""Titles of one store that are looked at, about: more say no more."""
_HABIT = 0.5
"""Share of a store's titles that a word must be in to be its habit."""
_MOST = 12
"""Words kept for a store."""
_WORD = r"\p{Han}{2}|[\p{L}--\p{Han}]{3,}|[^\p{L}\p{N}\p{M}\s]"
_SHIFTED = r"\p{Han}(\p{Han}+)"


def words(listings: pl.LazyFrame) -> pl.LazyFrame:
    """Return ``seller, word``: what at least half of the titles of a store have.

    Parameters
    ----------
    listings : LazyFrame
        ``seller, listing_id, brand, category, title``; all rows of a store, in any order.
    """
    titled = listings.filter(pl.col("title").str.len_bytes() > 0)
    step = titled.group_by("seller").agg((pl.len() // _ENOUGH).clip(1).alias("step"))
    some = (
        titled.join(step, on="seller")
        .filter(pl.col("listing_id").hash(seed=1) % pl.col("step") == 0)
        .select(
            "seller",
            pl.concat_str(_plain("brand"), _plain("category"), separator=" ", ignore_nulls=True).alias(
                "named"
            ),
            _plain("title"),
        )
    )
    seen = some.group_by("seller").agg(pl.len().alias("titles"))
    overlapping = pl.concat_list(
        pl.col("title").str.extract_all(_WORD),
        pl.col("title").str.replace_all(_SHIFTED, " $1").str.extract_all(r"\p{Han}{2}"),
    )
    return (
        some.select("seller", "named", overlapping.list.unique().alias("word"))
        .explode("word")
        .filter(~_named().fill_null(False))
        .group_by("seller", "word")
        .agg(pl.len().alias("times"))
        .join(seen, on="seller")
        .filter(pl.col("word").is_not_null() & (pl.col("times") >= _HABIT * pl.col("titles")))
        .select(WORDS.names())
    )


def habits(found: pl.DataFrame) -> pl.DataFrame:
    """Return ``seller, titleWords``: the words of each store with spaces between them, those few stores have first."""
    return (
        found.with_columns(pl.len().over("word").alias("stores"))
        .sort("seller", "stores", "word")
        .group_by("seller", maintain_order=True)
        .agg(pl.col("word").head(_MOST).str.join(" ").alias("titleWords"))
    )


def _named() -> pl.Expr:
    """Whether a word is of the name of brand or category, or lies across the edge of both."""
    named, word = pl.col("named"), pl.col("word")
    signs = [named.str.contains(word.str.slice(place, 1), literal=True) for place in (0, 1)]
    return named.str.contains(word, literal=True) | ((word.str.len_chars() == 2) & signs[0] & signs[1])


def _plain(column: str) -> pl.Expr:
    return pl.col(column).str.normalize("NFKC").str.to_lowercase()
