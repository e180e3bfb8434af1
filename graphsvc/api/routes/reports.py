"""Periodic reports."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from graphsvc.api.dependencies import ReaderDep, StoreDep
from graphsvc.api.problems import documented
from graphsvc.api.schemas.service import Report
from graphsvc.casework import audit, reports

router = APIRouter(tags=["reports"])


@router.get("/reports/{period}", responses=documented(401, 404, 422, 429, 503))
def get_report(
    period: Annotated[str, Path(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$", examples=["2017-01"])],
    reader: ReaderDep,
    store: StoreDep,
) -> Report:
    """Read the figures of a month; a figure that cannot be given says why."""
    made = reports.report(store, period, reader.scope)
    audit.record(store, reader, "report.read", period)
    return Report.model_validate(made)
