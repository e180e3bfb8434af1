"""The input contract: which tables there are, their columns, types and rules.

One declaration serves validation, the simulator's writer, the reference documentation and the tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How the text of a cell is read."""

    TEXT = "text"
    DATE = "date"
    INTEGER = "integer"
    NUMBER = "number"
    CHOICE = "choice"


@dataclass(frozen=True)
class Column:
    """One column: its name, how it is read and the rules a value must keep.

    ``minimum`` and ``maximum`` bound INTEGER and NUMBER; ``choices`` bound CHOICE (compared case-insensitively).
    """

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True)
class Table:
    """One table: name (also the file stem) and columns in documented order."""

    name: str
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """Return the column called ``name``; KeyError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns every row must fill."""
        return tuple(c.name for c in self.columns if c.required)


def _text(name: str) -> Column:
    return Column(name)


def _must(name: str) -> Column:
    return Column(name, required=True)


def _date(name: str) -> Column:
    return Column(name, Kind.DATE)


def _count(name: str) -> Column:
    return Column(name, Kind.INTEGER, minimum=0)


def _choice(name: str, *choices: str, required: bool = False) -> Column:
    return Column(name, Kind.CHOICE, required=required, choices=choices)


LAT = Column("lat", Kind.NUMBER, minimum=-90, maximum=90)
LON = Column("lon", Kind.NUMBER, minimum=-180, maximum=180)
COMMON = (_text("source"), Column("observed_at", Kind.DATE))
"""Columns every table may carry: who supplied the row, and when it was observed."""

TABLES: tuple[Table, ...] = (
    Table(
        "sellers",
        (
            _must("seller_id"),
            _text("marketplace"),
            _text("store_name"),
            _text("registered_name"),
            _text("licence_no"),
            _text("phone"),
            _text("email"),
            _date("opened_on"),
            _date("closed_on"),
            _choice("status", "active", "closed", "removed"),
            _text("url"),
        ),
    ),
    Table(
        "seller_addresses",
        (
            _must("seller_id"),
            _text("marketplace"),
            _choice("kind", "ship_from", "return", "registered", required=True),
            _must("address"),
            _text("postcode"),
            _text("country"),
            LAT,
            LON,
            _date("first_seen"),
            _date("last_seen"),
            _count("shipments"),
        ),
    ),
    Table(
        "payment_accounts",
        (
            _must("seller_id"),
            _text("marketplace"),
            _choice("kind", "bank", "alipay", "wechat", "paypal", "card", "crypto", "other", required=True),
            _must("account_no"),
            _text("holder"),
            _text("institution"),
            _date("first_seen"),
            _date("last_seen"),
            _count("transactions"),
        ),
    ),
    Table(
        "warehouses",
        (
            _must("warehouse_id"),
            _text("name"),
            _text("operator"),
            _choice("kind", "own", "third_party", "unknown"),
            _text("address"),
            _text("postcode"),
            _text("country"),
            LAT,
            LON,
        ),
    ),
    Table(
        "seller_warehouses",
        (
            _must("seller_id"),
            _text("marketplace"),
            _must("warehouse_id"),
            _date("first_seen"),
            _date("last_seen"),
            _count("parcels"),
        ),
    ),
    Table(
        "listings",
        (
            _must("listing_id"),
            _must("seller_id"),
            _text("marketplace"),
            _text("brand"),
            _text("category"),
            _text("title"),
            Column("unit_price", Kind.NUMBER, required=True, minimum=0),
            _text("currency"),
            _count("units_sold_30d"),
            _date("listed_on"),
            _text("url"),
        ),
    ),
    Table(
        "test_buys",
        (
            _must("test_buy_id"),
            _must("seller_id"),
            _text("marketplace"),
            _text("listing_id"),
            _must("brand"),
            _date("bought_on"),
            _choice("verdict", "counterfeit", "genuine", "inconclusive", "pending"),
            _text("examiner"),
            _date("examined_on"),
            _text("origin_address"),
            _text("payment_account_no"),
            _text("tracking_no"),
        ),
    ),
    Table(
        "notices",
        (
            _must("notice_id"),
            _must("seller_id"),
            _text("marketplace"),
            _text("listing_id"),
            _must("brand"),
            _date("filed_on"),
            _choice("outcome", "removed", "rejected", "pending"),
            _text("reason"),
        ),
    ),
    Table(
        "operations",
        (
            _must("operation_id"),
            _must("name"),
            _text("authority"),
            _text("jurisdiction"),
            _date("started_on"),
            _date("ended_on"),
        ),
    ),
    Table(
        "outcomes",
        (
            _must("operation_id"),
            _choice(
                "kind", "arrest", "site_closed", "store_closed", "goods_seized", "no_finding", required=True
            ),
            _text("seller_id"),
            _text("marketplace"),
            _text("address"),
            Column("value", Kind.NUMBER, minimum=0),
            _text("currency"),
            _count("count"),
            _date("on"),
        ),
    ),
    Table(
        "known_services",
        (
            _choice("kind", "payment_account", "address", "warehouse", "phone", required=True),
            _must("value"),
            _text("service"),
        ),
    ),
    Table(
        "authorisations",
        (_must("seller_id"), _text("marketplace"), _must("brand"), _date("valid_from"), _date("valid_to")),
    ),
)

BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}
