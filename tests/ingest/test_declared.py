"""Which seller a row means."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from ingest.declared import KNOWN, SELLER, Declared, Resolved
from ingest.formats.batch import LINE
from ingest.sources import Format, Source

SOURCE = Source("notices", Path("notices.csv"), Format.CSV)


def known(*rows: tuple[str, str | None, str]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=KNOWN, orient="row")


def resolved(declared: Declared, *rows: tuple[str | None, str | None]) -> Resolved:
    frame = pl.DataFrame(rows, schema={"seller_id": pl.String, "marketplace": pl.String}, orient="row")
    return declared.resolve(
        frame.with_columns(pl.int_range(2, pl.len() + 2, dtype=pl.Int64).alias(LINE)), SOURCE
    )


def test_the_only_seller_with_an_id_is_meant_and_several_must_be_told_apart() -> None:
    declared = Declared()
    declared.add(known(("a", "tao", "tao:a"), ("a", "jd", "jd:a"), ("b", "tao", "tao:b"), ("c", None, "c")))
    result = resolved(
        declared, ("b", None), ("c", None), ("a", "jd"), ("a", None), ("b", "jd"), ("x", None), (None, None)
    )
    assert result.rows[SELLER].to_list() == ["tao:b", "c", "jd:a", None]
    assert result.rejects.select("line", "value", "reason").rows() == [
        (5, "a", "is a seller of several marketplaces (jd, tao): add the column marketplace"),
        (6, "b", "is not declared on marketplace jd: add it to the table sellers"),
        (7, "x", "is not declared: add it to the table sellers"),
    ]


def test_the_store_is_asked_for_what_the_data_set_does_not_declare_and_only_once() -> None:
    asked: list[list[str]] = []

    def lookup(ids: pl.Series) -> pl.DataFrame:
        asked.append(ids.to_list())
        stored = known(
            ("b", "jd", "jd:b"),
            ("y", "tao", "tao:y"),
            ("z", "tao", "tao:z"),
            ("z", "jd", "jd:z"),
            ("a", "x", "x:a"),
        )
        return stored.filter(pl.col("sellerId").is_in(ids.implode()))

    declared = Declared(lookup)
    declared.add(known(("a", "tao", "tao:a"), ("a", "jd", "jd:a"), ("b", "tao", "tao:b")))
    result = resolved(declared, ("b", None), ("y", None), ("z", None), ("a", None), ("z", "jd"))
    assert result.rows[SELLER].to_list() == ["tao:b", "tao:y", "jd:z"]
    assert result.rejects["line"].to_list() == [4, 5]
    assert "jd, tao" in result.rejects["reason"][0]
    again = resolved(declared, ("y", None), ("q", None))
    assert again.rows[SELLER].to_list() == ["tao:y"]
    assert asked == [["a", "y", "z"], ["q"]]


def test_without_any_seller_every_row_is_rejected() -> None:
    result = resolved(Declared(), ("a", None), ("b", "tao"))
    assert result.rows.is_empty()
    assert result.rejects.height == 2
