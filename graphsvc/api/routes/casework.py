"""Test buys with their custody, takedown notices, operations and their outcomes."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query, Response

from graphsvc.api import intake
from graphsvc.api.dependencies import (
    CaseworkerDep,
    CursorQuery,
    IdPath,
    LimitQuery,
    OfficerDep,
    PoliceDep,
    ReaderDep,
    ServicesDep,
    StoreDep,
    next_cursor,
    read_cursor,
)
from graphsvc.api.problems import documented
from graphsvc.api.schemas.casework import (
    CustodyChain,
    CustodyEvent,
    CustodyEventCreate,
    Notice,
    NoticeCreate,
    NoticePage,
    Operation,
    OperationCreate,
    OperationPage,
    Outcome,
    OutcomeCreate,
    OutcomePage,
    TestBuy,
    TestBuyCreate,
    TestBuyPage,
)
from graphsvc.casework import audit, chain, records
from graphsvc.casework.access import EVERYTHING, Forbidden, Principal, Scope, brand_key
from graphsvc.model.errors import Conflict
from graphsvc.model.graph import Label
from graphsvc.store.driver import Store

router = APIRouter()
_LISTED = documented(401, 422, 429, 503)
_READ = documented(401, 404, 422, 429, 503)
_MADE: dict[int | str, dict[str, Any]] = {
    201: {"headers": {"Location": {"description": "The new record", "schema": {"type": "string"}}}},
    **documented(401, 403, 404, 409, 422, 429, 503),
}
TextQuery = Annotated[str | None, Query(max_length=300)]


@router.get("/test-buys", tags=["test buys"], responses=_LISTED)
def list_test_buys(
    reader: ReaderDep,
    store: StoreDep,
    services: ServicesDep,
    seller: TextQuery = None,
    brand: TextQuery = None,
    verdict: Annotated[Literal["counterfeit", "genuine", "inconclusive", "pending"] | None, Query()] = None,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> TestBuyPage:
    """List test buys by id."""
    at = read_cursor(services, cursor, "test-buys")
    found = records.list_test_buys(
        store,
        records.RecordFilter(seller, brand, verdict),
        records.Page(limit, at.get("after", "")),
        scope=reader.scope,
    )
    return TestBuyPage(
        items=[TestBuy.model_validate(one) for one in found],
        next_cursor=_after(services, "test-buys", found, limit),
    )


@router.post("/test-buys", tags=["test buys"], status_code=201, responses=_MADE)
def record_test_buy(
    wanted: TestBuyCreate, response: Response, reader: CaseworkerDep, store: StoreDep, services: ServicesDep
) -> TestBuy:
    """Record a test buy; its custody begins with this."""
    _own_brand(reader, wanted.brand)
    seller = intake.seller_columns(store, wanted.seller_id, _whole(reader))
    _new(store, Label.TEST_BUY, wanted.test_buy_id)
    row = wanted.model_dump(mode="json", exclude={"seller_id"})
    intake.take(store, "test_buys", {**row, "source": _supplier(reader)}, services.account_key, seller)
    audit.record(store, reader, "test-buy.record", wanted.test_buy_id, brand=wanted.brand)
    _step(store, reader, wanted.test_buy_id, "recorded", {"verdict": wanted.verdict})
    response.headers["Location"] = f"/v1/test-buys/{quote(wanted.test_buy_id, safe='')}"
    return TestBuy.model_validate(records.read_test_buy(store, wanted.test_buy_id))


@router.get("/test-buys/{test_buy_id}", tags=["test buys"], responses=_READ)
def get_test_buy(test_buy_id: IdPath, reader: ReaderDep, store: StoreDep) -> TestBuy:
    """Read a test buy."""
    return TestBuy.model_validate(records.read_test_buy(store, test_buy_id, scope=reader.scope))


@router.get("/test-buys/{test_buy_id}/events", tags=["test buys"], responses=_READ)
def get_custody(test_buy_id: IdPath, reader: ReaderDep, store: StoreDep) -> CustodyChain:
    """Read the custody of a test buy and verify that no step was changed, dropped or slipped in."""
    records.read_test_buy(store, test_buy_id, scope=reader.scope)
    log = chain.custody(test_buy_id)
    verdict = chain.verify(store, log)
    broken = verdict.broken
    return CustodyChain(
        test_buy=test_buy_id,
        intact=broken is None,
        broken_at=broken.sequence if broken else None,
        why=broken.what if broken else None,
        events=tuple(CustodyEvent.model_validate(entry) for entry in chain.entries(store, log)),
    )


@router.post(
    "/test-buys/{test_buy_id}/events",
    tags=["test buys"],
    status_code=201,
    responses=documented(401, 403, 404, 409, 422, 429, 503),
)
def record_custody(
    test_buy_id: IdPath, wanted: CustodyEventCreate, reader: CaseworkerDep, store: StoreDep
) -> CustodyEvent:
    """Append a step to the custody of a test buy. Steps are signed with the key's name and never edited."""
    records.read_test_buy(store, test_buy_id, scope=reader.scope)
    details = wanted.model_dump(mode="json", exclude={"action"}, exclude_none=True)
    entry = _step(store, reader, test_buy_id, wanted.action, details)
    audit.record(store, reader, "custody.record", test_buy_id, step=entry.sequence, hash=entry.hash)
    return CustodyEvent.model_validate(entry)


@router.get("/notices", tags=["notices"], responses=_LISTED)
def list_notices(
    reader: ReaderDep,
    store: StoreDep,
    services: ServicesDep,
    seller: TextQuery = None,
    brand: TextQuery = None,
    outcome: Annotated[Literal["removed", "rejected", "pending"] | None, Query()] = None,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> NoticePage:
    """List takedown notices by id."""
    at = read_cursor(services, cursor, "notices")
    found = records.list_notices(
        store,
        records.RecordFilter(seller, brand, outcome),
        records.Page(limit, at.get("after", "")),
        scope=reader.scope,
    )
    return NoticePage(
        items=[Notice.model_validate(one) for one in found],
        next_cursor=_after(services, "notices", found, limit),
    )


@router.post("/notices", tags=["notices"], status_code=201, responses=_MADE)
def record_notice(
    wanted: NoticeCreate, response: Response, reader: CaseworkerDep, store: StoreDep, services: ServicesDep
) -> Notice:
    """Record a takedown notice."""
    _own_brand(reader, wanted.brand)
    seller = intake.seller_columns(store, wanted.seller_id, _whole(reader))
    _new(store, Label.NOTICE, wanted.notice_id)
    row = wanted.model_dump(mode="json", exclude={"seller_id"})
    intake.take(store, "notices", {**row, "source": _supplier(reader)}, services.account_key, seller)
    audit.record(store, reader, "notice.record", wanted.notice_id, brand=wanted.brand)
    response.headers["Location"] = f"/v1/notices/{quote(wanted.notice_id, safe='')}"
    return Notice.model_validate(records.read_notice(store, wanted.notice_id))


@router.get("/notices/{notice_id}", tags=["notices"], responses=_READ)
def get_notice(notice_id: IdPath, reader: ReaderDep, store: StoreDep) -> Notice:
    """Read a takedown notice."""
    return Notice.model_validate(records.read_notice(store, notice_id, scope=reader.scope))


@router.get("/operations", tags=["operations"], responses=documented(401, 403, 422, 429, 503))
def list_operations(
    reader: PoliceDep,
    store: StoreDep,
    services: ServicesDep,
    limit: LimitQuery = 50,
    cursor: CursorQuery = None,
) -> OperationPage:
    """List operations by id."""
    at = read_cursor(services, cursor, "operations")
    found = records.list_operations(store, records.Page(limit, at.get("after", "")), scope=reader.scope)
    return OperationPage(
        items=[Operation.model_validate(one) for one in found],
        next_cursor=_after(services, "operations", found, limit),
    )


@router.post("/operations", tags=["operations"], status_code=201, responses=_MADE)
def record_operation(
    wanted: OperationCreate, response: Response, reader: OfficerDep, store: StoreDep, services: ServicesDep
) -> Operation:
    """Record an operation; a liaison only in their own jurisdictions."""
    bound = reader.scope.jurisdictions
    if bound and not (wanted.jurisdiction or "").startswith(bound):
        raise Forbidden(
            "A liaison may record operations of their own jurisdictions only.", f"Yours: {', '.join(bound)}."
        )
    _new(store, Label.OPERATION, wanted.operation_id)
    intake.take(
        store,
        "operations",
        {**wanted.model_dump(mode="json"), "source": _supplier(reader)},
        services.account_key,
    )
    audit.record(store, reader, "operation.record", wanted.operation_id)
    response.headers["Location"] = f"/v1/operations/{quote(wanted.operation_id, safe='')}"
    return Operation.model_validate(records.read_operation(store, wanted.operation_id))


@router.get(
    "/operations/{operation_id}", tags=["operations"], responses=documented(401, 403, 404, 422, 429, 503)
)
def get_operation(operation_id: IdPath, reader: PoliceDep, store: StoreDep) -> Operation:
    """Read an operation."""
    return Operation.model_validate(records.read_operation(store, operation_id, scope=reader.scope))


@router.get(
    "/operations/{operation_id}/outcomes",
    tags=["operations"],
    responses=documented(401, 403, 404, 422, 429, 503),
)
def list_outcomes(operation_id: IdPath, reader: PoliceDep, store: StoreDep) -> OutcomePage:
    """List what an operation led to (at most 500), in order of date."""
    records.read_operation(store, operation_id, scope=reader.scope)
    return _outcomes(store, operation_id)


@router.post(
    "/operations/{operation_id}/outcomes",
    tags=["operations"],
    status_code=201,
    responses=documented(401, 403, 404, 422, 429, 503),
)
def record_outcome(
    operation_id: IdPath, wanted: OutcomeCreate, reader: OfficerDep, store: StoreDep, services: ServicesDep
) -> OutcomePage:
    """Record what an operation led to and return all its outcomes; what is said twice is one outcome."""
    records.read_operation(store, operation_id, scope=reader.scope)
    seller = intake.seller_columns(store, wanted.seller_id, _whole(reader)) if wanted.seller_id else None
    row = {
        **wanted.model_dump(mode="json", exclude={"seller_id"}),
        "operation_id": operation_id,
        "source": _supplier(reader),
    }
    intake.take(store, "outcomes", row, services.account_key, seller)
    audit.record(store, reader, "outcome.record", operation_id, kind=wanted.kind)
    return _outcomes(store, operation_id)


def _after(services: ServicesDep, kind: str, found: list[Any], limit: int) -> str | None:
    return next_cursor(services, kind, found, limit, after=found[-1].id if found else "")


def _step(
    store: Store, reader: Principal, test_buy: str, action: str, details: dict[str, Any]
) -> chain.Entry:
    by = f"{reader.name} ({reader.prefix})"
    return chain.append(
        store, chain.custody(test_buy), by=by, action=action, subject=test_buy, details=details
    )


def _own_brand(reader: Principal, brand: str) -> None:
    if reader.scope.brands and brand_key(brand) not in reader.scope.brands:
        raise Forbidden(
            f"Your key is not bound to the brand '{brand}'.", f"Yours: {', '.join(reader.scope.brands)}."
        )


def _whole(reader: Principal) -> Scope:
    """Return where a new record's store may be: brand members buy where nobody knew of their brand."""
    return EVERYTHING if reader.scope.brands else reader.scope


def _supplier(reader: Principal) -> str:
    return f"{reader.role}: {reader.name}"


def _new(store: Store, label: Label, id: str) -> None:
    if store.read("access/exists", {"LABEL": label}, id=id)[0]["there"]:
        raise Conflict(f"There is a record '{id}' already.", "Use another id.")


def _outcomes(store: Store, operation_id: str) -> OutcomePage:
    found = records.list_outcomes(store, operation_id)
    return OutcomePage(items=[Outcome.model_validate(one) for one in found], next_cursor=None)
