"""Reading what people did: test buys, takedown notices, operations and what they led to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from graphsvc.casework.access import EVERYTHING, Scope, brand_key
from graphsvc.model.errors import NotFound
from graphsvc.store.driver import Store

T = TypeVar("T")


@dataclass(frozen=True)
class Page:
    """At most ``limit`` records with ids above ``after``; ids are the order."""

    limit: int = 50
    after: str = ""


@dataclass(frozen=True)
class TestBuy:
    """A sample bought from a store; ``account`` is masked. Genuine is weak evidence: sellers know testers."""

    __test__ = False  # Not a test case, whatever its name.

    id: str
    seller: str
    seller_name: str
    brand: str | None
    listing_id: str | None
    bought_on: date | None
    verdict: str | None
    examiner: str | None
    examined_on: date | None
    tracking_no: str | None
    origin_address: str | None
    account: str | None
    source: str | None


@dataclass(frozen=True)
class Notice:
    """A takedown notice a brand filed against a store."""

    id: str
    seller: str
    seller_name: str
    brand: str | None
    listing_id: str | None
    filed_on: date | None
    outcome: str | None
    reason: str | None
    source: str | None


@dataclass(frozen=True)
class Operation:
    """A police operation; ``outcomes`` counts what is recorded of it."""

    id: str
    name: str
    authority: str | None
    jurisdiction: str | None
    started_on: date | None
    ended_on: date | None
    outcomes: int
    source: str | None


@dataclass(frozen=True)
class Outcome:
    """One thing an operation led to; ``value`` in ``currency``."""

    id: str
    operation: str
    kind: str
    seller: str | None
    address: str | None
    value: float | None
    currency: str | None
    count: int | None
    on: date | None
    source: str | None


@dataclass(frozen=True)
class RecordFilter:
    """Which test buys or notices; None asks for all. ``result`` is the verdict or the notice's outcome."""

    seller: str | None = None
    brand: str | None = None
    result: str | None = None

    @property
    def _brand(self) -> str | None:
        return brand_key(self.brand) if self.brand else None


def list_test_buys(
    store: Store,
    wanted: RecordFilter | None = None,
    page: Page | None = None,
    *,
    scope: Scope = EVERYTHING,
    id: str | None = None,
) -> list[TestBuy]:
    """Return test buys in the scope, by id."""
    of, at = wanted or RecordFilter(), page or Page()
    rows = store.read(
        "access/test_buys",
        after=at.after,
        limit=at.limit,
        id=id,
        seller=of.seller,
        brand=of._brand,
        verdict=of.result,
        **scope.params,
    )
    return [TestBuy(**row) for row in rows]


def read_test_buy(store: Store, id: str, *, scope: Scope = EVERYTHING) -> TestBuy:
    """Return one test buy; NotFound if there is none in the scope."""
    return _one(list_test_buys(store, scope=scope, id=id), f"There is no test buy '{id}'.")


def list_notices(
    store: Store,
    wanted: RecordFilter | None = None,
    page: Page | None = None,
    *,
    scope: Scope = EVERYTHING,
    id: str | None = None,
) -> list[Notice]:
    """Return notices in the scope, by id."""
    of, at = wanted or RecordFilter(), page or Page()
    rows = store.read(
        "access/notices",
        after=at.after,
        limit=at.limit,
        id=id,
        seller=of.seller,
        brand=of._brand,
        outcome=of.result,
        **scope.params,
    )
    return [Notice(**row) for row in rows]


def read_notice(store: Store, id: str, *, scope: Scope = EVERYTHING) -> Notice:
    """Return one notice; NotFound if there is none in the scope."""
    return _one(list_notices(store, scope=scope, id=id), f"There is no notice '{id}'.")


def list_operations(
    store: Store, page: Page | None = None, *, scope: Scope = EVERYTHING, id: str | None = None
) -> list[Operation]:
    """Return operations in the scope's jurisdictions, by id."""
    at = page or Page()
    rows = store.read(
        "access/operations",
        after=at.after,
        limit=at.limit,
        id=id,
        withinJurisdictions=list(scope.jurisdictions),
    )
    return [Operation(**row) for row in rows]


def read_operation(store: Store, id: str, *, scope: Scope = EVERYTHING) -> Operation:
    """Return one operation; NotFound if there is none in the scope."""
    return _one(list_operations(store, scope=scope, id=id), f"There is no operation '{id}'.")


def list_outcomes(store: Store, operation_id: str, limit: int = 500) -> list[Outcome]:
    """Return what an operation led to, in order of date."""
    return [Outcome(**row) for row in store.read("access/outcomes", operation=operation_id, limit=limit)]


def _one(found: list[T], missing: str) -> T:
    if not found:
        raise NotFound(missing, "Check the id; what lies outside your key's scope is not shown.")
    return found[0]
