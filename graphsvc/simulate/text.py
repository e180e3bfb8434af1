"""Column-wise text building shared by the renderers: choose, join, slip, widen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import polars as pl

from graphsvc.simulate.streams import Ints, Mask, Rng

WIDE = {**{str(d): chr(0xFF10 + d) for d in range(10)}, "(": "（", ")": "）", "-": "－", ",": "，", "#": "＃"}
HOMOPHONES = {
    "园": "圆",
    "华": "花",
    "新": "兴",
    "东": "冬",
    "和": "合",
    "建": "健",
    "城": "成",
    "阳": "洋",
    "福": "富",
    "明": "名",
}


def blank(size: int) -> pl.Series:
    """Return ``size`` empty strings."""
    return pl.Series([""], dtype=pl.String).new_from_index(0, size)


def choose(mask: Mask, yes: pl.Series, no: pl.Series | str | None = "") -> pl.Series:
    """Return ``yes`` where ``mask`` holds, else ``no``."""
    other = (
        pl.Series([no], dtype=pl.String).new_from_index(0, len(mask))
        if no is None or isinstance(no, str)
        else no
    )
    return yes.zip_with(pl.Series(mask), other)


def lookup(items: Sequence[str], index: Ints) -> pl.Series:
    """Return ``items`` at ``index`` (-1: empty)."""
    return pl.Series([*items, ""], dtype=pl.String).gather(np.where(index < 0, len(items), index))


def number(values: Ints) -> pl.Series:
    """Return whole numbers as text; negative ones as nothing."""
    return choose(values >= 0, pl.Series(values).cast(pl.String))


def join(*parts: pl.Series, separator: pl.Series | None = None) -> pl.Series:
    """Concatenate columns, with a separator between those that are not empty."""
    frame = pl.DataFrame({str(i): part for i, part in enumerate(parts)})
    if separator is None:
        return frame.select(pl.concat_str(pl.all()).alias("text")).to_series()
    frame = frame.with_columns(separator.alias("gap"))
    pieces = [
        pl.when(pl.col(str(i)) == "").then(pl.lit("")).otherwise(pl.concat_str(pl.col(str(i)), pl.col("gap")))
        for i in range(len(parts))
    ]
    return frame.select(pl.concat_str(pieces).str.strip_chars(" ,，").alias("text")).to_series()


def widen(text: pl.Series, mask: Mask) -> pl.Series:
    """Write digits and signs full-width where ``mask`` holds."""
    return _change(text, mask, lambda some: some.str.replace_many(list(WIDE), list(WIDE.values())))


def slip(rng: Rng, text: pl.Series, mask: Mask) -> pl.Series:
    """Make one typing slip where ``mask`` holds: a sign lost, swapped, doubled, or a like-sounding one."""

    def wrong(some: pl.Series) -> pl.Series:
        frame = pl.DataFrame({"t": some, "r": rng.random(len(some)), "k": rng.integers(0, 4, len(some))})
        t, p = pl.col("t"), pl.col("p")
        frame = frame.with_columns(
            p=(pl.col("r") * (t.str.len_chars().cast(pl.Int64) - 1).clip(0)).cast(pl.Int64)
        )
        head, one, two, tail = t.str.slice(0, p), t.str.slice(p, 1), t.str.slice(p + 1, 1), t.str.slice(p + 2)
        return frame.select(
            pl.when(t.str.len_chars() < 3)
            .then(t)
            .when(pl.col("k") == 0)
            .then(pl.concat_str(head, two, tail))
            .when(pl.col("k") == 1)
            .then(pl.concat_str(head, two, one, tail))
            .when(pl.col("k") == 2)
            .then(pl.concat_str(head, one, one, two, tail))
            .otherwise(t.str.replace_many(list(HOMOPHONES), list(HOMOPHONES.values())))
            .alias("t")
        ).to_series()

    return _change(text, mask, wrong)


def _change(text: pl.Series, mask: Mask, how: Callable[[pl.Series], pl.Series]) -> pl.Series:
    where = np.flatnonzero(mask)
    if len(where) == 0:
        return text
    place = np.arange(len(text))
    place[where] = len(text) + np.arange(len(where))
    return pl.concat([text.rename(""), how(text.gather(where)).rename("")]).gather(place)


def dates(days: Ints, origin: np.datetime64) -> pl.Series:
    """Return days relative to ``origin`` as dates."""
    return pl.Series(origin + days.astype("timedelta64[D]")).cast(pl.Date)


def dates_where(mask: Mask, days: Ints, origin: np.datetime64) -> pl.Series:
    """Return dates where ``mask`` holds and nothing elsewhere."""
    filled = dates(np.where(mask, days, 0), origin)
    return filled.zip_with(pl.Series(mask), pl.Series([None], dtype=pl.Date).new_from_index(0, len(days)))
