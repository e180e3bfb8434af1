"""The contract, value by value."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from ingest.formats.batch import LINE, Batch
from ingest.rejects import Fault
from ingest.sources import Format, Source
from ingest.validate import Validated, validate


def checked(table: str, faults: tuple[Fault, ...] = (), **columns: list[str | None]) -> Validated:
    frame = pl.DataFrame({name: pl.Series(values, dtype=pl.String) for name, values in columns.items()})
    frame = frame.with_columns(pl.int_range(2, pl.len() + 2, dtype=pl.Int64).alias(LINE))
    return validate(Batch(frame, faults, 0), Source(table, Path(f"{table}.csv"), Format.CSV))


def test_text_is_trimmed_and_empty_is_unknown() -> None:
    rows = checked(
        "sellers", seller_id=[" a\u3000"], store_name=["  "], url=["x\ty\r\nz"], email=["e\x00@x"]
    ).rows
    assert rows.select("seller_id", "store_name", "url", "email").row(0) == ("a", None, "x y z", "e@x")


_LEAP_DAY = dt.date(2016, 2, 29)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2016-02-29", _LEAP_DAY),
        ("20160229", _LEAP_DAY),
        ("2016-02-29T23:59:59Z", _LEAP_DAY),
        ("2016-02-29 08:00:00.123+08:00", _LEAP_DAY),
        ("2015-02-29", None),
        ("29/02/2016", None),
        ("2016-13-01", None),
        ("2016-02-29T", None),
        ("soon", None),
    ],
)
def test_dates(text: str, date: dt.date | None) -> None:
    result = checked("sellers", seller_id=["a"], opened_on=[text])
    if date:
        assert result.rows["opened_on"].to_list() == [date]
    else:
        assert result.rejects.select("column", "value", "reason").row(0) == (
            "opened_on",
            text,
            "is not a date (ISO 8601: YYYY-MM-DD)",
        )
        assert result.rows.is_empty()


_NO_NUMBER = "is not a number"


@pytest.mark.parametrize(
    ("text", "price", "reason"),
    [
        ("12.5", 12.5, None),
        ("1e2", 100.0, None),
        ("１２", 12.0, None),
        ("+3", 3.0, None),
        ("-1", None, "is below 0"),
        ("nan", None, _NO_NUMBER),
        ("inf", None, _NO_NUMBER),
        ("1e999", None, _NO_NUMBER),
        ("1,299.00", None, _NO_NUMBER),
        ("12元", None, _NO_NUMBER),
        ("", None, "is missing"),
    ],
)
def test_prices(text: str, price: float | None, reason: str | None) -> None:
    result = checked("listings", listing_id=["l"], seller_id=["a"], unit_price=[text])
    assert result.rows["unit_price"].to_list() == ([] if price is None else [price])
    if reason:
        table, file, line, column, value, why = result.rejects.row(0)
        assert (table, file, line, column, value) == ("listings", "listings.csv", 2, "unit_price", text)
        assert why.startswith(reason)


@pytest.mark.parametrize(
    ("text", "count"),
    [("7", 7), ("7.0", 7), ("007", 7), ("7.5", None), ("9223372036854775808", None), ("-1", None)],
)
def test_counts(text: str, count: int | None) -> None:
    result = checked("listings", listing_id=["l"], seller_id=["a"], unit_price=["1"], units_sold_30d=[text])
    assert result.rows["units_sold_30d"].to_list() == ([] if count is None else [count])
    assert result.rejects.height == (count is None)


def test_choices_ignore_case_and_say_what_there_is() -> None:
    result = checked("sellers", seller_id=["a", "b"], status=["Active", "gone"])
    assert result.rows["status"].to_list() == ["active"]
    assert result.rejects["reason"].to_list() == ["is none of active, closed, removed"]


def test_a_row_with_two_bad_values_is_gone_and_both_are_told() -> None:
    result = checked("sellers", seller_id=["a\x00", "b"], status=["gone", None], opened_on=["x", None])
    assert result.rows["seller_id"].to_list() == ["b"]
    assert sorted(result.rejects["column"].to_list()) == ["opened_on", "seller_id", "status"]


def test_what_is_too_long_for_the_stores_indexes_is_rejected() -> None:
    result = checked("sellers", seller_id=["x" * 2_001, "甲" * 2_000])
    assert result.rows.height == 1
    assert result.rejects["reason"].to_list() == ["is longer than 2,000 characters"]
    assert len(result.rejects["value"][0]) < 300


def test_unknown_columns_are_kept_as_json_in_one_order() -> None:
    result = checked("sellers", seller_id=["a", "b"], zeta=["1", ""], alpha=["ä", None])
    assert result.unknown == ("zeta", "alpha")
    assert result.rows["extra"].to_list() == ['{"alpha":"ä","zeta":"1"}', None]


def test_account_numbers_are_masked_wherever_rows_are_shown() -> None:
    faults = (Fault(9, "", "s1,bank,6222021001009999", "has 3 fields, the header has 4"),)
    result = checked(
        "payment_accounts",
        faults,
        seller_id=["a", "b"],
        kind=["bank", "gold"],
        account_no=["x" * 3_000 + "6789", "6222021001009999"],
        memo=["", "to 6222021001009999"],
    )
    assert result.rows.is_empty()
    assert "6222021001009999" not in result.rejects.write_csv()
    assert result.rejects.filter(column="account_no")["value"].to_list() == ["•••6789"]
    good = checked(
        "payment_accounts",
        seller_id=["b"],
        kind=["bank"],
        account_no=["6222021001009999"],
        memo=["to 6222021001009999"],
    )
    assert good.rows["extra"].to_list() == ['{"memo":"to •••"}']
