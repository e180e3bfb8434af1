"""How likely namesakes are: the expected number of strangers of one name, from the market's own names.

A three-character Chinese name is drawn, to a first approximation, from independent surname and given-name characters.
The frequencies are those of the market's own holders and registrants, so nothing has to be known of any country.
"""

from __future__ import annotations

import numpy as np
import polars as pl

_PERSON = r"^\p{Han}{2,4}$"


def expected_namesakes(names: pl.Series) -> pl.Series:
    """Return for each name how many other bearers are expected by chance; null where the name is no Han person's.

    Parameters
    ----------
    names : Series of str
        One name a person (distinct persons with one name appear once; repetition is what is to be explained).
    """
    frame = names.rename("name").to_frame().with_row_index("row")
    people = frame.filter(pl.col("name").str.contains(_PERSON).fill_null(False))
    if people.is_empty():
        return pl.Series("expected", [None] * names.len(), dtype=pl.Float64)
    parts = people.with_columns(
        pl.col("name").str.slice(0, 1).alias("surname"),
        pl.col("name").str.slice(1).alias("given"),
        pl.col("name").str.len_chars().alias("length"),
    )
    letters = parts.select("row", "length", pl.col("given").str.split("").alias("letter")).explode("letter")
    common = letters.group_by("letter").agg((pl.len() / letters.height).alias("p"))
    given = (
        letters.join(common, on="letter")
        .group_by("row")
        .agg(pl.col("p").log().sum().round(9).alias("log_given"))
    )
    surname = parts.group_by("surname").agg((pl.len() / parts.height).alias("p_surname"))
    length = parts.group_by("length").agg((pl.len() / parts.height).alias("p_length"))
    expected = (
        parts.join(surname, on="surname")
        .join(length, on="length")
        .join(given, on="row")
        .select(
            "row",
            (
                np.log(parts.height)
                + pl.col("p_surname").log()
                + pl.col("p_length").log()
                + pl.col("log_given")
            )
            .exp()
            .alias("expected"),
        )
    )
    return frame.join(expected, on="row", how="left").sort("row")["expected"]
